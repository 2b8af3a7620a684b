import { describe, expect, test } from 'vitest';
import { addDays, type Day, day } from '../../../src/domain/day.ts';
import { balanceOf } from '../../../src/domain/ledger/posting.ts';
import { standing } from '../../../src/domain/ledger/statement.ts';
import { type Cents, decimal, fromDecimal } from '../../../src/domain/money.ts';
import type { PaymentMethod } from '../../../src/domain/payment-method.ts';
import type { RepresentmentRequest } from '../../../src/domain/rejections/representments.ts';
import { readTables } from '../../golden/read-table.ts';
import { type Story, startStory } from './story.ts';

type Row = Record<string, string>;

const tables = new Map(readTables('rejections.md').map((table) => [table.title, table.rows]));
const cases = [...tables.keys()].flatMap((title) => /^(\w+) story$/.exec(title)?.[1] ?? []);

function amount(text: string | undefined): Cents {
  const read = fromDecimal(text ?? '');
  if (read === null) throw new Error(`no amount: ${text}`);
  return read;
}

function details(row: Row): Record<string, string> {
  return Object.fromEntries((row.details ?? '').split(' ').flatMap((word) => (word ? [word.split('=')] : [])));
}

function parts(text: string | undefined): RepresentmentRequest[] | undefined {
  return text?.split(',').map((part) => {
    const [method, due] = part.split('@');
    return { method: method as PaymentMethod, due_on: day(due ?? '') };
  });
}

const collected: Record<string, { on: Day; amount: Cents; due_on: Day; payment: string }[]> = {};

function happen(story: Story, name: string, row: Row): void {
  const on = day(row.on ?? '');
  const more = details(row);
  if (row.event === 'instalment') {
    story.instalment(row.of ?? '', amount(row.amount), day(more.due ?? row.on ?? ''));
    story.openDay(on);
  } else if (row.event === 'pay')
    story.pay(
      { paid_on: on, method: more.by as PaymentMethod, amount: amount(row.amount), claims: [row.of ?? ''] },
      on,
    );
  else if (row.event === 'reject')
    story.reject(
      row.of ?? '',
      {
        ...(more.fee === undefined ? {} : { fee_amount: amount(more.fee) }),
        ...(more.parts === undefined ? {} : { representments: parts(more.parts) ?? [] }),
      },
      on,
    );
  else if (row.event === 'collect') {
    const before = story.payments.filter((payment) => payment.state === 'collecting').length;
    const draft = story.collect(on, day(more.until ?? ''));
    expect(story.payments.filter((payment) => payment.state === 'collecting')).toHaveLength(
      before + draft.lines.length,
    );
    collected[name] = draft.lines.map((line) => ({ ...line, on: line.collection_on, payment: line.id }));
  } else throw new Error(`no such event: ${row.event}`);
}

/** Tells the story up to the evening of a day. */
function told(name: string, until: Day): Story {
  const story = startStory();
  const rows = tables.get(`${name} story`) ?? [];
  const first = day(rows[0]?.on ?? '');
  for (let on = first; on <= until; on = addDays(on, 1)) {
    story.openDay(on);
    for (const row of rows) if (row.on === on) happen(story, name, row);
  }
  return story;
}

function lastDay(name: string): Day {
  return day((tables.get(`${name} story`) ?? []).at(-1)?.on ?? '');
}

describe('a rejected payment', () => {
  test('has its golden cases R1 to R6', () => {
    expect(cases).toEqual(expect.arrayContaining(['R1', 'R2', 'R3', 'R4', 'R5', 'R6']));
  });

  test.each(cases)('%s: the statement has exactly these lines', (name) => {
    const on = lastDay(name);
    const story = told(name, on);
    const lines = story.statement(on).lines.map((line) => ({
      on: line.on,
      kind: line.kind,
      amount: decimal(line.amount),
      paid: line.paid ? 'yes' : 'no',
      method: line.payment ? story.paymentOf(line.payment).method : '',
      balance: decimal(line.balance_amount),
    }));
    expect(lines).toEqual(tables.get(`${name} statement`));
  });

  test.each(cases)('%s: what is owed and who may enter, day by day', (name) => {
    for (const row of tables.get(`${name} days`) ?? []) {
      const on = day(row.on ?? '');
      const story = told(name, on);
      const may = story.access(on);
      expect({
        on: row.on,
        owed: decimal(standing(story.postings, on).owed_amount),
        access: may.state,
        since: may.state === 'blocked' ? (may.since_on ?? '') : '',
      }).toEqual(row);
    }
  });

  test('R2: the next collection holds the representment and the regular instalment, with nothing to do', () => {
    const story = told('R2', lastDay('R2'));
    expect(
      collected.R2?.map((line) => ({
        on: line.on,
        amount: decimal(line.amount),
        due_on: line.due_on,
        attempt: String(story.payments.find((payment) => payment.id === line.payment)?.attempt ?? 1),
      })),
    ).toEqual(tables.get('R2 collected'));
  });

  test('R6: the history shows both attempts and what they started from', () => {
    const story = told('R6', lastDay('R6'));
    expect(
      story.payments.map((payment) => ({
        payment: payment.id,
        amount: decimal(payment.amount),
        state: payment.state,
        attempt: String(payment.attempt),
        first_attempt: payment.first_attempt,
      })),
    ).toEqual(tables.get('R6 history'));
  });

  test.each(cases)('%s: all accounts together are zero, and no cause is posted twice', (name) => {
    const { postings } = told(name, lastDay(name));
    const names = new Set(postings.flatMap((posting) => [posting.debit, posting.credit]));
    expect([...names].reduce((all, account) => all + balanceOf(postings, account), 0)).toBe(0);
    expect(new Set(postings.map((posting) => posting.cause)).size).toBe(postings.length);
  });
});
