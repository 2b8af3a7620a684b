/**
 * The club's review in the demo: a monthly publication, its subscribers, and what happens to them over the year: issues
 * that the post lost, gestures, holidays. Done by the same use cases as in life, each on its day.
 */
import type { Context } from '../context.ts';
import { addDays, addMonths, type Day } from '../domain/day.ts';
import { newId } from '../ids.ts';
import { newPlan } from '../schemas/plan.ts';
import { createCustomer } from '../services/create-customer.ts';
import { createPlan } from '../services/create-plan.ts';
import { createPublication } from '../services/create-publication.ts';
import { commitOperation } from '../services/operation.ts';
import { type OperationName, operations } from '../services/operations.ts';
import { planIssues } from '../services/plan-issues.ts';
import { member } from './people.ts';

/** Their places among the made-up people, after the members of the club. */
const FIRST_READER = 120;
const READERS = 18;
const FIRST_ISSUE = 41;

export interface Review {
  plans: { year: string; half: string };
  /** The contracts of the readers, in the order they subscribed. */
  contracts: string[];
}

/** Issues 41 to 76, on the fifth of each month, and two ways to subscribe. */
export async function launchReview(ctx: Context, beginsOn: Day): Promise<Review> {
  const publication = await createPublication(ctx, { name: 'Revue des Tilleuls' });
  const first_on = addDays(addMonths(beginsOn, -3), 4);
  const rhythm = { first_number: FIRST_ISSUE, first_on, count: 36, every_months: 1 };
  await planIssues(ctx, publication, { rhythm });
  const plan = (name: string, issues: number, amount: number) =>
    createPlan(ctx, newPlan.parse({ kind: 'issues', name, publication, issues, amount, tax_rate_bps: 210 }));
  const plans = { year: await plan('Revue, 12 numéros', 12, 6000), half: await plan('Revue, 6 numéros', 6, 3500) };
  return { plans, contracts: [] };
}

/** What happens to readers (by their place) in the months of the story. */
const happenings: readonly { month: number; reader: number; name: OperationName; input: (first: Day) => object }[] = [
  { month: 2, reader: 0, name: 'record-incident', input: (first) => incident(first, 'Perte lors de la livraison') },
  { month: 2, reader: 3, name: 'record-incident', input: (first) => incident(first, 'Intempérie') },
  { month: 4, reader: 5, name: 'record-incident', input: (first) => incident(first, 'Journal abîmé') },
  { month: 3, reader: 1, name: 'extend-contract', input: () => extension(3, 'Réclamation sur facture') },
  { month: 6, reader: 4, name: 'extend-contract', input: () => extension(1, 'Geste commercial') },
  { month: 7, reader: 7, name: 'suspend-contract', input: (first) => away(first, { days: 62, reason: 'Vacances' }) },
  {
    month: 9,
    reader: 6,
    name: 'suspend-contract',
    input: (first) => away(first, { unlimited: true, reason: 'Voyage' }),
  },
];

/** The issue of the month did not arrive. */
function incident(first: Day, reason: string): object {
  return { incident: { from_on: first, to_on: addDays(first, 8), reason }, new_incident: newId('inc') };
}

function extension(issues: number, reason: string): object {
  return { extension: { issues, reason } };
}

function away(first: Day, suspension: object): object {
  return { suspension: { starts_on: addDays(first, 20), ...suspension } };
}

/** A month of the review. @param first its first day. @param today the day at which the story stops. */
export async function readersMonth(
  review: Review,
  at: (on: Day) => Context,
  month: number,
  first: Day,
  today: Day,
): Promise<void> {
  const [third, tenth] = [addDays(first, 2), addDays(first, 9)];
  if (third <= today)
    for (let place = 0; place < READERS; place += 1)
      if ((place < READERS / 2 ? 0 : place % 10) === month) await subscribe(review, at(third), place);
  for (const { month: when, reader, name, input } of happenings) {
    const contract = review.contracts[reader];
    if (when !== month || contract === undefined || tenth > today) continue;
    const new_ids = { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] };
    await commitOperation(at(tenth), name, operations[name], { contract, ...input(first), new_ids });
  }
}

async function subscribe(review: Review, ctx: Context, place: number): Promise<void> {
  const { badge: _, ...reader } = member(FIRST_READER + place);
  const new_contract = newId('ctr');
  await commitOperation(ctx, 'sign-contract', operations['sign-contract'], {
    customer: await createCustomer(ctx, reader),
    plan: place % 3 === 2 ? review.plans.half : review.plans.year,
    starts_on: ctx.today,
    method: place % 4 === 0 ? 'cheque' : 'direct_debit',
    new_contract,
  });
  review.contracts.push(new_contract);
}
