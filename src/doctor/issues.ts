/** Rules about publications and what is subscribed to. */
import { day } from '../domain/day.ts';
import type { Issue } from '../domain/issues/calendar.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { type Cents, sum } from '../domain/money.ts';
import type { ContractState } from '../domain/schedule/chain.ts';
import { scheduled, storedChains } from '../store/contract-state.ts';
import { query } from '../store/database.ts';
import { bySql, type Invariant, type Violation } from './invariant.ts';

const CONTRACTS_AT_ONCE = 1000;
/** Subscriptions remembered at the most. */
const ALIKE_KEPT = 10_000;
const ONCE_ALL_IS_OUT = day('9999-12-31');

/** What the revenue of a subscription follows from, where nothing happened to it. */
function withoutIds({ terms, facts }: ContractState): string {
  return JSON.stringify([terms, facts], (key, value) => (key === 'id' ? undefined : value));
}

export const issueInvariants: readonly Invariant[] = [
  bySql(
    'issues_in_order',
    'Of one publication, a later number is published on a later day.',
    `select organization_id as organization, publication_id as id, number || ' on ' || published_on as detail
     from (select *, lag(published_on) over (partition by publication_id order by number) as before from publication_issue) issue
     where before >= published_on`,
  ),
  bySql(
    'subscription_names_its_publication',
    'A subscription to issues names one publication, in its terms and beside them, and has no last day unless it was cancelled.',
    `select organization_id as organization, id, coalesce(publication_id, 'none') as detail from contract
     where (kind = 'issues') <> (publication_id is not null)
       or publication_id is distinct from terms -> 'issues' ->> 'publication'
       or (kind = 'issues' and ends_on is not null and cancelled_on is null)`,
  ),
  {
    name: 'revenue_equals_price',
    says: 'The revenue of the issues of a subscription sums to what its instalments come to, unless it was cancelled.',
    async find(trx) {
      const found: Violation[] = [];
      const calendars = new Map<string, Issue[]>();
      // What was sold alike, and nothing happened to, comes to the same.
      const alike = new Map<string, Cents>();
      for (let last = ''; ; ) {
        const rows = await query<{ id: string; organization_id: string; publication_id: string }>(
          trx,
          `select id, organization_id, publication_id from contract
           where kind = 'issues' and cancelled_on is null and deleted_at is null and id > ?
           order by id limit ${CONTRACTS_AT_ONCE}`,
          [last],
        );
        const of = new Map(rows.map((row) => [row.id, row]));
        for (const [contract] of await storedChains(trx, [...of.keys()])) {
          const { organization_id: organization, publication_id } = of.get(contract!.id)!;
          const calendar =
            calendars.get(publication_id) ??
            (await query<Issue>(
              trx,
              'select number, published_on from publication_issue where publication_id = ? order by number',
              [publication_id],
            ));
          calendars.set(publication_id, calendar);
          const state = scheduled(contract!);
          const sold = state.changes.length + (state.taken_back?.length ?? 0) > 0 ? null : withoutIds(state);
          const known = sold === null ? undefined : alike.get(sold);
          const revenue =
            known ??
            sum(subscriptionOf(state, calendar, ONCE_ALL_IS_OUT).issues.map(({ revenue_amount }) => revenue_amount));
          if (sold !== null && alike.size < ALIKE_KEPT) alike.set(sold, revenue);
          const price = sum(contract!.instalments.map(({ amount }) => amount));
          if (revenue !== price)
            found.push({ organization, id: contract!.id, detail: `revenue ${revenue}, instalments ${price}` });
        }
        if (rows.length < CONTRACTS_AT_ONCE) return found;
        last = rows.at(-1)!.id;
      }
    },
  },
];
