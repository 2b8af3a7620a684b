/**
 * Matches what banks have told with the debits that it is about, now or whenever there may be new ones: after a file
 * came, after a collection was released, once a day. Nothing that was told is dropped.
 */
import type { Context } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import {
  anythingToMatch,
  type GroupWord,
  linesOfGroup,
  matchTransactions,
  spreadGroup,
  unmatchedGroups,
} from '../store/bank-matching.ts';
import { announce } from './announce.ts';
import { weighBankEntries } from './weigh-bank-entries.ts';

/**
 * Matches and weighs everything kept that finds its debit: words about single debits first, because what a bank books
 * for a group may be less what it refused of it. @returns how many debits were told of
 */
export async function matchBankEntries(ctx: Context): Promise<number> {
  await matchTransactions(ctx);
  const single = await weighBankEntries(ctx);
  for (const word of await unmatchedGroups(ctx)) {
    const lines = await linesSpokenOf(ctx, word);
    if (lines.length > 0) await spreadGroup(ctx, word.id, lines);
  }
  return single + (await weighBankEntries(ctx));
}

/** The debits of the group that a word is about; for money, those whose amounts are what was booked. */
async function linesSpokenOf(ctx: Context, word: GroupWord): Promise<string[]> {
  const lines = await linesOfGroup(ctx, word.original_message_id, word.payment_information_id);
  if (word.covers_all) return lines.map(({ line }) => line);
  const paid = lines.filter(({ refused }) => !refused);
  for (const some of [lines, paid])
    if (some.reduce((all, { amount }) => all + amount, 0) === word.amount) return some.map(({ line }) => line);
  return [];
}

/** The daily work, and the job after a release: what was told too early. */
export async function matchKeptEntries(ctx: Context): Promise<{ matched: number }> {
  if (!(await anythingToMatch(ctx))) return { matched: 0 };
  const matched = await matchBankEntries(ctx);
  if (matched > 0) await announce(ctx, { type: 'bank_return.matched', subjects: [], data: { debits: matched } });
  return { matched };
}

/** After a release: a job of its own, where anything waits at all. */
export async function matchAfterRelease(ctx: Context): Promise<void> {
  if (await anythingToMatch(ctx)) await enqueue(ctx, 'match-bank-entries', {});
}
