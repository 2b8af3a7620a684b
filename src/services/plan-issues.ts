/** Puts issues on the calendar of a publication, from a list or by a rhythm; those not yet published may be moved. */
import type { Context } from '../context.ts';
import { planIssues as decidePlan, type Issue, issuesOf, type Rhythm } from '../domain/issues/calendar.ts';
import { Refusal } from '../errors/refusal.ts';
import type { PlannedIssues } from '../schemas/issues.ts';
import { loadPublication, saveIssues } from '../store/publications.ts';
import { announce } from './announce.ts';

/** @returns the issues given. @throws Refusal `not_found`, `issue_published`, `issues_out_of_order`. */
export async function planIssues(ctx: Context, id: string, input: PlannedIssues): Promise<Issue[]> {
  const publication = await loadPublication(ctx, id, 'write');
  if (!publication) throw new Refusal('not_found');
  const given = givenIssues(input, publication.issues);
  const calendar = decidePlan(publication.issues, given, ctx.today);
  const before = new Map(publication.issues.map(({ number, published_on }) => [number, published_on]));
  const differing = calendar.filter(({ number, published_on }) => before.get(number) !== published_on);
  if (differing.length > 0) {
    await saveIssues(ctx.trx, ctx.organization.id, id, differing);
    await announce(ctx, { type: 'publication.issues_planned', subjects: [id], data: { issues: differing } });
  }
  return given;
}

function givenIssues({ issues, rhythm }: PlannedIssues, calendar: readonly Issue[]): Issue[] {
  if ((issues === undefined) === (rhythm === undefined))
    throw new Refusal('issues_missing', {}, { pointer: '/issues' });
  if (rhythm === undefined) return issues as Issue[];
  const { first_on, count, every_months, every_days } = rhythm;
  if ((every_months === undefined) === (every_days === undefined))
    throw new Refusal('rhythm_ambiguous', {}, { pointer: '/rhythm/every_months' });
  const first_number = rhythm.first_number ?? (calendar.at(-1)?.number ?? 0) + 1;
  const every: Rhythm['every'] = every_months === undefined ? { days: every_days as number } : { months: every_months };
  return issuesOf({ first_number, first_on, count, every });
}
