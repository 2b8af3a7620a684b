/**
 * Matches an entry of a bank's file with the payment that a person names. From there it goes the road of what was matched
 * by itself: weighed with everything told of the debit, and booked once.
 */
import type { Context, ReadContext } from '../context.ts';
import { matchedByHand } from '../domain/bank-events/hand-match.ts';
import { Refusal } from '../errors/refusal.ts';
import type { HandMatch } from '../schemas/bank-returns.ts';
import { entryToMatch, matchEntry, presentationOfPayment } from '../store/bank-matching.ts';
import { lockBankMessage } from '../store/bank-messages.ts';
import { announce } from './announce.ts';
import { weighBankEntries } from './weigh-bank-entries.ts';

/** Refuses what is plain before any work. @throws Refusal as `matchByHand` */
export async function checkHandMatch(
  ctx: ReadContext,
  id: string,
  match: HandMatch,
): Promise<{ entry: number; line: string }> {
  const entry = await entryToMatch(ctx, id, match.position);
  if (!entry) throw new Refusal('not_found', {}, { pointer: '/position' });
  const payment = await presentationOfPayment(ctx, match.payment);
  if (!payment) throw new Refusal('not_found', {}, { pointer: '/payment' });
  const { line } = matchedByHand(entry, payment.presented, ctx.organization.currency);
  return { entry: entry.id, line };
}

/** @throws Refusal `not_found`, and as `matchedByHand` */
export async function matchByHand(ctx: Context, id: string, match: HandMatch): Promise<void> {
  await lockBankMessage(ctx, id);
  const { entry, line } = await checkHandMatch(ctx, id, match);
  // What an import matched in this moment is matched: the entry is taken only as it was looked at.
  if (!(await matchEntry(ctx, entry, line))) throw new Refusal('bank_entry_matched', { effect: 'applied' });
  const debits = await weighBankEntries(ctx);
  await announce(ctx, {
    type: 'bank_return.matched',
    subjects: [id, match.payment],
    data: { debits, position: match.position, payment: match.payment },
  });
}
