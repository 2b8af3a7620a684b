/** Three hundred seeded worlds, in which the engine and naive models kept day by day must agree. */
import { describe, expect, it, vi } from 'vitest';
import { keptSeeds } from './kept-seeds.ts';
import { NaiveContract } from './naive-contract.ts';
import { NaivePack } from './naive-pack.ts';
import { shrink, type WorldKind, worlds } from './worlds.ts';

const WORLDS: Readonly<Record<WorldKind, number>> = { open: 100, term: 100, pack: 100 };

describe.each(['open', 'term', 'pack'] as const)('contracts of the %s kind', (kind) => {
  it('are on every day what the naive model says, in a hundred worlds', { timeout: 300_000 }, () => {
    const seeds = [...keptSeeds[kind], ...Array.from({ length: WORLDS[kind] }, (_, at) => at + 1)];
    const failing = seeds.filter((seed) => worlds[kind](seed).disagreement !== null);
    expect(failing.slice(0, 3).map((seed) => shrink(kind, seed))).toEqual([]);
  });

  it('leave the same trace for the same seed', () => {
    expect(worlds[kind](42).hash).toBe(worlds[kind](42).hash);
    expect(worlds[kind](42).hash).not.toBe(worlds[kind](43).hash);
  });
});

it('a naive model that forgets one thing disagrees, and the world that shows it is shrunk', {
  timeout: 300_000,
}, () => {
  for (const method of [
    'forget',
    'charge',
    'extend',
    'takeBack',
    'edit',
    'back',
    'cancel',
    'goOn',
    'bankSaid',
    'payAhead',
    'grant',
    'write',
    'writeEnd',
    'runsOn',
    'hear',
    'bring',
  ] as const) {
    const forgotten = vi.spyOn(NaiveContract.prototype, method).mockImplementation(() => undefined as never);
    const seed = Array.from({ length: 40 }, (_, at) => at + 1).find(
      (candidate) => worlds.term(candidate).disagreement !== null,
    );
    expect(seed, `nobody saw that ${method} was forgotten`).toBeDefined();
    if (method === 'extend') {
      const { events, disagreement } = shrink('term', seed!);
      expect(disagreement).not.toBeNull();
      expect(events).toBeLessThanOrEqual(worlds.term(seed!).events);
    }
    forgotten.mockRestore();
  }
});

it('a naive pack that forgets one thing disagrees', () => {
  for (const method of ['pauseOtherwise', 'back', 'forget', 'runsOn', 'writeLast'] as const) {
    const forgotten = vi.spyOn(NaivePack.prototype, method).mockImplementation(() => false);
    const failing = Array.from({ length: 40 }, (_, at) => worlds.pack(at + 1)).find((one) => one.disagreement !== null);
    expect(failing, `nobody saw that ${method} was forgotten`).toBeDefined();
    expect(shrink('pack', failing!.seed).events).toBeLessThanOrEqual(failing!.events);
    forgotten.mockRestore();
  }
});
