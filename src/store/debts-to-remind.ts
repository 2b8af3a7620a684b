/**
 * What customers owe, as reminders speak of it, with what a message needs to name it.
 *
 * Always true: what the organization itself has still to collect by direct debit, and could, is no debt to remind of:
 * the customer has nothing to do for it.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { isEmailAddress } from '../domain/email-address.ts';
import { debtsOf } from '../domain/payments/claims.ts';
import type { DebtToRemind } from '../domain/reminders/debt.ts';
import { debtIdOf, debtsToRemind } from '../domain/reminders/debts-of-claims.ts';
import type { Language } from '../errors/language.ts';
import { type CustomerMoney, loadMoneyOfMany, openPayments, payableClaims } from './customer-money.ts';
import { query } from './database.ts';

export interface RemindableDebt extends DebtToRemind {
  contract: string | null;
  /** The instalment's number; null where the debt is a fee. */
  number: number | null;
  /** The plan's name, or the fee's. */
  label: string;
  /** The debt's own due day, before any representment. */
  due_on: Day;
  language: Language;
}

interface CustomerRow {
  id: string;
  email: string | null;
  language: Language;
  deceased: boolean;
  suppressed: boolean;
  has_mandate: boolean;
  promised_on: Day | null;
  holds: [string | null, Day | null][];
}

const customerSql = `
  select c.id, c.email, c.locale as language, c.deceased_on is not null as deceased,
    exists (select 1 from suppressed_address s where s.organization_id = c.organization_id and s.address = c.email) as suppressed,
    exists (select 1 from mandate m where m.customer_id = c.id and m.state = 'active') as has_mandate,
    (select max(p.until_on) from promise p where p.customer_id = c.id and p.withdrawn_on is null) as promised_on,
    coalesce((select json_agg(json_build_array(h.debt_id, h.until_on)) from reminder_hold h
              where h.customer_id = c.id and h.lifted_on is null), '[]') as holds
  from customer c where c.id = any(?::text[]) and c.organization_id = ? and c.erased_at is null`;

const overdueSql = `
  select i.customer_id as id from instalment i join contract c on c.id = i.contract_id
  where i.organization_id = ? and i.phase = 'open' and i.status <> 'collecting' and i.due_on < ? and i.amount_cents > 0
    and c.deleted_at is null
  union
  select f.customer_id from fee f where f.organization_id = ? and f.covered_cents < f.sold_cents and f.due_on < ?
  order by 1`;

/** The customers who owe something whose day has passed, whatever is said about it. */
export async function customersInArrears(ctx: ReadContext): Promise<string[]> {
  const { id } = ctx.organization;
  const rows = await query<{ id: string }>(ctx.reader, overdueSql, [id, ctx.today, id, ctx.today], 'in-arrears');
  return rows.map((row) => row.id);
}

/** The debts of customers whose day has come, earliest missed day first. Who was forgotten cannot be written to. */
export async function remindableDebts(ctx: ReadContext, customerIds: readonly string[]): Promise<RemindableDebt[]> {
  if (customerIds.length === 0) return [];
  const customers = await query<CustomerRow>(
    ctx.reader,
    customerSql,
    [customerIds, ctx.organization.id],
    'reminded-customers',
  );
  const money = new Map((await loadMoneyOfMany(ctx, customerIds, false)).map((one) => [one.customer, one]));
  const found = customers.flatMap((customer) => {
    const own = money.get(customer.id);
    return own ? debtsOfCustomer(ctx, customer, own) : [];
  });
  const names = await planNames(ctx, [...new Set(found.flatMap((debt) => debt.contract ?? []))]);
  return found
    .map((debt) => (debt.contract === null ? debt : { ...debt, label: names.get(debt.contract) ?? debt.label }))
    .sort((a, b) => (a.missed_on < b.missed_on ? -1 : a.missed_on > b.missed_on ? 1 : a.debt < b.debt ? -1 : 1));
}

function debtsOfCustomer(ctx: ReadContext, customer: CustomerRow, money: CustomerMoney): RemindableDebt[] {
  const claims = payableClaims(money);
  const claimOf = new Map(claims.map((claim) => [claim.id, claim]));
  const paymentOf = new Map(money.payments.map((payment) => [payment.id, payment]));
  const parts = debtsOf(claims, openPayments(money)).map((part) => {
    if (!customer.has_mandate || part.in_flight_on !== null) return part;
    const claim = claimOf.get(part.claim);
    const toCollect =
      part.payment === null
        ? claim?.method === 'direct_debit' && claim.status === 'scheduled'
        : paymentOf.get(part.payment)?.method === 'direct_debit';
    return toCollect ? { ...part, in_flight_on: part.due_on } : part;
  });
  const holdOf = (debt: string) => customer.holds.filter(([of]) => of === null || of === debt);
  const ids = new Set(claims.map(debtIdOf));
  const facts = {
    customer: customer.id,
    deceased: customer.deceased,
    has_email: isEmailAddress(customer.email) && !customer.suppressed,
    promised_on: new Map(customer.promised_on === null ? [] : [...ids].map((id) => [id, customer.promised_on as Day])),
    holds: new Map([...ids].flatMap((id) => longest(holdOf(id)).map((hold) => [id, hold] as const))),
  };
  return debtsToRemind(claims, parts, facts, ctx.today)
    .filter((debt) => debt.missed_on <= ctx.today)
    .map((debt) => {
      const claim = claimOf.get(debt.debt);
      return {
        ...debt,
        contract: claim?.contract ?? null,
        number: claim?.number ?? null,
        label: claim?.label ?? '',
        due_on: claim?.due_on ?? debt.missed_on,
        language: customer.language,
      };
    });
}

/** Of several holds the one that ends last; one without an end outlasts all. */
function longest(holds: readonly [string | null, Day | null][]): { until_on: Day | null }[] {
  if (holds.length === 0) return [];
  const days = holds.map(([, until_on]) => until_on);
  return [{ until_on: days.includes(null) ? null : (days.toSorted().at(-1) ?? null) }];
}

async function planNames(ctx: ReadContext, contracts: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; name: string }>(
    ctx.reader,
    'select c.id, plan.name from contract c join plan on plan.id = c.plan_id where c.id = any(?::text[])',
    [contracts],
    'plan-names',
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
