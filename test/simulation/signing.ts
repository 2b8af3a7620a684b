/** The renewal that the engine signs by itself on a day: found and decided as `src/services/renew-contracts.ts` does it. */
import { renewalOf } from '../../src/domain/contract-changes/renewal.ts';
import { addMonths, type Day } from '../../src/domain/day.ts';
import { cents } from '../../src/domain/money.ts';
import { type ContractState, scheduleChain } from '../../src/domain/schedule/chain.ts';
import type { PlanTerms } from '../../src/schemas/plan.ts';
import type { DecisionContext } from '../../src/services/operation.ts';
import { signContract } from '../../src/services/sign-contract.ts';
import type { StoredContract } from '../../src/store/contract-state.ts';

const organization = { currency: 'EUR', settings: { horizon_months: 12 } };

/** The contract that follows the last one of a chain; null where none is signed on this day. */
export function signedToday(
  chain: readonly ContractState[],
  plan: PlanTerms,
  today: Day,
  until: Day,
): ContractState | null {
  const schedule = scheduleChain(chain, until).at(-1)!;
  const { starts_on, ends_on, cancelled_on } = schedule;
  if (ends_on === null || cancelled_on !== null) return null;
  if (ends_on < today || ends_on > addMonths(today, plan.renew_ahead_months)) return null;
  const last = chain.at(-1)!;
  const renewal = renewalOf(last, schedule);
  if (renewal === null) return null;
  const stored = {
    ...last,
    customer_id: 'cus_1',
    chain_id: chain[0]!.id,
    starts_on,
    ends_on,
  } as unknown as StoredContract;
  const { contract } = signContract.decide(
    {
      plan: { id: 'pln_1', kind: 'membership', terms: plan, version: 0 },
      customer: { id: 'cus_1', version: 0 },
      publication: null,
      mandate: null,
      renewed: { contract: stored, last: stored, moved: schedule.passed_on },
    },
    {
      ...renewal,
      amount: cents(plan.renewal_price === 'plan' ? plan.amount : renewal.amount),
      customer: 'cus_1',
      plan: 'pln_1',
      renews: last.id,
      new_contract: `c${chain.length + 1}`,
    },
    { organization, today } as DecisionContext,
  );
  return { id: contract.id, terms: contract.terms, changes: [], facts: [] };
}
