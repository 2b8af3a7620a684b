import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  type CollectionRules,
  draftCollection,
  recheck,
} from '../../../src/domain/collections/draft.ts';
import { leftOutReasons } from '../../../src/domain/collections/left-out.ts';
import {
  implausible,
  type PlausibilityRules,
  usualPlausibility,
} from '../../../src/domain/collections/plausibility.ts';
import { decideRelease, type ReleaseQuestion } from '../../../src/domain/collections/release.ts';
import { day } from '../../../src/domain/day.ts';
import type { Mandate, MandateState } from '../../../src/domain/mandates.ts';
import { type Cents, cents, decimal, fromDecimal } from '../../../src/domain/money.ts';
import { earliestCollection } from '../../../src/domain/target-calendar.ts';
import { languages } from '../../../src/errors/language.ts';
import { readTables } from '../../golden/read-table.ts';

const today = day('2010-08-02');
const rules: CollectionRules = {
  today,
  until_on: day('2010-08-05'),
  minimum_amount: cents(100),
  bank_wants_first: false,
  earliest_on: earliestCollection(today, 2),
};
const mandate: Mandate = {
  id: 'man_1',
  kind: 'recurrent',
  state: 'active',
  suspended_for: null,
  signed_on: day('2010-01-04'),
  last_collected_on: null,
  account_change_untold: false,
};
const usual: Candidate = {
  id: 'ins_1',
  kind: 'instalment',
  customer: 'cus_1',
  contract: 'ctr_1',
  amount: cents(5900),
  due_on: day('2010-08-05'),
  waived: false,
  in_flight: false,
  rejected: false,
  promised_until: null,
  customer_deceased: false,
  collections_stopped: false,
  address_known: true,
  bank_outside_eea: false,
  mandate,
};

function candidateOf(but: string | undefined): Candidate {
  const candidate = { ...usual };
  let paper: Mandate | null = { ...mandate };
  for (const word of (but ?? '').split(' ').filter((one) => one !== '')) {
    const [name, value] = word.split('=') as [string, string];
    if (name === 'due') candidate.due_on = day(value);
    else if (name === 'kind') candidate.kind = 'representment';
    else if (name === 'amount') candidate.amount = fromDecimal(value) as Cents;
    else if (name === 'waived') candidate.waived = true;
    else if (name === 'in_flight') candidate.in_flight = true;
    else if (name === 'rejected') candidate.rejected = true;
    else if (name === 'promise') candidate.promised_until = day(value);
    else if (name === 'deceased') candidate.customer_deceased = true;
    else if (name === 'stopped') candidate.collections_stopped = true;
    else if (name === 'outside_eea') candidate.bank_outside_eea = true;
    else if (name === 'no_address') candidate.address_known = false;
    else if (value === 'none') paper = null;
    else if (paper && name === 'mandate') paper.kind = 'one_off';
    else if (paper && name === 'state') paper.state = value as MandateState;
    else if (paper && name === 'signed') paper.signed_on = day(value);
    else if (paper && name === 'last') paper.last_collected_on = day(value);
    else throw new Error(`no such word: ${word}`);
  }
  return { ...candidate, mandate: paper };
}

describe('the draft of a collection', () => {
  const [drafts, plausible] = readTables('collections.md');

  test.each(drafts?.rows ?? [])('$case', (row) => {
    const { lines, left_out } = draftCollection([candidateOf(row.but)], rules);
    expect(lines.length + left_out.length).toBe(1);
    expect([lines[0]?.collection_on ?? '', lines[0]?.sequence_type ?? '', left_out[0]?.reason ?? '']).toEqual([
      row['collected on'],
      row.sequence,
      row['left out'],
    ]);
  });

  test('the golden table knows every reason but the one of release', () => {
    const seen = new Set((drafts?.rows ?? []).map((row) => row['left out']));
    seen.delete('');
    expect([...seen, 'changed_since_draft'].sort()).toEqual(Object.keys(leftOutReasons).sort());
  });

  test('every reason, and what mends it, is in words of every language', () => {
    for (const { why, mend } of Object.values(leftOutReasons))
      for (const language of languages) {
        expect(why[language]).not.toBe('');
        if (mend) expect(mend[language]).not.toBe('');
      }
  });

  test('a customer may have two lines, a one-off mandate never', () => {
    const both = [usual, { ...usual, id: 'pay_2', kind: 'representment' as const, amount: cents(6900) }];
    expect(draftCollection(both, rules)).toMatchObject({ total: 12_800, left_out: [] });
    const once = both.map((candidate) => ({ ...candidate, mandate: { ...mandate, kind: 'one_off' as const } }));
    const draft = draftCollection(once, rules);
    expect(draft.lines.map((line) => line.id)).toEqual(['ins_1']);
    expect(draft.left_out.map((line) => line.reason)).toEqual(['mandate_used']);
  });

  test('an account that changed is told once to the bank, FRST only where the bank still wants it', () => {
    const changed = {
      ...usual,
      mandate: { ...mandate, last_collected_on: day('2010-07-05'), account_change_untold: true },
    };
    expect(draftCollection([changed], rules).lines[0]).toMatchObject({ amendment: 'SMNDA', sequence_type: 'RCUR' });
    const first = { ...rules, bank_wants_first: true };
    expect(draftCollection([usual], first).lines[0]?.sequence_type).toBe('FRST');
    expect(draftCollection([changed], first).lines[0]?.sequence_type).toBe('RCUR');
  });

  test('the same instalment twice, or one that is not due yet, is a bug', () => {
    expect(() => draftCollection([usual, usual], rules)).toThrow(/twice/);
    expect(() => draftCollection([{ ...usual, due_on: day('2010-08-06') }], rules)).toThrow(/due after/);
  });

  test('loses nothing and doubles nothing', () => {
    const some = fc.record({
      amount: fc.integer({ min: 1, max: 300 }),
      waived: fc.boolean(),
      in_flight: fc.boolean(),
      rejected: fc.boolean(),
      none: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(some), (list) => {
        const candidates = list.map(({ none, amount, ...more }, at) => ({
          ...usual,
          ...more,
          id: `ins_${at}`,
          amount: cents(amount),
          mandate: none ? null : mandate,
        }));
        const { lines, left_out, total } = draftCollection(candidates, rules);
        expect([...lines, ...left_out].map(({ id }) => id).sort()).toEqual(candidates.map(({ id }) => id).sort());
        expect(total).toBe(lines.reduce((all, line) => all + line.amount, 0));
        for (const line of lines) expect(line.amount).toBeGreaterThanOrEqual(rules.minimum_amount);
      }),
    );
  });

  describe('asked again at release', () => {
    const drafted = draftCollection(
      [usual, { ...usual, id: 'ins_2' }, { ...usual, id: 'ins_3' }, { ...usual, id: 'ins_4' }],
      rules,
    ).lines;

    test('what is unchanged stays; a suspended line and one that was paid are taken out', () => {
      const now = [
        usual,
        { ...usual, id: 'ins_2', amount: cents(200) },
        { ...usual, id: 'ins_3', waived: true, amount: cents(0) },
      ];
      const again = recheck(drafted, now, rules);
      expect(again.lines.map((line) => line.id)).toEqual(['ins_1']);
      expect(again.left_out.map(({ id, reason }) => [id, reason]).sort()).toEqual([
        ['ins_2', 'changed_since_draft'],
        ['ins_3', 'waived'],
        ['ins_4', 'changed_since_draft'],
      ]);
      expect(again.total).toBe(5900);
    });

    test('an instalment that moved past the collection is taken out, a new one does not slip in', () => {
      const now = [
        { ...usual, due_on: day('2010-09-05') },
        { ...usual, id: 'ins_9' },
      ];
      const again = recheck(drafted.slice(0, 1), now, rules);
      expect(again.lines).toEqual([]);
      expect(again.left_out.map(({ id }) => id)).toEqual(['ins_1']);
    });

    test('a release days later asks for the first day that the bank still takes', () => {
      const late = { ...rules, today: day('2010-08-09'), earliest_on: earliestCollection(day('2010-08-09'), 2) };
      expect(recheck(drafted.slice(0, 1), [usual], late).lines[0]?.collection_on).toBe('2010-08-11');
    });
  });

  describe('is compared with the last ones', () => {
    const last = [
      { lines: 100, total: cents(590_000), largest: cents(5900), new_accounts: 10 },
      { lines: 90, total: cents(531_000), largest: cents(5900), new_accounts: 5 },
    ];
    const amount = (text: string | undefined) => fromDecimal(text ?? '') as Cents;

    test.each(plausible?.rows ?? [])('$case', (row) => {
      const figures = {
        lines: Number(row.lines),
        total: amount(row.total),
        largest: amount(row.largest),
        new_accounts: Number(row.new),
      };
      const found = implausible(figures, last, usualPlausibility).map(
        ({ code, limit }) => `${code} ${code === 'total' || code === 'largest' ? decimal(limit) : limit}`,
      );
      expect(found.join(', ')).toBe(row.findings);
    });

    const small = { lines: 20, total: cents(118_000), largest: cents(5900), new_accounts: 20 };
    test('the first one of all may be small; a large one must be confirmed', () => {
      expect(implausible(small, [], usualPlausibility)).toEqual([]);
      expect(implausible({ ...small, lines: 501 }, [], usualPlausibility)[0]?.code).toBe('nothing_to_compare');
      expect(implausible({ ...small, total: cents(5_000_001) }, [], usualPlausibility)[0]?.code).toBe(
        'nothing_to_compare',
      );
    });

    test('what cannot be computed is a finding, not a pass', () => {
      const broken = { ...usualPlausibility, growth_bps: Number.NaN } satisfies PlausibilityRules;
      expect(implausible(small, last, broken)[0]?.code).toBe('cannot_compute');
      expect(implausible({ ...small, total: -1 as Cents }, last, usualPlausibility)[0]?.code).toBe('cannot_compute');
    });
  });

  describe('is released', () => {
    const question: ReleaseQuestion = {
      state: 'draft',
      drafted_by: 'key_1',
      released_by: 'key_2',
      needs_second_person: true,
      lines: 3,
      findings: [{ code: 'total', value: 10, limit: 5 }],
      confirmed: ['total'],
    };

    test('by a second person who confirms what was found', () => {
      expect(decideRelease(question)).toBe('released');
      expect(decideRelease({ ...question, released_by: 'key_1', needs_second_person: false })).toBe('released');
    });

    test.each<[string, Partial<ReleaseQuestion>]>([
      ['release_needs_second_person', { released_by: 'key_1' }],
      ['release_unconfirmed', { confirmed: [] }],
      ['release_unconfirmed', { confirmed: ['lines'] }],
      ['collection_empty', { lines: 0 }],
      ['collection_state_forbids', { state: 'released' }],
      ['collection_state_forbids', { state: 'cancelled' }],
    ])('not: %s', (code, more) => {
      expect(() => decideRelease({ ...question, ...more })).toThrow(code);
    });
  });
});
