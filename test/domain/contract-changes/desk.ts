/** A desk with one chain of contracts: decides, records, pays. For the tests of contract changes. */
import type { ChangeState, Decision, NewId, RenewalChoice } from '../../../src/domain/contract-changes/decision.ts';
import { refuseRenewals } from '../../../src/domain/contract-changes/decision.ts';
import type { SuspensionInput } from '../../../src/domain/contract-changes/suspension-input.ts';
import { type Day, day } from '../../../src/domain/day.ts';
import { ZERO } from '../../../src/domain/money.ts';
import { type ContractState, scheduleChain } from '../../../src/domain/schedule/chain.ts';
import type { Schedule } from '../../../src/domain/schedule/instalment.ts';
import type { Terms } from '../../../src/domain/schedule/terms.ts';
import { Refusal } from '../../../src/errors/refusal.ts';
import { payDue } from '../schedule/contracts.ts';

/** What a desk types for a suspension, with nothing else filled in. */
export function suspension(starts_on: string, length: number | string | null, given: Partial<SuspensionInput> = {}) {
  return {
    starts_on: day(starts_on),
    days: typeof length === 'number' ? length : null,
    ends_on: typeof length === 'string' ? day(length) : null,
    unlimited: length === null,
    reason: 'broken leg',
    amount: null,
    first_instalment: null,
    last_instalment: null,
    freeze: null,
    facts: 'kept' as const,
    review_on: null,
    closure: null,
    beyond_limits: false,
    ...refuseRenewals,
    ...given,
  } satisfies SuspensionInput & RenewalChoice;
}

export class Desk {
  chain: ContractState[];
  today: Day;
  owed = ZERO;
  until = day('2016-12-31');
  private ids = 0;

  constructor(today: string, ...terms: Terms[]) {
    this.today = day(today);
    this.chain = terms.map((each, at) => ({ id: `c${at + 1}`, terms: each, changes: [], facts: [] }));
  }

  newId: NewId = (prefix) => `${prefix}_${++this.ids}`;

  state(contract = 'c1'): ChangeState & { owed: typeof ZERO } {
    return { chain: this.chain, contract, today: this.today, until: this.until, owed: this.owed };
  }

  schedule(at = 0): Schedule {
    return scheduleChain(this.chain, this.until)[at]!;
  }

  /** Saves a decision. */
  record(decision: Decision): Decision {
    this.chain = this.chain.map((contract) => ({
      ...contract,
      changes: [
        ...contract.changes,
        ...decision.changes.filter((each) => each.contract === contract.id).map(({ change }) => change),
      ],
    }));
    return decision;
  }

  /** Everything due by today is paid as it stands. */
  payDue(by: string, at = 0): void {
    const facts = payDue(this.schedule(at).instalments, day(by));
    this.chain = this.chain.map((contract, index) => (index === at ? { ...contract, facts } : contract));
  }
}

/** `code {params} pointer` of the refusal, or `allowed`. */
export function refusalOf(decide: () => unknown): { code: string; params: object; pointer: string | null } | 'allowed' {
  try {
    decide();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const language of ['fr', 'en', 'de'] as const)
      if (/\{|undefined|NaN/.test(error.say(language))) throw new Error(`not filled: ${error.say(language)}`);
    return { code: error.code, params: error.params, pointer: error.pointer };
  }
  return 'allowed';
}
