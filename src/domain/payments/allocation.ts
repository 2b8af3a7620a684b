/**
 * Which claims a sum of money settles.
 *
 * Always true:
 * - the allocations and what is left over sum to the money;
 * - no claim gets more than is open on it;
 * - the claims that the payer meant come first, in their order, each followed by its fees; then what is due, oldest
 *   first, instalments before fees; what is not due yet is not touched unless it was meant.
 */
import type { Day } from '../day.ts';
import type { Allocation } from '../ledger/settlements.ts';
import { type Cents, cents, ZERO } from '../money.ts';
import type { Claim } from './claims.ts';

/** A claim with what is open on it. */
export interface OpenClaim extends Claim {
  open_amount: Cents;
}

const kindOrder = { instalment: 0, product: 1, fee: 2 } as const;

function oldestFirst(a: OpenClaim, b: OpenClaim): number {
  if (a.due_on !== b.due_on) return a.due_on < b.due_on ? -1 : 1;
  if (a.kind !== b.kind) return kindOrder[a.kind] - kindOrder[b.kind];
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The claims meant, each followed by the open fees that follow it. */
export function withTheirFees(claims: readonly OpenClaim[], meant: readonly string[]): OpenClaim[] {
  const chosen: OpenClaim[] = [];
  for (const id of meant) {
    const claim = claims.find((candidate) => candidate.id === id);
    if (claim && !chosen.includes(claim)) chosen.push(claim);
    for (const fee of [...claims].sort(oldestFirst)) if (fee.follows === id && !chosen.includes(fee)) chosen.push(fee);
  }
  return chosen;
}

/**
 * @param claims every open claim of the customer
 * @param meant ids of the claims that the payer names, in order; empty: none in particular
 */
export function allocate(
  amount: Cents,
  claims: readonly OpenClaim[],
  meant: readonly string[],
  paidOn: Day,
): { allocations: Allocation[]; left: Cents } {
  const first = withTheirFees(claims, meant);
  const rest = claims.filter((claim) => !first.includes(claim) && claim.due_on <= paidOn).sort(oldestFirst);
  const allocations: Allocation[] = [];
  let left: number = amount;
  for (const claim of [...first, ...rest]) {
    const part = Math.min(left, claim.open_amount);
    if (part <= 0) continue;
    allocations.push({ claim: claim.id, amount: cents(part) });
    left -= part;
  }
  return { allocations, left: cents(left) };
}

/** One allocation per claim, in the order in which each first appears. */
export function merged(allocations: readonly Allocation[]): Allocation[] {
  const byClaim = new Map<string, number>();
  for (const { claim, amount } of allocations) byClaim.set(claim, (byClaim.get(claim) ?? 0) + amount);
  return [...byClaim].map(([claim, amount]) => ({ claim, amount: cents(amount) }));
}

/** The first `amount` of a list of allocations, in its order: one part per claim, shorter where the money ends. */
export function firstOf(allocations: readonly Allocation[], amount: Cents): Allocation[] {
  const parts: Allocation[] = [];
  let left: number = amount;
  for (const { claim, amount: size } of allocations) {
    const part = Math.min(left, size);
    if (part > 0) parts.push({ claim, amount: cents(part) });
    left -= part;
  }
  return parts;
}

/** Deals claims out over parts in order: the first part takes the first claims, until each part is full. */
export function dealOut(claims: readonly Allocation[], parts: readonly Cents[]): Allocation[][] {
  const queue = claims.map((claim) => ({ ...claim, amount: claim.amount as number }));
  return parts.map((part) => {
    const dealt: Allocation[] = [];
    let left: number = part;
    for (const claim of queue) {
      const take = Math.min(left, claim.amount);
      if (take <= 0) continue;
      dealt.push({ claim: claim.claim, amount: cents(take) });
      claim.amount -= take;
      left -= take;
    }
    return dealt;
  });
}

/** Takes `taken` off a list of allocations, claim by claim; what reaches zero is gone. */
export function without(allocations: readonly Allocation[], taken: ReadonlyMap<string, number>): Allocation[] {
  return allocations.flatMap(({ claim, amount }) => {
    const left = amount - Math.min(amount, taken.get(claim) ?? ZERO);
    return left > 0 ? [{ claim, amount: cents(left) }] : [];
  });
}
