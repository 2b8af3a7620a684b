/**
 * Letters: messages that go by post. Read for printing, and marked as posted by a person.
 *
 * Always true:
 * - a letter says what it said on the day it was made ready, to the address of that day, however late it is printed;
 * - a reminder that was paid before anybody posted it is not posted: the day's work takes it back.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { silenceOf } from '../domain/reminders/debt.ts';
import { Refusal } from '../errors/refusal.ts';
import type { PaperLetter } from '../formats/mail/paper-letter.ts';
import { remindableDebts } from '../store/debts-to-remind.ts';
import { loadInvoice } from '../store/invoices.ts';
import {
  countMessages,
  findLetter,
  type LetterRow,
  lettersOfDay,
  markPosted,
  type UnpostedLetter,
  unpostedReminders,
  withdrawLetters,
} from '../store/letters.ts';
import { findText } from '../store/mail-texts.ts';
import { announce } from './announce.ts';
import { letterOf, type Said } from './compose-message.ts';
import { letterReceiver, letterSender, transferOf } from './letter-identity.ts';

/** So many are printed in one file. */
export const LETTERS_AT_ONCE = 100;

/** @throws Refusal `not_found` */
export async function printableLetter(ctx: ReadContext, id: string): Promise<PaperLetter> {
  const row = await findLetter(ctx, id);
  if (!row) throw new Refusal('not_found');
  return paperOf(ctx, row);
}

/** The letters of a day, a hundred at a time, `part` from 1. @throws Refusal `not_found` where there are none */
export async function printableLetters(ctx: ReadContext, on: Day, part: number): Promise<PaperLetter[]> {
  const rows = await lettersOfDay(ctx, on, LETTERS_AT_ONCE, (part - 1) * LETTERS_AT_ONCE);
  if (rows.length === 0) throw new Refusal('not_found');
  const letters: PaperLetter[] = [];
  for (const row of rows) letters.push(await paperOf(ctx, row));
  return letters;
}

async function paperOf(ctx: ReadContext, row: LetterRow): Promise<PaperLetter> {
  const said = row.facts as Said;
  const text = row.text_id === null ? null : await findText(ctx, row.text_id);
  const seller = letterSender(ctx.organization);
  const enclosed = await Promise.all((said.attached ?? []).map(({ invoice }) => loadInvoice(ctx, invoice)));
  const invoices = enclosed.flatMap((invoice) => (invoice ? [invoice.document] : []));
  return {
    letter: letterOf(ctx, row.text_kind, row.language, said, text),
    on: row.ready_on,
    seller,
    to: letterReceiver(said, seller),
    transfer: transferOf(ctx.organization, said),
    invoices,
    without_cover: row.kind === 'invoice' && invoices.length > 0,
  };
}

/** @returns those that waited for it. @throws Refusal `not_found` where one is no letter of the organization */
export async function postLetters(ctx: Context, ids: readonly string[]): Promise<{ posted: string[]; left: string[] }> {
  const wanted = [...new Set(ids)].sort();
  if ((await countMessages(ctx, wanted)) < wanted.length) throw new Refusal('not_found', {}, { pointer: '/letters' });
  const posted = await markPosted(ctx, wanted);
  await announce(ctx, ...posted.map((letter) => happening(letter, 'posted', {})));
  const done = new Set(posted.map(({ id }) => id));
  return { posted: wanted.filter((id) => done.has(id)), left: wanted.filter((id) => !done.has(id)) };
}

const AT_ONCE = 500;

/** The daily work: letters that nobody has posted, and whose debt is paid or whose reader has died. */
export async function takeBackLetters(ctx: Context): Promise<{ taken_back: number }> {
  let taken_back = 0;
  for (let after = ''; ; ) {
    const letters = await unpostedReminders(ctx, after, AT_ONCE);
    const debts = await remindableDebts(ctx, [...new Set(letters.map(({ customer }) => customer))]);
    const owed = new Map(debts.map((debt) => [debt.debt, silenceOf(debt, ctx.today)?.why ?? null]));
    for (const reason of ['paid', 'deceased'] as const) {
      const gone = letters.filter(({ subject }) => (owed.has(subject) ? owed.get(subject) : 'paid') === reason);
      if (gone.length === 0) continue;
      await withdrawLetters(
        ctx,
        gone.map(({ id }) => id),
        reason,
      );
      await announce(ctx, ...gone.map((letter) => happening(letter, 'skipped', { reason })));
      taken_back += gone.length;
    }
    if (letters.length < AT_ONCE) return { taken_back };
    after = letters.at(-1)?.id ?? '';
  }
}

function happening({ id, kind, customer, subject, contract }: UnpostedLetter, what: string, data: object) {
  const subjects = [id, customer, subject, ...(contract === null ? [] : [contract])];
  return { type: `${kind}.${what}`, subjects, data: { ...data } };
}
