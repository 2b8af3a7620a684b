/**
 * What a desk corrects on a sold product in one go: its price, its method, its last day, with a note.
 *
 * Always true:
 * - each part is decided on the contract as the parts before it leave it, and all are recorded together or none;
 * - a note stands on what it explains, or alone; it changes no schedule.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Warning } from '../../errors/warnings.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { scheduleChain } from '../schedule/chain.ts';
import { compareSchedules } from '../schedule/compare.ts';
import { decideChangeExpiry } from './change-expiry.ts';
import { decideChangeMethod } from './change-method.ts';
import { decideChangePrice } from './change-price.ts';
import { type ChangeState, type Decision, type NewId, type RenewalChoice, subject, withChange } from './decision.ts';

export interface ContractEdit {
  /** The day from which a price or method holds. */
  effective_on: Day;
  amount: Cents | null;
  facts: 'kept' | 'credited';
  method: PaymentMethod | null;
  expiry: { ends_on: Day | null; instalments: number | null } | null;
  note: string | null;
}

export function decideEditContract(state: ChangeState, input: ContractEdit & RenewalChoice, newId: NewId): Decision {
  const { effective_on: from_on, amount, facts, method, expiry, note } = input;
  const { at } = subject(state);
  const changes: Decision['changes'][number][] = [];
  const warnings: Warning[] = [];
  let now = state;
  const append = (decision: Decision) => {
    for (const one of decision.changes) now = withChange(now, one.contract, one.change);
    changes.push(...decision.changes);
    warnings.push(...decision.warnings);
  };
  if (amount !== null) append(decideChangePrice(now, { from_on, amount, facts }, newId));
  if (method !== null) append(decideChangeMethod(now, { from_on, method }, newId));
  if (expiry !== null) append(decideChangeExpiry(now, { ...expiry, ...input }, newId));
  const noted = note === null ? null : changes.findLastIndex(({ contract }) => contract === state.contract);
  if (noted === -1)
    changes.push({ contract: state.contract, change: { id: newId('chg'), kind: 'noted', note: note! } });
  else if (noted !== null)
    changes[noted] = { contract: state.contract, change: { ...changes[noted]!.change, note: note! } };
  if (changes.length === 0) throw new Refusal('nothing_to_change');
  const before = scheduleChain(state.chain, state.until);
  const after = scheduleChain(now.chain, state.until);
  const contracts = state.chain.slice(at).map(({ id }, index) => {
    const was = before[at + index]!;
    const is = after[at + index]!;
    return { id, before: was, after: is, comparison: compareSchedules(was, is) };
  });
  return { changes, contracts, warnings };
}
