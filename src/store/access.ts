/** Whether customers may enter: what the answer rests on, and the last answer. */
import type { Context, ReadContext } from '../context.ts';
import { type Access, type AccessFacts, type AccessReason, type AccessState, blockedFrom } from '../domain/access.ts';
import { addDays, type Day } from '../domain/day.ts';
import { debtsOf } from '../domain/payments/claims.ts';
import { debtIdOf } from '../domain/reminders/debts-of-claims.ts';
import { type CustomerMoney, loadMoneyOfMany, openPayments, payableClaims } from './customer-money.ts';
import { query } from './database.ts';

interface FactsRow {
  id: string;
  contracts: [string, Day, Day | null][];
  suspensions: [string, Day, Day | null, string | null][];
  promised_until: Day | null;
  blocks: Record<string, Day>;
}

export interface CustomerAccessFacts extends AccessFacts {
  customer: string;
}

const sql = `
  select customer.id,
    coalesce((select json_agg(json_build_array(c.id, c.starts_on, least(c.ends_on, c.cancelled_on))) from contract c
              where c.customer_id = customer.id and c.deleted_at is null), '[]') as contracts,
    coalesce((select json_agg(json_build_array(s.contract_id, s.starts_on, s.ends_on, s.data ->> 'reason'))
              from suspension s join contract c on c.id = s.contract_id
              where c.customer_id = customer.id and s.removed_on is null and c.deleted_at is null), '[]') as suspensions,
    (select max(until_on) from promise where promise.customer_id = customer.id and withdrawn_on is null) as promised_until,
    coalesce((select json_object_agg(m.subject_id, coalesce(m.ready_on, m.ended_on) order by coalesce(m.ready_on, m.ended_on) desc) from message m
              where m.customer_id = customer.id and m.blocks and m.kind = 'reminder' and m.state in ('sent', 'to_print')), '{}') as blocks
  from customer where id = any(?::text[]) and organization_id = ?`;

/** Customers that are unknown or another organization's are left out. */
export async function accessFactsOf(ctx: ReadContext, customerIds: readonly string[]): Promise<CustomerAccessFacts[]> {
  const money = new Map((await loadMoneyOfMany(ctx, customerIds, false)).map((one) => [one.customer, one]));
  const rows = await query<FactsRow>(ctx.reader, sql, [customerIds, ctx.organization.id], 'access-facts');
  return rows.flatMap((row) => {
    const own = money.get(row.id);
    return own ? [factsFrom(row, own)] : [];
  });
}

function factsFrom(row: FactsRow, money: CustomerMoney): CustomerAccessFacts {
  const claims = payableClaims(money);
  const debtOf = new Map(claims.map((claim) => [claim.id, debtIdOf(claim)]));
  return {
    customer: row.id,
    contracts: row.contracts.map(([id, starts_on, ends_on]) => ({ id, starts_on, ends_on })),
    suspensions: row.suspensions.map(([contract, starts_on, ends_on, reason]) => ({
      contract,
      starts_on,
      ends_on,
      reason: reason ?? '',
    })),
    debts: debtsOf(claims, openPayments(money)).map((debt) => ({
      amount: debt.amount,
      due_on: debt.due_on,
      in_flight_on: debt.in_flight_on,
      promised_until: row.promised_until,
      stage_block_on: row.blocks[debtOf.get(debt.claim) ?? debt.claim] ?? null,
    })),
  };
}

export function accessRules(ctx: ReadContext) {
  const { grace_days, access } = ctx.organization.settings;
  return { grace_days, in_flight_days: access.in_flight_days, offline_days: access.offline_days };
}

/** The first day after today on which something known today may change the answer; null: none. No day lifts a block for a debt. */
export function reviewDay(ctx: ReadContext, facts: AccessFacts, today: Day): Day | null {
  const rules = accessRules(ctx);
  const blocks = facts.debts.flatMap((debt) => blockedFrom(debt, rules) ?? []);
  if (blocks.some(({ on, reason }) => reason === 'debt' && on <= today)) return null;
  const days: Day[] = blocks.map(({ on }) => on);
  for (const { starts_on, ends_on } of [...facts.contracts, ...facts.suspensions]) {
    days.push(starts_on);
    if (ends_on !== null) days.push(addDays(ends_on, 1));
  }
  const ahead = days.filter((on) => on > today).sort();
  return ahead[0] ?? null;
}

export interface AccessChange {
  customer: string;
  before: { state: AccessState; reason: AccessReason | null };
  after: { state: AccessState; reason: AccessReason | null };
}

/** Keeps the answers. @returns those that differ from the ones before in state or reason. */
export async function saveAccess(
  ctx: Context,
  answers: readonly { customer: string; access: Access; review_on: Day | null }[],
): Promise<AccessChange[]> {
  if (answers.length === 0) return [];
  const rows = answers.map(({ customer, access, review_on }) => ({
    customer,
    review_on,
    state: access.state,
    reason: access.reason,
    detail: access.causes[0]?.detail ?? null,
    since_on: access.since_on,
    until_on: access.until_on,
  }));
  const changed = await query<{
    customer: string;
    state: AccessState;
    reason: AccessReason | null;
    was_state: AccessState;
    was_reason: AccessReason | null;
  }>(
    ctx.trx,
    `with row as (
       select * from jsonb_to_recordset(?::jsonb) as row (customer text, review_on date, state text, reason text, detail text,
         since_on date, until_on date)
     ), before as (
       select c.id, c.access_state, c.access_reason from customer c join row on row.customer = c.id order by c.id for no key update of c
     )
     update customer c set access_state = row.state, access_reason = row.reason, access_detail = row.detail,
       access_since_on = row.since_on, access_until_on = row.until_on, access_review_on = row.review_on
     from row join before on before.id = row.customer
     where c.id = row.customer and c.organization_id = ?
     returning c.id as customer, row.state, row.reason, before.access_state as was_state, before.access_reason as was_reason`,
    [JSON.stringify(rows), ctx.organization.id],
    'save-access',
  );
  return changed
    .filter((row) => row.state !== row.was_state || row.reason !== row.was_reason)
    .map((row) => ({
      customer: row.customer,
      before: { state: row.was_state, reason: row.was_reason },
      after: { state: row.state, reason: row.reason },
    }));
}
