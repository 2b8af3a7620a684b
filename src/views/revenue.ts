/** The revenue of an organization's issue subscriptions on a day: recognised with the issues that are out, deferred for the rest. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { Refusal } from '../errors/refusal.ts';
import { dayField } from '../schemas/fields.ts';
import { scheduled, subscriptionsBegunBy } from '../store/contract-state.ts';
import { loadPublication, type Publication } from '../store/publications.ts';

const figures = {
  contracts: z.int(),
  price_amount: z.int(),
  recognised_amount: z.int(),
  deferred_amount: z.int(),
  cancelled_amount: z.int(),
  owed_issues: z.int(),
};

export const revenueSchema = z
  .object({
    object: z.literal('revenue'),
    on: dayField,
    currency: z.string(),
    ...figures,
    publications: z.array(z.object({ publication: z.string(), name: z.string(), ...figures })),
  })
  .meta({ id: 'Revenue', description: 'Price is recognised, deferred and cancelled together.' });

const nothing = {
  contracts: 0,
  price_amount: 0,
  recognised_amount: 0,
  deferred_amount: 0,
  cancelled_amount: 0,
  owed_issues: 0,
};
type Figures = typeof nothing;

function plus(a: Figures, b: Figures): Figures {
  return {
    contracts: a.contracts + b.contracts,
    price_amount: a.price_amount + b.price_amount,
    recognised_amount: a.recognised_amount + b.recognised_amount,
    deferred_amount: a.deferred_amount + b.deferred_amount,
    cancelled_amount: a.cancelled_amount + b.cancelled_amount,
    owed_issues: a.owed_issues + b.owed_issues,
  };
}

/** Counts the subscriptions that had begun by the day, as they are known now. @throws Refusal `publication_unknown`. */
export async function viewRevenue(ctx: ReadContext, filter: { on: Day; publication: string | null }) {
  const { on } = filter;
  const publications = new Map<string, Publication>();
  const totals = new Map<string, Figures>();
  const publicationOf = async (id: string) => {
    const known = publications.get(id) ?? (await loadPublication(ctx, id));
    if (!known) throw new Refusal('publication_unknown', {}, { pointer: '?publication' });
    publications.set(id, known);
    return known;
  };
  if (filter.publication !== null) await publicationOf(filter.publication);
  for await (const contract of subscriptionsBegunBy(ctx, on, filter.publication)) {
    const { id, issues } = await publicationOf(contract.terms.issues?.publication ?? '');
    const { price, recognised, deferred, cancelled, owed } = subscriptionOf(scheduled(contract), issues, on);
    const one = {
      contracts: 1,
      price_amount: price,
      recognised_amount: recognised,
      deferred_amount: deferred,
      cancelled_amount: cancelled,
      owed_issues: owed,
    };
    totals.set(id, plus(totals.get(id) ?? nothing, one));
  }
  return {
    object: 'revenue' as const,
    on,
    currency: ctx.organization.currency,
    ...[...totals.values()].reduce(plus, nothing),
    publications: [...totals].map(([id, total]) => ({
      publication: id,
      name: publications.get(id)?.name ?? '',
      ...total,
    })),
  };
}
