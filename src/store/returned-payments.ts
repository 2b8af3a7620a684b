/**
 * Payments that came back (or are about to be told as such), with everything the decision about them rests on; many at
 * once, because a bank's file holds thousands.
 */
import type { ReadContext } from '../context.ts';
import type { BankEvent, BankEventKind } from '../domain/bank-events/presentation.ts';
import type { Day } from '../domain/day.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import type { MandateState } from '../domain/mandates.ts';
import { type Cents, cents } from '../domain/money.ts';
import type { EarlierRejection } from '../domain/rejections/fee.ts';
import { earliestCollection } from '../domain/target-calendar.ts';
import type { Language } from '../errors/language.ts';
import { type CustomerMoney, loadMoneyOfMany, lockCustomers, type StoredPayment } from './customer-money.ts';
import { query } from './database.ts';
import { type PostingRow, postingColumns, postingFrom, postingsOfClaims } from './ledger.ts';

export interface CreditUse {
  id: string;
  claim: string;
  amount: Cents;
  posting: Posting;
}

export interface Presentation {
  line: string;
  state: 'in_flight' | 'settled' | 'failed';
  collection_on: Day;
  /** What the bank, or somebody by hand, has told about it so far, without what is being weighed. */
  events: BankEvent[];
}

/** The line of an invoice that a fee stands on: only a credit note takes it off. */
export interface InvoicedFee {
  invoice: string;
  position: number;
  language: Language;
}

export interface ReturnedPayment {
  payment: StoredPayment;
  money: CustomerMoney;
  postings: Posting[];
  /** Uses of the customer's credit, oldest first, less what was taken back of them. */
  credit_uses: CreditUse[];
  earlier_rejections: EarlierRejection[];
  mandate: { id: string; usable: boolean; state: MandateState } | null;
  presentation: Presentation | null;
  /** The fee that its last rejection brought, with the postings of that fee; null: none, or waived. */
  fee: { claim: string; amount: Cents; invoiced: InvoicedFee | null; postings: Posting[] } | null;
  /** The claim for what was given back of it before it came back whole, where that has happened before. */
  refund_claim: string | null;
  /** The postings of that claim. */
  refund_postings: Posting[];
  next_collection_on: Day;
}

interface Row {
  id: string;
  customer: string;
  mandate: { id: string; state: MandateState } | null;
  line: string | null;
  line_state: Presentation['state'] | null;
  collection_on: Day | null;
  events: [BankEventKind, Day, string | null][];
  earlier: [Day, number][];
  fee: [string, number, InvoicedFee | null] | null;
  refund_claim: string | null;
  /** The payments that have settled something of that claim. */
  repaid_by: string[];
  next_due_on: Day | null;
}

const sql = `
  select p.id, p.customer_id as customer,
    (select json_build_object('id', m.id, 'state', m.state) from mandate m
     where m.customer_id = p.customer_id and (p.mandate_id is null or m.id = p.mandate_id)
     order by (m.state = 'active') desc, m.id desc limit 1) as mandate,
    line.id as line, line.state as line_state, line.collection_on,
    coalesce((select json_agg(json_build_array(e.kind, e.on_day, e.reason_code)) from bank_entry e where e.line_id = line.id and e.effect <> 'told'), '[]') as events,
    coalesce((select json_agg(json_build_array(r.rejected_on, coalesce((select sum(f.sold_cents) from fee f where f.payment_id = r.id and f.kind = 'rejection'), 0)))
              from payment r where r.customer_id = p.customer_id and r.rejected_on is not null and r.id <> p.id), '[]') as earlier,
    (select json_build_array(f.id, f.sold_cents,
       (select json_build_object('invoice', i.id, 'position', on_invoice.position, 'language', i.document ->> 'language')
        from invoice_line on_invoice join invoice i on i.id = on_invoice.invoice_id
        where on_invoice.fee_id = f.id and on_invoice.live))
     from fee f where f.payment_id = p.id and f.kind = 'rejection' and f.sold_cents > 0 order by f.id desc limit 1) as fee,
    (select f.id from fee f where f.payment_id = p.id and f.kind = 'refund') as refund_claim,
    array(select part.payment_id from fee f join payment_part part on part.claim_id = f.id
          where f.payment_id = p.id and f.kind = 'refund') as repaid_by,
    (select min(i.due_on) from instalment i where i.customer_id = p.customer_id and i.phase = 'open' and i.status = 'scheduled'
       and i.method = 'direct_debit' and i.amount_cents > 0 and i.due_on >= ?) as next_due_on
  from payment p
  left join collection_line line on line.payment_id = p.id and line.state in ('in_flight', 'settled', 'failed')
  where p.id = any(?::text[]) and p.organization_id = ?
  order by p.id`;

/** Payments that are unknown or another organization's are left out. */
export async function loadReturnedPayments(
  ctx: ReadContext,
  paymentIds: readonly string[],
  locking: boolean,
): Promise<ReturnedPayment[]> {
  const owners = await query<{ customer: string; claims: string[] }>(
    ctx.reader,
    `select p.customer_id as customer, coalesce((select array_agg(part.claim_id) from payment_part part where part.payment_id = p.id), '{}') as claims
     from payment p where p.id = any(?::text[]) and p.organization_id = ?`,
    [paymentIds, ctx.organization.id],
    'owners-of-payments',
  );
  const customers = [...new Set(owners.map((owner) => owner.customer))].sort();
  if (locking) await lockCustomers(ctx, customers);
  const earliest = earliestCollection(ctx.today, ctx.organization.settings.collections.lead_days);
  const rows = await query<Row>(ctx.reader, sql, [earliest, paymentIds, ctx.organization.id], 'returned-payments');
  const wanted = {
    payments: [...paymentIds, ...rows.flatMap((row) => row.repaid_by)],
    claims: owners.flatMap((owner) => owner.claims),
  };
  const money = new Map((await loadMoneyOfMany(ctx, customers, false, wanted)).map((one) => [one.customer, one]));
  const postings = await query<PostingRow & { use: boolean }>(
    ctx.reader,
    `select ${postingColumns}, false as use from posting where payment_id = any(?::text[])
     union all
     select ${postingColumns}, true from posting where customer_id = any(?::text[]) and claim_id is not null
       and (debit = 'customer_credit' or credit = 'customer_credit')
     order by id`,
    [paymentIds, customers],
    'postings-of-returned',
  );
  const claimPostings = await postingsOfClaims(
    ctx,
    rows.flatMap((row) => [...(row.fee ? [row.fee[0]] : []), ...(row.refund_claim ? [row.refund_claim] : [])]),
  );
  const ofPayment = grouped(postings, (one) => (one.use ? null : one.payment_id));
  const usesOf = grouped(postings, (one) => (one.use ? one.customer_id : null));
  const ofClaim = grouped(claimPostings, (one) => one.claim);
  return rows.flatMap((row) => {
    const own = money.get(row.customer);
    const payment = own?.payments.find((one) => one.id === row.id);
    if (!own || !payment) return [];
    return [
      {
        payment,
        money: own,
        postings: (ofPayment.get(row.id) ?? []).map(postingFrom),
        credit_uses: creditUses((usesOf.get(row.customer) ?? []).map(postingFrom)),
        earlier_rejections: row.earlier.map(([on, fee]) => ({ on, fee_amount: cents(fee) })),
        mandate: row.mandate && { ...row.mandate, usable: row.mandate.state === 'active' },
        presentation: presentationFrom(row),
        fee: row.fee && {
          claim: row.fee[0],
          amount: cents(row.fee[1]),
          invoiced: row.fee[2],
          postings: ofClaim.get(row.fee[0]) ?? [],
        },
        refund_claim: row.refund_claim,
        refund_postings: (row.refund_claim && ofClaim.get(row.refund_claim)) || [],
        next_collection_on: row.next_due_on ?? earliest,
      },
    ];
  });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function presentationFrom(row: Row): Presentation | null {
  if (row.line === null || row.line_state === null || row.collection_on === null) return null;
  return {
    line: row.line,
    state: row.line_state,
    collection_on: row.collection_on,
    events: row.events.map(([kind, on, reason_code]) => ({ kind, on, reason_code })),
  };
}

const USE = 'credit_used:';

function creditUses(postings: readonly Posting[]): CreditUse[] {
  return postings
    .filter((posting) => posting.entry.startsWith(USE) && posting.claim !== null)
    .map((posting) => {
      const back = postings.filter((one) => one.reverses === posting.cause).reduce((all, one) => all + one.amount, 0);
      return {
        id: posting.entry.slice(USE.length),
        claim: posting.claim as string,
        amount: cents(posting.amount - back),
        posting,
      };
    })
    .filter((use) => use.amount > 0);
}
