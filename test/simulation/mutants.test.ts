/** Faults put into the pure core on purpose: for each, some seeded world must disagree with the naive model. */
import { expect, it, vi } from 'vitest';
import type * as Credits from '../../src/domain/schedule/credits.ts';
import { worlds } from './worlds.ts';

const mutants = [
  'a suspension credits nothing',
  'a new price credits nothing',
  'a compensation is lost',
  'a credit that was used is spent again',
  'what was paid beyond the last day is not told',
] as const;
type Mutant = (typeof mutants)[number];

/** Which one is in the core. */
const core = vi.hoisted(() => ({ mutant: null as string | null }));
const SEEDS = Array.from({ length: 60 }, (_, at) => at + 1);

vi.mock(import('../../src/domain/schedule/credits.ts'), async (original): Promise<typeof Credits> => {
  const { applyCredits } = await original();
  const is = (mutant: Mutant) => core.mutant === mutant;
  return {
    applyCredits(drafts, folded, treated, ended, interval) {
      const given = {
        ...folded,
        prices: is('a new price credits nothing')
          ? folded.prices.map((price) => ({ ...price, credited: [] }))
          : folded.prices,
        credits: is('a compensation is lost') ? [] : folded.credits,
      };
      const those = is('a suspension credits nothing')
        ? treated.map((one) => ({ ...one, suspension: { ...one.suspension, credited: [] } }))
        : treated;
      const used = is('a credit that was used is spent again')
        ? drafts.map((draft) => Object.assign(draft, { fact: draft.fact && { ...draft.fact, credited: 0 } }))
        : drafts;
      return applyCredits(
        used,
        given,
        those,
        is('what was paid beyond the last day is not told') ? null : ended,
        interval,
      );
    },
  };
});

it.each(mutants)('%s: a world shows it', { timeout: 300_000 }, (mutant) => {
  core.mutant = mutant;
  try {
    const seed = SEEDS.find((candidate) => worlds.term(candidate).disagreement !== null);
    expect(seed, 'no world shows it').toBeDefined();
  } finally {
    core.mutant = null;
  }
});

it('without a fault the same worlds agree', { timeout: 300_000 }, () => {
  expect(SEEDS.slice(0, 3).map((seed) => worlds.term(seed).disagreement)).toEqual([null, null, null]);
});
