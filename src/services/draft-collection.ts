/** Drafts a collection: everything that a direct debit can ask for up to a day, and what is left out and why. */
import type { Context } from '../context.ts';
import { type Finding, implausible, type PlausibilityRules } from '../domain/collections/plausibility.ts';
import type { Day } from '../domain/day.ts';
import { figuresOf, insertDraft, lastFigures, updateFigures } from '../store/collections.ts';
import { announce } from './announce.ts';

/** What the plausibility checks find in a collection as it stands. */
export async function findingsOf(
  ctx: Context,
  id: string,
): Promise<{ findings: Finding[]; figures: Awaited<ReturnType<typeof figuresOf>> }> {
  const figures = await figuresOf(ctx, id);
  const rules = ctx.organization.settings.collections.plausibility as PlausibilityRules;
  return { figures, findings: implausible(figures, await lastFigures(ctx, id), rules) };
}

export async function draftCollection(ctx: Context, collection: { id: string; until_on: Day }): Promise<number> {
  if (!(await insertDraft(ctx, collection))) return (await figuresOf(ctx, collection.id)).lines;
  const { figures, findings } = await findingsOf(ctx, collection.id);
  await updateFigures(ctx, collection.id, figures, { state: 'draft', findings });
  await announce(ctx, {
    type: 'collection.drafted',
    subjects: [collection.id],
    data: { until_on: collection.until_on, lines: figures.lines, total: figures.total, findings },
  });
  return figures.lines;
}
