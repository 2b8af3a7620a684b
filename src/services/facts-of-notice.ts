/** What a notice says today of a payment that came back, of an invoice, of a block; or why it is no longer to be said. */
import type { Context } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import { type Cents, cents } from '../domain/money.ts';
import type { TextKind } from '../domain/reminders/kinds.ts';
import { reasonToTell } from '../domain/return-reasons.ts';
import type { MailFacts } from '../formats/mail/variables.ts';
import type { StoredMessage } from '../store/messages.ts';
import { rejectionsToTell } from '../store/rejections-to-tell.ts';
import { findInvoice } from '../views/invoices.ts';
import { blocksOf } from './blocks-to-tell.ts';
import { labelOf, PAY_WITHIN_DAYS, referenceOf } from './compose-message.ts';
import type { FactsNow } from './facts-of-message.ts';

type Told = 'rejection_notice' | 'invoice' | 'access_blocked';
type FactsOf = { [Kind in Told]: (ctx: Context, message: StoredMessage, name: string) => Promise<FactsNow | string> };

const factsOf: FactsOf = { rejection_notice: ofRejection, invoice: ofInvoice, access_blocked: ofBlock };

export function factsOfNotice(ctx: Context, message: StoredMessage, kind: Told, name: string) {
  return factsOf[kind](ctx, message, name);
}

function said<Kind extends TextKind>(facts: MailFacts<Kind>, amount: Cents): FactsNow {
  return { facts: facts as unknown as MailFacts<TextKind>, amount };
}

async function ofRejection(ctx: Context, message: StoredMessage, name: string): Promise<FactsNow | string> {
  const [rejection] = await rejectionsToTell(ctx, message.subject_id);
  if (!rejection || rejection.nth !== message.stage) return 'changed';
  if (rejection.owed <= 0) return 'paid';
  if (rejection.quiet) return 'on_hold';
  const { fee, owed, represented_on, represented, rejected_on, language } = rejection;
  const facts: MailFacts<'rejection_notice'> = {
    customer_name: name,
    label: labelOf(rejection.label, rejection.number, language),
    amount: rejection.amount,
    fee: fee > 0 ? fee : null,
    total: owed,
    rejected_on,
    reason: reasonToTell(rejection.reason_code)?.[language] ?? null,
    represented_on,
    represented,
    pay_url: null,
    pay_to: null,
    reference: referenceOf(rejection.debt),
    pay_by: represented_on === null ? addDays(ctx.today, PAY_WITHIN_DAYS) : null,
  };
  return said<'rejection_notice'>(facts, owed);
}

async function ofInvoice(ctx: Context, message: StoredMessage, name: string): Promise<FactsNow | string> {
  const invoice = await findInvoice(ctx, message.subject_id);
  if (invoice.status === 'cancelled') return 'changed';
  const { remainder } = invoice.document;
  const owed = invoice.due_amount > 0;
  const dayOf = (how: 'payment' | 'direct_debit'): Day | null => {
    if (!owed || remainder?.how !== how) return null;
    return remainder.how === 'payment' ? remainder.due_on : remainder.how === 'direct_debit' ? remainder.on : null;
  };
  const due = dayOf('payment');
  const collected = dayOf('direct_debit');
  const facts: MailFacts<'invoice'> = {
    customer_name: name,
    number: invoice.number,
    issued_on: invoice.issued_on,
    amount: cents(invoice.gross_amount),
    owed: owed ? cents(invoice.due_amount) : null,
    due_on: due !== null && due >= ctx.today ? due : null,
    debited_on: collected !== null && collected > ctx.today ? collected : null,
  };
  return said<'invoice'>(facts, cents(invoice.gross_amount));
}

async function ofBlock(ctx: Context, message: StoredMessage, name: string): Promise<FactsNow | string> {
  const block = (await blocksOf(ctx, [message.customer_id])).get(message.customer_id);
  if (!block || block.since_on > message.made_on) return 'not_blocked';
  const facts: MailFacts<'access_blocked'> = {
    customer_name: name,
    label: block.label,
    amount: block.amount,
    due_on: block.due_on,
    blocked_on: block.since_on,
    pay_url: null,
    pay_to: null,
    reference: referenceOf(block.debt),
    pay_by: null,
  };
  return said<'access_blocked'>(facts, block.amount);
}
