/** The rows of mandates. The IBAN is sealed; nothing here ever shows it whole. */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Mandate, MandateState, SuspendedFor } from '../domain/mandates.ts';
import { Refusal } from '../errors/refusal.ts';
import { queryOne } from './database.ts';

export interface StoredMandate extends Mandate {
  customer: string;
  reference: string;
  version: number;
}

/** @throws Refusal `not_found` */
export async function loadMandate(ctx: ReadContext, id: string, locking: boolean): Promise<StoredMandate> {
  const row = await queryOne<StoredMandate>(
    ctx.reader,
    `select id, customer_id as customer, reference, kind, state, suspended_for, signed_on, last_collected_on,
       account_change_untold, version
     from mandate where id = ? and organization_id = ?${locking ? ' for no key update' : ''}`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row;
}

export interface MandateMove {
  state: MandateState;
  suspended_for: SuspendedFor | null;
  account_change_untold?: boolean;
  last_collected_on?: Day;
}

export async function moveMandate(ctx: Context, id: string, move: MandateMove): Promise<void> {
  await ctx.trx.raw(
    `update mandate set state = ?, suspended_for = ?, account_change_untold = coalesce(?, account_change_untold),
       last_collected_on = coalesce(?, last_collected_on), version = version + 1 where id = ?`,
    [move.state, move.suspended_for, move.account_change_untold ?? null, move.last_collected_on ?? null, id],
  );
}

/** Many at once; of two moves of one mandate the last holds. */
export async function moveMandates(
  ctx: Context,
  moves: readonly (Pick<MandateMove, 'state' | 'suspended_for'> & { id: string })[],
): Promise<void> {
  if (moves.length === 0) return;
  const rows = [...new Map(moves.map(({ id, state, suspended_for }) => [id, { id, state, suspended_for }])).values()];
  await ctx.trx.raw(
    `update mandate set state = row.state, suspended_for = row.suspended_for, version = mandate.version + 1
     from jsonb_to_recordset(?::jsonb) as row (id text, state text, suspended_for text) where mandate.id = row.id`,
    [JSON.stringify(rows)],
  );
}

/**
 * The debtors' banks have taken these presentations: they know the account and the creditor that were told with them. A
 * presentation made before the account changed tells nothing of it. The customers are locked.
 */
export async function noteTaken(ctx: Context, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await ctx.trx.raw(
    `update mandate set account_change_untold = mandate.account_change_untold and not taken.told_account,
       known_collection_id = greatest(mandate.known_collection_id, taken.collection_id)
     from (select mandate_id, max(collection_id) as collection_id, bool_or(amendment is not null) as told_account
       from collection_line where id = any(?::text[]) group by 1) taken
     where mandate.id = taken.mandate_id
       and (mandate.account_change_untold and taken.told_account or mandate.known_collection_id < taken.collection_id)`,
    [[...lines]],
  );
}

/** What an organization's IBANs are sealed for: another organization's keys do not open them. */
export function ibanPurpose(organizationId: string): string {
  return `iban:${organizationId}`;
}
