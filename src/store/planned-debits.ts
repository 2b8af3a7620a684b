/**
 * The direct debits to come, as they are announced to customers who can be written to, and the payments received that
 * may have a receipt.
 */
import type { ReadContext } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import { maskedAccount } from '../domain/iban.ts';
import { type Cents, cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { Channel } from '../domain/reminders/kinds.ts';
import {
  type Announced,
  NOTICE_WITHIN_DAYS,
  type PlannedDebit,
  type SettledPayment,
} from '../domain/reminders/notices.ts';
import { collectionDay } from '../domain/target-calendar.ts';
import type { Language } from '../errors/language.ts';
import { query } from './database.ts';
import { canBeWrittenTo, channelOf, untold } from './receivers.ts';

export interface AnnouncedDebit extends PlannedDebit {
  contract: string | null;
  /** The plan's name, or what the payment is called. */
  label: string;
  number: number | null;
  language: Language;
  channel: Channel;
  /** Masked. */
  account: string;
  mandate_reference: string;
}

interface DebitRow {
  debit: string;
  customer: string;
  contract: string | null;
  label: string;
  number: number | null;
  language: Language;
  channel: Channel;
  amount: Cents;
  due_on: Day;
  country: string;
  last4: string;
  mandate_reference: string;
}

const debitsSql = `
  select due.debit, due.customer_id as customer, due.contract_id as contract, due.label, due.number, due.language, due.channel, due.amount,
    due.due_on, m.iban_country as country, m.iban_last4 as last4, m.reference as mandate_reference
  from (
    select i.id as debit, i.customer_id, i.contract_id, plan.name as label, i.number, c.locale as language, ${channelOf},
      i.amount_cents - i.covered_cents as amount, i.due_on, contract.mandate_id
    from instalment i join contract on contract.id = i.contract_id join plan on plan.id = contract.plan_id
      join customer c on c.id = i.customer_id
    where i.organization_id = ? and i.phase = 'open' and i.status = 'scheduled' and i.method = 'direct_debit' and i.due_on between ? and ?
      and contract.deleted_at is null and ${canBeWrittenTo}
    union all
    select p.id, p.customer_id, first.contract_id, coalesce(p.label, first.name, ''), first.number, c.locale, ${channelOf}, p.amount_cents,
      p.due_on, p.mandate_id
    from payment p join customer c on c.id = p.customer_id
      left join lateral (select i.contract_id, i.number, plan.name from payment_part part join instalment i on i.id = part.claim_id
        join contract on contract.id = i.contract_id join plan on plan.id = contract.plan_id
        where part.payment_id = p.id order by part.position limit 1) first on true
    where p.organization_id = ? and p.state = 'pending' and p.method = 'direct_debit' and p.due_on between ? and ?
      and ${canBeWrittenTo}
  ) due
  join lateral (select m.* from mandate m where m.customer_id = due.customer_id and m.state = 'active'
    and (due.mandate_id is null or m.id = due.mandate_id) order by m.id desc limit 1) m on true
  where due.amount > 0 and (?::text is null or due.debit = ?)
  order by due.debit`;

/** A due day that is this old is collected by nobody without asking. */
const LATE_DAYS = 7;

/** The debits due in the coming days; `only` looks at one. */
export async function plannedDebits(
  ctx: ReadContext,
  days: number,
  only: string | null = null,
): Promise<AnnouncedDebit[]> {
  const { id } = ctx.organization;
  const [from, to] = [addDays(ctx.today, -LATE_DAYS), addDays(ctx.today, days)];
  const byLetter = ctx.organization.settings.reminders.letters_for.includes('prenotification');
  const each = [id, from, to, byLetter];
  const rows = await query<DebitRow>(ctx.reader, debitsSql, [...each, ...each, only, only], 'planned-debits');
  return rows.map(({ due_on, country, last4, ...row }) => ({
    ...row,
    amount: cents(row.amount),
    collect_on: collectionDay(due_on),
    deceased: false,
    account: maskedAccount(country, last4),
  }));
}

/** What has been announced of debits, the newest stage of each; one that never went out does not count. */
export function announcedDebits(ctx: ReadContext, debits: readonly string[]): Promise<Announced[]> {
  return query<Announced>(
    ctx.reader,
    `select distinct on (subject_id) subject_id as debit, stage, amount_cents as amount, due_on as collect_on from message
     where organization_id = ? and kind = 'prenotification' and subject_id = any(?::text[])
       and not (state = 'skipped' or (state = 'refused' and reason = 'address_refused'))
     order by subject_id, stage desc`,
    [ctx.organization.id, debits],
    'announced-debits',
  );
}

export interface ReceiptedPayment extends SettledPayment {
  contract: string | null;
  label: string;
  number: number | null;
  language: Language;
  channel: Channel;
}

/** The payments received lately by these means, of customers who can be written to, that have no receipt yet. */
export function paymentsToReceipt(
  ctx: ReadContext,
  methods: readonly PaymentMethod[],
  only: string | null = null,
): Promise<ReceiptedPayment[]> {
  return query<ReceiptedPayment>(
    ctx.reader,
    `select p.id as payment, p.customer_id as customer, p.amount_cents as amount, p.method, p.paid_on as settled_on,
       false as deceased, first.contract_id as contract, coalesce(first.name, p.label, '') as label, first.number, c.locale as language, ${channelOf}
     from payment p join customer c on c.id = p.customer_id
       left join lateral (select i.contract_id, i.number, plan.name from payment_part part join instalment i on i.id = part.claim_id
         join contract on contract.id = i.contract_id join plan on plan.id = contract.plan_id
         where part.payment_id = p.id order by part.position limit 1) first on true
     where p.organization_id = ? and p.state = 'settled' and p.method = any(?::text[]) and p.paid_on between ? and ?
       and (?::text is null and ${untold('p.id')} or p.id = ?)
       and ${canBeWrittenTo}
     order by p.id`,
    [
      ctx.organization.id,
      methods,
      addDays(ctx.today, -NOTICE_WITHIN_DAYS),
      ctx.today,
      only,
      'receipt',
      only,
      ctx.organization.settings.reminders.letters_for.includes('receipt'),
    ],
    'payments-to-receipt',
  );
}
