/**
 * The debts that reminders speak of, out of what a customer owes: one per claim, with the fees that follow it.
 *
 * Always true:
 * - an instalment, its rejection fee and every representment of the two are one debt, so the customer gets one message
 *   for 69.00 and not two for 59.00 and 10.00, and a second rejection goes on where the reminders had got to;
 * - only parts that are due are asked for: of a rejected amount split in three, those whose day has come;
 * - a debt was missed on the day of its oldest due part that is not in flight.
 */
import type { Day } from '../day.ts';
import { sum } from '../money.ts';
import type { Claim, Debt } from '../payments/claims.ts';
import type { DebtToRemind } from './debt.ts';

/** What else reminders need to know: of the customer, and of the debts that a person has spoken for. */
export interface ReminderFacts {
  customer: string;
  deceased: boolean;
  has_email: boolean;
  /** Promises and holds by the debt's id, where there are any. */
  promised_on: ReadonlyMap<string, Day>;
  holds: ReadonlyMap<string, { until_on: Day | null }>;
}

/** The id of the debt that a claim belongs to: the claim's own, or the one that it follows. */
export function debtIdOf(claim: Pick<Claim, 'id' | 'follows'>): string {
  return claim.follows ?? claim.id;
}

/** `parts` are `debtsOf(claims, payments)` of one customer. */
export function debtsToRemind(
  claims: readonly Claim[],
  parts: readonly Debt[],
  facts: ReminderFacts,
  today: Day,
): DebtToRemind[] {
  const debtOfClaim = new Map(claims.map((claim) => [claim.id, debtIdOf(claim)]));
  const partsOf = new Map<string, Debt[]>();
  for (const part of parts) {
    const debt = debtOfClaim.get(part.claim) ?? part.claim;
    const known = partsOf.get(debt);
    if (known) known.push(part);
    else partsOf.set(debt, [part]);
  }
  return [...partsOf].map(([debt, all]) => {
    const due = dueParts(all, today);
    const inFlight = due.filter((part) => part.in_flight_on !== null);
    const open = due.filter((part) => part.in_flight_on === null);
    return {
      debt,
      customer: facts.customer,
      missed_on: earliest(open.length > 0 ? open : due),
      owed_amount: sum(due.map((part) => part.amount)),
      in_flight_amount: sum(inFlight.map((part) => part.amount)),
      promised_on: facts.promised_on.get(debt) ?? null,
      hold: facts.holds.get(debt) ?? null,
      deceased: facts.deceased,
      has_email: facts.has_email,
    };
  });
}

/** The parts whose day has come; where none has, those of the first day to come. */
function dueParts(parts: readonly Debt[], today: Day): Debt[] {
  const first = earliest(parts);
  return parts.filter((part) => part.due_on <= today || part.due_on === first);
}

function earliest(parts: readonly Debt[]): Day {
  return parts.reduce((day, part) => (part.due_on < day ? part.due_on : day), (parts[0] as Debt).due_on);
}
