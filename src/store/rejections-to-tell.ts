/** The payments that came back lately, with what a notice of it says: what is owed now, and how it is asked for again. */
import type { ReadContext } from '../context.ts';
import { addDays, type Day, later } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
import type { Channel } from '../domain/reminders/kinds.ts';
import { NOTICE_WITHIN_DAYS } from '../domain/reminders/notices.ts';
import { collectionDay } from '../domain/target-calendar.ts';
import type { Language } from '../errors/language.ts';
import { query } from './database.ts';
import { canBeWrittenTo, channelOf } from './receivers.ts';

export interface RejectionToTell {
  payment: string;
  /** The claim that it was to pay first: what every message about it refers to. */
  debt: string;
  /** How often the payment has come back: each time is told once. */
  nth: number;
  customer: string;
  contract: string | null;
  label: string;
  number: number | null;
  language: Language;
  channel: Channel;
  amount: Cents;
  fee: Cents;
  /** What is still owed of it, its fee included. */
  owed: Cents;
  rejected_on: Day;
  reason_code: string | null;
  /** The next direct debit that asks for it. */
  represented_on: Day | null;
  represented: Cents | null;
  /** A person or a promise keeps the engine quiet about it. */
  quiet: boolean;
}

const sql = `
  select p.id as payment, coalesce(owed.claims[1], p.id) as debt, p.rejections as nth, p.customer_id as customer, first.contract_id as contract,
    coalesce(first.name, p.label, '') as label, first.number, c.locale as language, ${channelOf}, p.amount_cents as amount,
    fee.sold as fee, owed.instalments + fee.owed as owed, p.rejected_on, p.reason_code, again.due_on as represented_on,
    again.amount as represented,
    exists (select 1 from promise where promise.customer_id = c.id and withdrawn_on is null and until_on >= ?)
      or exists (select 1 from reminder_hold h where h.customer_id = c.id and h.lifted_on is null
                   and (h.until_on is null or h.until_on >= ?) and (h.debt_id is null or h.debt_id = any(owed.claims))) as quiet
  from payment p join customer c on c.id = p.customer_id
    cross join lateral (select coalesce(array_agg(part.claim_id order by part.position), '{}') as claims,
        coalesce(sum(coalesce(i.sold_cents, i.amount_cents) - i.covered_cents), 0)::bigint as instalments
      from payment_part part left join instalment i on i.id = part.claim_id where part.payment_id = p.id) owed
    cross join lateral (select coalesce(array_agg(f.id), '{}') as claims, coalesce(sum(f.sold_cents - f.covered_cents), 0)::bigint as owed,
        coalesce(sum(f.sold_cents) filter (where f.payment_id = p.id), 0)::bigint as sold
      from fee f where f.customer_id = c.id and (f.payment_id = p.id or f.id = any(owed.claims))) fee
    left join lateral (select q.due_on, sum(q.amount_cents)::bigint as amount from payment q
      where q.customer_id = c.id and q.state = 'pending' and q.method = 'direct_debit'
        and exists (select 1 from payment_part part where part.payment_id = q.id
                    and part.claim_id = any(owed.claims || fee.claims))
      group by q.due_on order by q.due_on limit 1) again on true
    left join lateral (select i.contract_id, i.number, plan.name from payment_part part join instalment i on i.id = part.claim_id
      join contract on contract.id = i.contract_id join plan on plan.id = contract.plan_id
      where part.payment_id = p.id order by part.position limit 1) first on true
  where p.organization_id = ? and p.state = 'rejected' and p.rejected_on between ? and ? and p.rejections > 0
    and ${canBeWrittenTo}
    and (?::text is null and not exists (select 1 from message m where m.organization_id = p.organization_id
           and m.kind = 'rejection_notice' and m.subject_id = p.id and m.stage = p.rejections
           and (m.state <> 'skipped' or m.reason <> 'no_mail_server')) or p.id = ?)
  order by p.id`;

/** Those of the last days that have not been told; `only` looks at one, told or not. */
export async function rejectionsToTell(ctx: ReadContext, only: string | null = null): Promise<RejectionToTell[]> {
  const { id, settings } = ctx.organization;
  const byLetter = settings.reminders.letters_for.includes('rejection_notice');
  const from = addDays(ctx.today, -NOTICE_WITHIN_DAYS);
  const given = [ctx.today, ctx.today, id, from, ctx.today, byLetter, only, only];
  const rows = await query<RejectionToTell>(ctx.reader, sql, given, 'rejections-to-tell');
  return rows.map((row) => ({
    ...row,
    represented_on: row.represented_on && collectionDay(later(row.represented_on, ctx.today)),
  }));
}
