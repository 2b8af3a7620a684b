/**
 * The kinds of daily work, in the order in which a day needs them. Each finds what is due on `ctx.today` and either
 * does it set-based or enqueues one small job each. Adding one is adding a line here.
 */
import type { Context } from '../context.ts';
import { customersToReview } from '../store/access-sql.ts';
import type { CustomerIds } from '../store/customer-money.ts';
import { sweepHorizon } from './extend-horizon.ts';
import { takeBackLetters } from './letters.ts';
import { matchKeptEntries } from './match-bank-entries.ts';
import { customersOfSilent, presumeSettled } from './presume-settled.ts';
import { reviewAccess } from './refresh-access.ts';
import { sweepRenewals } from './renew-contracts.ts';
import { tellOfReviews } from './review-suspensions.ts';
import { customersToSell, sellWhatFallsDue } from './sell-due.ts';
import {
  sweepBlocks,
  sweepInvoices,
  sweepPrenotifications,
  sweepReceipts,
  sweepRejectionNotices,
} from './send-notices.ts';
import { sweepReminders } from './send-reminders.ts';

export interface DailyWork {
  kind: string;
  does: string;
  /** The customers whose rows it locks: a day takes those of all its work at once, before any of it. */
  customers?: (ctx: Context) => CustomerIds[];
  /** @returns what it did, in numbers, kept with the day. */
  run: (ctx: Context) => Promise<Record<string, number>>;
}

export const dailyWork: readonly DailyWork[] = [
  {
    kind: 'review-suspensions',
    does: 'Tells of the unlimited suspensions that are to be looked at again.',
    run: tellOfReviews,
  },
  {
    kind: 'renew-contracts',
    does: 'Signs the next contract of those that renew by themselves, ahead of their end.',
    run: sweepRenewals,
  },
  {
    kind: 'extend-horizon',
    does: 'Writes down the next instalments of open-ended contracts.',
    run: sweepHorizon,
  },
  {
    kind: 'sell-due',
    does: 'Sells the instalments that fall due and pays them from the customers’ credit.',
    customers: customersToSell,
    run: sellWhatFallsDue,
  },
  {
    kind: 'match-bank-entries',
    does: 'Matches what banks have told too early with the direct debits handed over since.',
    run: matchKeptEntries,
  },
  {
    kind: 'presume-settled',
    does: 'Counts direct debits as paid that the bank has been silent about for long enough.',
    customers: customersOfSilent,
    run: presumeSettled,
  },
  {
    kind: 'review-access',
    does: 'Evaluates anew who may enter, where the day changes the answer.',
    customers: (ctx) => [customersToReview(ctx)],
    run: reviewAccess,
  },
  {
    kind: 'reminders',
    does: 'Reminds of what is owed, stage by stage.',
    run: sweepReminders,
  },
  {
    kind: 'letters',
    does: 'Takes back letters that nobody has posted and that are no longer to be.',
    run: takeBackLetters,
  },
  {
    kind: 'prenotifications',
    does: 'Announces direct debits ahead of their day.',
    run: sweepPrenotifications,
  },
  {
    kind: 'receipts',
    does: 'Sends receipts of payments, by the means that the organization chose.',
    run: sweepReceipts,
  },
  {
    kind: 'rejection-notices',
    does: 'Tells customers that a payment of theirs came back.',
    run: sweepRejectionNotices,
  },
  {
    kind: 'invoice-mails',
    does: 'Sends the invoices of the day before.',
    run: sweepInvoices,
  },
  {
    kind: 'block-notices',
    does: 'Tells customers that a debt has blocked their access.',
    run: sweepBlocks,
  },
];
