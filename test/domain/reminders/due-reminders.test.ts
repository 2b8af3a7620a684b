import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, day, daysBetween } from '../../../src/domain/day.ts';
import { type Cents, cents, decimal, fromDecimal, ZERO } from '../../../src/domain/money.ts';
import { askedAmount, type DebtToRemind, type Silence } from '../../../src/domain/reminders/debt.ts';
import {
  type DueReminder,
  decideReminder,
  dueReminders,
  type SentReminder,
} from '../../../src/domain/reminders/due-reminders.ts';
import { defaultStages, numberStages, type ReminderStage } from '../../../src/domain/reminders/stages.ts';
import type { Refusal } from '../../../src/errors/refusal.ts';
import { readTables } from '../../golden/read-table.ts';

const stages: readonly ReminderStage[] = [
  {
    stage: 1,
    after_days: 3,
    channel: 'email',
    text: 'reminder_1',
    fee_amount: ZERO,
    block: false,
    attach_invoice: false,
  },
  {
    stage: 2,
    after_days: 10,
    channel: 'email',
    text: 'reminder_2',
    fee_amount: cents(500),
    block: false,
    attach_invoice: false,
  },
  {
    stage: 3,
    after_days: 21,
    channel: 'letter',
    text: 'reminder_3',
    fee_amount: ZERO,
    block: true,
    attach_invoice: false,
  },
];

const newDebt = (missed_on: Day, owed: string): DebtToRemind => ({
  debt: 'ins_1',
  customer: 'cus_1',
  missed_on,
  owed_amount: fromDecimal(owed) as Cents,
  in_flight_amount: ZERO,
  promised_on: null,
  hold: null,
  deceased: false,
  has_email: true,
});

const listed = (cell: string, separator = ',') => (cell === '' ? [] : cell.split(separator).map((part) => part.trim()));

function readSent(cell: string): SentReminder[] {
  return listed(cell).map((part) => {
    const [stage, on] = part.split(' ') as [string, string];
    return { debt: 'ins_1', stage: stage === 'hand' ? null : Number(stage), on: day(on) };
  });
}

function say(decision: DueReminder | Silence): string {
  if ('why' in decision) return [decision.why, decision.until_on].filter(Boolean).join(' ');
  const { stage, channel, total_amount, block } = decision;
  return `${stage} ${channel} ${decimal(total_amount)}${block ? ' block' : ''}`;
}

const tables = readTables('reminders.md');
const rowsOf = (title: string) => tables.find((table) => table.title === title)?.rows ?? [];

describe('the reminder of a day', () => {
  const rows = rowsOf('What goes out on one day');
  it('has a golden table', () => expect(rows.length).toBeGreaterThan(20));
  it.each(rows.map((row) => [row.case, row] as const))('%s', (_, row) => {
    const debt: DebtToRemind = {
      ...newDebt(day(row.missed as string), row.owed as string),
      in_flight_amount: fromDecimal(row['in flight'] || '0') as Cents,
      promised_on: row.promised ? day(row.promised) : null,
      hold: row.hold ? { until_on: row.hold === 'open' ? null : day(row.hold) } : null,
      deceased: row.other === 'deceased',
      has_email: row.other !== 'no email',
    };
    expect(say(decideReminder(debt, stages, readSent(row.sent as string), day(row.today as string)))).toBe(row.result);
  });
});

describe('the reminders of a debt over time', () => {
  const rows = rowsOf('What goes out over time');
  it('has a golden table', () => expect(rows.length).toBeGreaterThan(5));
  it.each(rows.map((row) => [row.case, row] as const))('%s', (_, row) => {
    let debt = newDebt(day(row.missed as string), row.owed as string);
    const events = listed(row.events as string, ';').map((event) => {
      const [on, ...what] = event.split(' ') as [string, ...string[]];
      return { on: day(on), what: what.join(' ') };
    });
    const sent: SentReminder[] = [];
    for (const span of listed(row.runs as string)) {
      const [first, last] = span.split(' to ').map((text) => day(text)) as [Day, Day];
      for (let today = first; today <= last; today = addDays(today, 1)) {
        for (const { on, what } of events) if (on === today) debt = after(debt, what);
        // The work runs twice a day, as it would after a restart.
        for (const run of [1, 2]) {
          const { reminders } = dueReminders([debt], stages, sent, today);
          if (run === 2) expect(reminders).toEqual([]);
          for (const reminder of reminders) sent.push({ debt: debt.debt, stage: reminder.stage, on: today });
        }
      }
    }
    expect(sent.map(({ stage, on }) => `${on} ${stage}`).join('; ')).toBe(row['goes out']);
  });
});

function after(debt: DebtToRemind, event: string): DebtToRemind {
  const [what, on] = event.split(/ (?=\d)/) as [string, string?];
  switch (what) {
    case 'paid':
      return { ...debt, owed_amount: ZERO };
    case 'promised':
      return { ...debt, promised_on: day(on as string) };
    case 'hold':
      return { ...debt, hold: { until_on: day(on as string) } };
    case 'in flight':
      return { ...debt, in_flight_amount: debt.owed_amount };
    case 'rejected':
      return { ...debt, in_flight_amount: ZERO };
    case 'deceased':
      return { ...debt, deceased: true };
    default:
      throw new Error(`unknown event: ${event}`);
  }
}

const someDay = fc.integer({ min: 0, max: 400 }).map((days) => addDays(day('2026-01-01'), days));
const someStages = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), fee: fc.nat(2000), letter: fc.boolean() }), { maxLength: 6 })
  .map((entered) => {
    let after_days = 0;
    return numberStages(
      entered.map(({ gap, fee, letter }) => {
        after_days += gap;
        return {
          after_days,
          channel: letter ? ('letter' as const) : ('email' as const),
          text: 'reminder_1' as const,
          fee_amount: cents(fee),
          block: false,
          attach_invoice: false,
        };
      }),
    );
  });
const someDebt: fc.Arbitrary<DebtToRemind> = fc.record({
  debt: fc.constant('ins_1'),
  customer: fc.constant('cus_1'),
  missed_on: someDay,
  owed_amount: fc.nat(10_000).map(cents),
  in_flight_amount: fc.oneof(fc.constant(ZERO), fc.nat(10_000).map(cents)),
  promised_on: fc.option(someDay),
  hold: fc.option(fc.record({ until_on: fc.option(someDay) }), { freq: 5 }),
  deceased: fc.constantFrom(false, false, false, true),
  has_email: fc.boolean(),
});
/** The days on which the work happened to run: any days, some twice. */
const someRuns = fc.array(someDay, { maxLength: 120 }).map((days) => days.sort());

describe('whatever the stages, the facts and the days on which the work runs', () => {
  it('stages go out in order, none twice, none skipped, one a day, and never sooner than the stages say', () => {
    fc.assert(
      fc.property(someDebt, someStages, someRuns, (debt, ofOrganization, runs) => {
        const sent: SentReminder[] = [];
        for (const today of runs) {
          for (const reminder of dueReminders([debt], ofOrganization, sent, today).reminders)
            sent.push({ debt: debt.debt, stage: reminder.stage, on: today });
        }
        expect(sent.map((reminder) => reminder.stage)).toEqual(sent.map((_, at) => at + 1));
        sent.forEach(({ stage, on }, at) => {
          const config = ofOrganization[(stage as number) - 1] as ReminderStage;
          expect(daysBetween(debt.missed_on, on)).toBeGreaterThanOrEqual(config.after_days);
          const before = sent[at - 1];
          if (!before) return;
          const gap = config.after_days - (ofOrganization[at - 1] as ReminderStage).after_days;
          expect(daysBetween(before.on, on)).toBeGreaterThanOrEqual(gap);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('nothing is asked that is paid, in flight, promised, on hold or of a customer who has died', () => {
    fc.assert(
      fc.property(someDebt, someDay, (debt, today) => {
        const { reminders, silent } = dueReminders([debt], stages, [], today);
        expect(reminders.length + silent.length).toBe(1);
        for (const reminder of reminders) {
          expect(debt.deceased).toBe(false);
          expect(reminder.amount).toBe(debt.owed_amount - debt.in_flight_amount);
          expect(reminder.amount).toBeGreaterThan(0);
          expect(askedAmount(debt)).toBe(reminder.amount);
          if (debt.promised_on) expect(today > debt.promised_on).toBe(true);
          if (debt.hold) expect(debt.hold.until_on !== null && today > debt.hold.until_on).toBe(true);
          expect(today > debt.missed_on).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('silence holds up to the last quiet day that it names', () => {
    fc.assert(
      fc.property(someDebt, someDay, (debt, today) => {
        const [silence] = dueReminders([debt], stages, [], today).silent;
        if (!silence?.until_on) return;
        expect(dueReminders([debt], stages, [], silence.until_on).reminders).toEqual([]);
      }),
    );
  });

  it('debts do not mix: many together are decided as each alone', () => {
    fc.assert(
      fc.property(fc.array(someDebt, { maxLength: 8 }), someDay, fc.array(fc.nat(7)), (debts, today, told) => {
        const named = debts.map((debt, at) => ({ ...debt, debt: `ins_${at}` }));
        const sent = told.map((at) => ({ debt: `ins_${at}`, stage: 1, on: addDays(today, -5) }));
        const together = dueReminders(named, stages, sent, today);
        const alone = named.map((debt) => dueReminders([debt], stages, sent, today));
        expect(together.reminders).toEqual(alone.flatMap((one) => one.reminders));
        expect(together.silent).toEqual(alone.flatMap((one) => one.silent));
      }),
    );
  });

  it('an edited list of stages never goes back: what was sent under the old one counts', () => {
    const shorter = stages.slice(0, 1);
    const debt = newDebt(day('2026-03-05'), '59.00');
    const sent = [{ debt: 'ins_1', stage: 2, on: day('2026-03-15') }];
    expect(say(decideReminder(debt, shorter, sent, day('2026-09-01')))).toBe('all_sent');
    const without2 = [stages[0], stages[2]] as ReminderStage[];
    expect(say(decideReminder(debt, without2, sent, day('2026-03-16')))).toBe('not_yet 2026-04-01');
  });
});

describe('the stages of an organization', () => {
  const entered = stages.map(({ stage: _, ...rest }) => rest);
  const refusalOf = (run: () => unknown) => {
    try {
      run();
      return null;
    } catch (error) {
      return error as Refusal;
    }
  };

  it('are numbered in their order', () => {
    expect(numberStages(entered)).toEqual(stages);
    expect(numberStages(defaultStages)).toEqual(defaultStages);
  });

  it('are refused where they go backwards, begin on the missed day, are too many or cost less than nothing', () => {
    const at = (index: number, change: Partial<ReminderStage>) =>
      refusalOf(() => numberStages(entered.map((stage, i) => (i === index ? { ...stage, ...change } : stage))));
    expect(at(0, { after_days: 0 })).toMatchObject({
      code: 'reminder_stage_order',
      pointer: '/reminder_stages/0/after_days',
    });
    expect(at(1, { after_days: 3 })).toMatchObject({ code: 'reminder_stage_order', params: { stage: 2, previous: 3 } });
    expect(at(2, { after_days: 4000 })?.code).toBe('reminder_stage_order');
    expect(at(2, { fee_amount: cents(-1) })).toMatchObject({
      code: 'reminder_stage_fee',
      pointer: '/reminder_stages/2/fee_amount',
    });
    const eleven = Array.from({ length: 11 }, (_, i) => ({ ...entered[0], after_days: i + 1 }) as ReminderStage);
    expect(refusalOf(() => numberStages(eleven))?.code).toBe('reminder_too_many_stages');
  });
});
