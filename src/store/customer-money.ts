/**
 * The money of one customer: what they owe, what is asked of them, what is in flight, what is kept for them.
 *
 * Always true: who loads for writing holds the lock of the customer's row, which every change of a contract or of
 * money takes first; so two changes for one customer take turns, whatever they are.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Allocation } from '../domain/ledger/settlements.ts';
import { type Cents, cents, sum } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { ClaimStanding, OpenPayment } from '../domain/payments/claims.ts';
import type { PaymentState } from '../domain/payments/lifecycle.ts';
import type { InstalmentStatus } from '../domain/schedule/instalment.ts';
import { Refusal } from '../errors/refusal.ts';
import { query, queryOne } from './database.ts';

/** An instalment or a fee, with what the ledger says of it. */
export interface StoredClaim extends ClaimStanding {
  contract: string | null;
  /** The instalment's number in its contract; null for a fee. */
  number: number | null;
  method: PaymentMethod | null;
  status: InstalmentStatus | 'fee';
  sold: boolean;
  sold_revision: number;
  tax_rate_bps: number;
  label: string | null;
}

export interface StoredPayment {
  id: string;
  state: PaymentState;
  amount: Cents;
  credit: Cents;
  method: PaymentMethod;
  label: string | null;
  due_on: Day;
  paid_on: Day | null;
  mandate: string | null;
  attempt: number;
  first_attempt: string;
  rejections: number;
  rejected_on: Day | null;
  reason_code: string | null;
  needs_person: boolean;
  refunded: Cents;
  version: number;
  allocations: Allocation[];
  /** The collection that it stands in. */
  collection: string | null;
  collection_on: Day | null;
}

export interface CustomerMoney {
  customer: string;
  /** Those that are not fully settled, and those asked for by id. */
  claims: StoredClaim[];
  /** Those that are pending or collecting, and those asked for by id. */
  payments: StoredPayment[];
  credit: Cents;
}

interface MoneyRow {
  customer: string;
  instalments: [
    string,
    string,
    number,
    Day,
    number,
    InstalmentStatus,
    PaymentMethod,
    number | null,
    number,
    number,
    Day | null,
    number,
  ][];
  fees: [string, Day, number, number, Day | null, string | null, string, number][];
  payments: (Omit<StoredPayment, 'allocations'> & { allocations: [string, number][] })[];
  credit: number;
}

/** A payment as JSON, with its parts; `p` is the payment. */
export const paymentJson = `json_build_object('id', p.id, 'state', p.state, 'amount', p.amount_cents, 'credit', p.credit_cents,
  'method', p.method, 'label', p.label, 'due_on', p.due_on, 'paid_on', p.paid_on, 'mandate', p.mandate_id,
  'attempt', p.attempt, 'first_attempt', p.first_attempt_id, 'rejections', p.rejections, 'rejected_on', p.rejected_on,
  'reason_code', p.reason_code, 'needs_person', p.needs_person, 'refunded', p.refunded_cents, 'version', p.version,
  'allocations', coalesce((select json_agg(json_build_array(part.claim_id, part.amount_cents) order by part.position)
                           from payment_part part where part.payment_id = p.id), '[]'),
  'collection', line.collection_id, 'collection_on', line.collection_on)`;

/** The presentation of payment `p`, if it has one. */
export const paymentLine = `left join collection_line line
  on line.payment_id = p.id and line.state in ('in_flight', 'settled', 'failed')`;

/** What is asked for by id is first handed to its customers: each is then read by its own few, however many are read. */
const sql = `
  with asked_claim as (
    select customer_id, array_agg(id) as ids from (
      select customer_id, id from instalment where id = any(?::text[])
      union all select customer_id, id from fee where id = any(?::text[])) claim
    group by customer_id
  ), asked_payment as (
    select customer_id, array_agg(id) as ids from payment where id = any(?::text[]) group by customer_id
  )
  select customer.id as customer,
    coalesce((select json_agg(json_build_array(i.id, i.contract_id, i.number, i.due_on, i.amount_cents, i.status, i.method,
                i.sold_cents, i.sold_revision, i.covered_cents, i.reopened_on, c.tax_rate_bps) order by i.due_on, i.id)
              from (select * from instalment where customer_id = customer.id and phase = 'open'
                    union all
                    select * from instalment
                    where id = any(asked_claim.ids) and customer_id = customer.id and phase <> 'open') i
              join contract c on c.id = i.contract_id where c.deleted_at is null), '[]') as instalments,
    coalesce((select json_agg(json_build_array(f.id, f.due_on, f.sold_cents, f.covered_cents, f.reopened_on, f.follows_id,
                f.label, f.tax_rate_bps) order by f.due_on, f.id)
              from fee f where f.customer_id = customer.id
                and (f.covered_cents < f.sold_cents or f.id = any(asked_claim.ids)
                     or f.id in (select part.claim_id from payment_part part join payment p on p.id = part.payment_id
                                 where p.customer_id = customer.id and p.state = 'collecting'))), '[]') as fees,
    coalesce((select json_agg(${paymentJson} order by p.due_on, p.id) from payment p ${paymentLine}
              where p.customer_id = customer.id
                and (p.state in ('pending', 'collecting') or p.id = any(asked_payment.ids))), '[]') as payments,
    coalesce((select sum(case when credit = 'customer_credit' then amount_cents else -amount_cents end) from posting
              where posting.customer_id = customer.id
                and (credit = 'customer_credit' or debit = 'customer_credit')), 0)::bigint as credit
  from customer
  left join asked_claim on asked_claim.customer_id = customer.id
  left join asked_payment on asked_payment.customer_id = customer.id
  where customer.id = any(?::text[]) and customer.organization_id = ?`;

export interface MoneyWanted {
  /** Ids of claims and payments to load whatever their state. */
  claims?: readonly string[];
  payments?: readonly string[];
}

/** @throws Refusal `not_found` */
export async function loadMoney(
  ctx: ReadContext,
  customerId: string,
  locking: boolean,
  wanted: MoneyWanted = {},
): Promise<CustomerMoney> {
  const [money] = await loadMoneyOfMany(ctx, [customerId], locking, wanted);
  if (!money) throw new Refusal('not_found');
  return money;
}

/** As `loadMoney`; customers that are unknown or another organization's are left out. */
export async function loadMoneyOfMany(
  ctx: ReadContext,
  customerIds: readonly string[],
  locking: boolean,
  wanted: MoneyWanted = {},
): Promise<CustomerMoney[]> {
  if (locking) await lockCustomers(ctx, customerIds);
  const claims = wanted.claims ?? [];
  const rows = await query<MoneyRow>(
    ctx.reader,
    sql,
    [claims, claims, wanted.payments ?? [], customerIds, ctx.organization.id],
    'load-money',
  );
  return rows.map(moneyFrom);
}

/** Takes the locks of customers, in the order that everybody takes them in. */
export async function lockCustomers(ctx: ReadContext, ids: readonly string[]): Promise<void> {
  await query(
    ctx.reader,
    'select 1 from customer where id = any(?::text[]) and organization_id = ? order by id for no key update',
    [ids, ctx.organization.id],
    'lock-customers',
  );
}

/** A query of ids of customers. */
export interface CustomerIds {
  sql: string;
  bindings: readonly unknown[];
}

/** As `lockCustomers`, for those that any of some queries finds, however many they are. */
export async function lockCustomersIn(ctx: ReadContext, ...ids: readonly CustomerIds[]): Promise<void> {
  if (ids.length === 0) return;
  await query(
    ctx.reader,
    `with locked as materialized (
       select 1 from customer where id in (${ids.map(({ sql }) => sql).join(' union ')}) and organization_id = ?
       order by id for no key update
     )
     select count(*) from locked`,
    [...ids.flatMap(({ bindings }) => bindings), ctx.organization.id],
  );
}

/** Waits for whoever is changing anything of any customer. */
export function lockEveryCustomer(ctx: ReadContext): Promise<void> {
  return lockCustomersIn(ctx, {
    sql: 'select id from customer where organization_id = ?',
    bindings: [ctx.organization.id],
  });
}

function moneyFrom(row: MoneyRow): CustomerMoney {
  const payments = row.payments.map((payment) => ({
    ...payment,
    allocations: payment.allocations.map(([claim, amount]) => ({ claim, amount: amount as Cents })),
  }));
  const flying = new Map<string, number>();
  for (const payment of payments)
    if (payment.state === 'collecting')
      for (const { claim, amount } of payment.allocations) flying.set(claim, (flying.get(claim) ?? 0) + amount);
  const settled = (id: string, covered: number) => cents(covered - (flying.get(id) ?? 0));
  const instalments = row.instalments.map(
    ([
      id,
      contract,
      number,
      due_on,
      amount,
      status,
      method,
      soldCents,
      revision,
      covered,
      reopened_on,
      rate,
    ]): StoredClaim => ({
      id,
      kind: 'instalment',
      amount: cents(soldCents ?? amount),
      due_on,
      reopened_on,
      follows: null,
      settled_amount: settled(id, covered),
      contract,
      number,
      method,
      status,
      sold: soldCents !== null,
      sold_revision: revision,
      tax_rate_bps: rate,
      label: null,
    }),
  );
  const fees = row.fees.map(
    ([id, due_on, soldCents, covered, reopened_on, follows, label, rate]): StoredClaim => ({
      id,
      kind: 'fee',
      amount: cents(soldCents),
      due_on,
      reopened_on,
      follows,
      settled_amount: settled(id, covered),
      contract: null,
      number: null,
      method: null,
      status: 'fee',
      sold: true,
      sold_revision: 1,
      tax_rate_bps: rate,
      label,
    }),
  );
  return { customer: row.customer, claims: [...instalments, ...fees], payments, credit: cents(row.credit) };
}

/** The payments that are asked for or in flight, as decisions read them. */
export function openPayments(money: Pick<CustomerMoney, 'payments'>): OpenPayment[] {
  return money.payments.flatMap((payment) =>
    payment.state === 'pending' || payment.state === 'collecting'
      ? [{ ...payment, state: payment.state, due_on: payment.due_on }]
      : [],
  );
}

/** Claims that money can settle now: not those of a cancelled or waived instalment. */
export function payableClaims(money: CustomerMoney): StoredClaim[] {
  return money.claims.filter((claim) => claim.status !== 'cancelled' && claim.status !== 'waived');
}

/** What is owed today: sold, and neither settled nor with the bank. */
export function owedNow(money: CustomerMoney): Cents {
  const flying = openPayments(money).filter((payment) => payment.state === 'collecting');
  return sum(
    money.claims
      .filter((claim) => claim.sold)
      .map((claim) => {
        const inFlight = flying
          .flatMap((payment) => payment.allocations)
          .filter((part) => part.claim === claim.id)
          .map((part) => part.amount);
        return claim.amount - claim.settled_amount - sum(inFlight);
      }),
  );
}

export interface PaymentOwner {
  customer: string;
  allocations: string[];
}

/** Whose a payment is, and its claims. @throws Refusal `not_found` */
export async function ownerOfPayment(ctx: ReadContext, paymentId: string): Promise<PaymentOwner> {
  const row = await queryOne<PaymentOwner>(
    ctx.reader,
    `select p.customer_id as customer,
       coalesce((select json_agg(part.claim_id) from payment_part part where part.payment_id = p.id), '[]') as allocations
     from payment p where p.id = ? and p.organization_id = ?`,
    [paymentId, ctx.organization.id],
    'owner-of-payment',
  );
  if (!row) throw new Refusal('not_found');
  return row;
}
