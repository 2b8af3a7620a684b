/**
 * What keeps the engine quiet about a debt: the customer's promise to pay by a day, and a hold that a person put.
 *
 * Always true: both are ended, never deleted; a promise opens the door too, until the day after it.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { refreshAccess } from './refresh-access.ts';

export interface NewPromise {
  until_on: Day;
  amount?: number | undefined;
  note?: string | undefined;
}

/** @returns the id. @throws Refusal `not_found`, `promise_in_the_past` */
export async function takePromise(ctx: Context, customer: string, promise: NewPromise): Promise<string> {
  await lockCustomer(ctx, customer);
  refusePast(ctx, promise.until_on);
  const id = newId('prm');
  await ctx.trx.raw(
    `insert into promise (id, organization_id, customer_id, until_on, amount_cents, note, actor, recorded_on, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      ctx.organization.id,
      customer,
      promise.until_on,
      promise.amount ?? null,
      promise.note ?? null,
      ctx.actor,
      ctx.today,
      ctx.now,
    ],
  );
  await announce(ctx, { type: 'promise.made', subjects: [id, customer], data: { ...promise } });
  await refreshAccess(ctx, [customer]);
  return id;
}

/** @throws Refusal `not_found`, `already_ended` */
export async function withdrawPromise(ctx: Context, id: string): Promise<void> {
  const customer = await end(ctx, 'promise', id);
  await announce(ctx, { type: 'promise.withdrawn', subjects: [id, customer], data: {} });
  await refreshAccess(ctx, [customer]);
}

export interface NewHold {
  /** The debt that is left in peace; every debt of the customer unless given. */
  debt?: string | undefined;
  /** Its last day; without an end unless given. */
  until_on?: Day | undefined;
  note?: string | undefined;
}

/** @returns the id. @throws Refusal `not_found`, `promise_in_the_past` */
export async function holdReminders(ctx: Context, customer: string, hold: NewHold): Promise<string> {
  await lockCustomer(ctx, customer);
  if (hold.until_on !== undefined) refusePast(ctx, hold.until_on);
  if (hold.debt !== undefined) await requireDebt(ctx, customer, hold.debt);
  const id = newId('hld');
  await ctx.trx.raw(
    `insert into reminder_hold (id, organization_id, customer_id, debt_id, until_on, note, actor, recorded_on, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      ctx.organization.id,
      customer,
      hold.debt ?? null,
      hold.until_on ?? null,
      hold.note ?? null,
      ctx.actor,
      ctx.today,
      ctx.now,
    ],
  );
  await announce(ctx, { type: 'reminders.held', subjects: [id, customer], data: { ...hold } });
  return id;
}

/** @throws Refusal `not_found`, `already_ended` */
export async function liftHold(ctx: Context, id: string): Promise<void> {
  const customer = await end(ctx, 'reminder_hold', id);
  await announce(ctx, { type: 'reminders.hold_lifted', subjects: [id, customer], data: {} });
}

/** An address that a mail server had refused is written to again. @throws Refusal `not_found` */
export async function allowAddress(ctx: Context, address: string): Promise<void> {
  const gone = await queryOne<{ message_id: string | null }>(
    ctx.trx,
    'delete from suppressed_address where organization_id = ? and address = ? returning message_id',
    [ctx.organization.id, address],
  );
  if (!gone) throw new Refusal('not_found');
  const subjects = [ctx.organization.id, ...(gone.message_id === null ? [] : [gone.message_id])];
  await announce(ctx, { type: 'address.allowed_again', subjects, data: {} });
}

const endColumn = { promise: 'withdrawn_on', reminder_hold: 'lifted_on' } as const;

async function end(ctx: Context, table: keyof typeof endColumn, id: string): Promise<string> {
  const column = endColumn[table];
  const row = await queryOne<{ customer_id: string; ended_on: Day | null }>(
    ctx.trx,
    `select customer_id, ${column} as ended_on from ${table} where id = ? and organization_id = ? for update`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  if (row.ended_on !== null) throw new Refusal('already_ended');
  await ctx.trx.raw(`update ${table} set ${column} = ? where id = ?`, [ctx.today, id]);
  return row.customer_id;
}

async function lockCustomer(ctx: Context, id: string): Promise<void> {
  await lockCustomers(ctx, [id]);
  const known = await queryOne(ctx.trx, 'select 1 from customer where id = ? and organization_id = ?', [
    id,
    ctx.organization.id,
  ]);
  if (!known) throw new Refusal('not_found');
}

async function requireDebt(ctx: Context, customer: string, debt: string): Promise<void> {
  const known = await queryOne(
    ctx.trx,
    'select 1 from instalment where id = ? and customer_id = ? union all select 1 from fee where id = ? and customer_id = ?',
    [debt, customer, debt, customer],
  );
  if (!known) throw new Refusal('not_found', {}, { pointer: '/debt' });
}

function refusePast(ctx: Context, until: Day): void {
  if (until < ctx.today) throw new Refusal('promise_in_the_past', { today: ctx.today }, { pointer: '/until_on' });
}
