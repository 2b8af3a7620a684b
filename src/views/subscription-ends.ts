/** The day on which each of a customer's subscriptions to issues ends: that of its last issue, where it is planned. */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { scheduled, storedChains } from '../store/contract-state.ts';
import { query } from '../store/database.ts';
import { loadPublication } from '../store/publications.ts';

export async function subscriptionEnds(ctx: ReadContext, customerId: string): Promise<Record<string, Day>> {
  const rows = await query<{ id: string; publication_id: string }>(
    ctx.reader,
    `select id, publication_id from contract
     where customer_id = ? and organization_id = ? and publication_id is not null and deleted_at is null`,
    [customerId, ctx.organization.id],
  );
  const ends: Record<string, Day> = {};
  if (rows.length === 0) return ends;
  const publications = new Map(
    await Promise.all(
      [...new Set(rows.map((row) => row.publication_id))].map(
        async (id) => [id, await loadPublication(ctx, id)] as const,
      ),
    ),
  );
  const of = new Map(rows.map((row) => [row.id, publications.get(row.publication_id)]));
  for (const contract of (await storedChains(ctx.reader, [...of.keys()])).flat()) {
    const publication = of.get(contract.id);
    if (!publication) continue;
    const { last_on } = subscriptionOf(scheduled(contract), publication.issues, ctx.today);
    if (last_on !== null) ends[contract.id] = last_on;
  }
  return ends;
}
