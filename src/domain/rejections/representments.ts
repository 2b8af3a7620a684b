/**
 * Representments: asking again for a rejected amount, once or in several parts, each with its day and method.
 *
 * Always true:
 * - the parts sum to what remains owed, fee included, to the cent;
 * - parts without an amount share what the others leave, in order of date, the larger first;
 * - a debt is represented by direct debit a limited number of times, on a mandate that can be used;
 * - each part knows which claims it asks for, which attempt it is, and the payment that was the first attempt.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, cents, split, sum } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { dealOut } from '../payments/allocation.ts';

/** The most parts that one debt is split into. */
export const MAX_PARTS = 36;

export interface RepresentmentRequest {
  due_on: Day;
  method: PaymentMethod;
  label?: string;
  amount?: Cents;
}

export interface Representment {
  due_on: Day;
  method: PaymentMethod;
  label: string | null;
  amount: Cents;
  allocations: Allocation[];
  /** 1 is the payment that was first asked for; the first representment is 2. */
  attempt: number;
  /** The payment that was the first attempt. */
  first_attempt: string;
  mandate: string | null;
}

export interface RepresentmentFacts {
  today: Day;
  /** What is owed again, claim by claim, in the order in which it should be paid: instalments, then fees. */
  owed: readonly Allocation[];
  attempt: number;
  first_attempt: string;
  mandate: { id: string; usable: boolean } | null;
  max_representments: number;
}

/**
 * @throws Refusal `representments_too_many_parts`, `representment_in_the_past`, `representment_needs_mandate`,
 * `representments_exhausted`, `representment_amounts_differ`, `representment_nothing_left`
 */
export function planRepresentments(
  requests: readonly RepresentmentRequest[],
  facts: RepresentmentFacts,
): Representment[] {
  const total = allocated(facts.owed);
  if (requests.length === 0 || total === 0) return [];
  if (requests.length > MAX_PARTS)
    throw new Refusal('representments_too_many_parts', { max: MAX_PARTS }, { pointer: '/representments' });
  requests.forEach((request, at) => {
    refuse(request, at, facts);
  });
  const ordered = requests
    .map((request, at) => ({ request, at }))
    .sort((a, b) =>
      a.request.due_on === b.request.due_on ? a.at - b.at : a.request.due_on < b.request.due_on ? -1 : 1,
    )
    .map(({ request }) => request);
  const amounts = share(total, ordered);
  const dealt = dealOut(facts.owed, amounts);
  return ordered.map((request, at) => ({
    due_on: request.due_on,
    method: request.method,
    label: request.label ?? null,
    amount: amounts[at] as Cents,
    allocations: dealt[at] as Allocation[],
    attempt: facts.attempt + 1,
    first_attempt: facts.first_attempt,
    mandate: request.method === 'direct_debit' ? (facts.mandate?.id ?? null) : null,
  }));
}

function refuse(request: RepresentmentRequest, at: number, facts: RepresentmentFacts): void {
  const pointer = `/representments/${at}`;
  if (request.due_on < facts.today)
    throw new Refusal('representment_in_the_past', { due_on: request.due_on }, { pointer: `${pointer}/due_on` });
  if (request.method !== 'direct_debit') return;
  if (!facts.mandate?.usable) throw new Refusal('representment_needs_mandate', {}, { pointer: `${pointer}/method` });
  if (exhausted(facts))
    throw new Refusal('representments_exhausted', { max: facts.max_representments }, { pointer: `${pointer}/method` });
}

/** Has the debt been represented as often as it may be? Its first attempt is no representment. */
export function exhausted(facts: Pick<RepresentmentFacts, 'attempt' | 'max_representments'>): boolean {
  return facts.attempt - 1 >= facts.max_representments;
}

function share(total: Cents, ordered: readonly RepresentmentRequest[]): Cents[] {
  const given = sum(ordered.map((request) => request.amount ?? 0));
  const open = ordered.filter((request) => request.amount === undefined).length;
  const rest = total - given;
  if (open === 0) {
    if (rest !== 0) throw new Refusal('representment_amounts_differ', { total, given }, { pointer: '/representments' });
    return ordered.map((request) => request.amount as Cents);
  }
  if (rest < open) throw new Refusal('representment_nothing_left', { total, given }, { pointer: '/representments' });
  const parts = split(cents(rest), open);
  return ordered.map((request) => request.amount ?? (parts.shift() as Cents));
}
