/** Promises, holds and refused addresses as the desk sees them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';

export const promiseSchema = z
  .object({
    id: z.string(),
    object: z.literal('promise'),
    customer: z.string(),
    until_on: dayField,
    amount: amountField.nullable().meta({ description: 'Null: all that is owed.' }),
    currency: z.string(),
    note: z.string().nullable(),
    made_on: dayField,
    withdrawn_on: dayField.nullable(),
  })
  .meta({ id: 'Promise' });

export const holdSchema = z
  .object({
    id: z.string(),
    object: z.literal('reminder_hold'),
    customer: z.string(),
    debt: z.string().nullable().meta({ description: 'Null: every debt of the customer.' }),
    until_on: dayField.nullable().meta({ description: 'Last day; null: until it is lifted.' }),
    note: z.string().nullable(),
    made_on: dayField,
    lifted_on: dayField.nullable(),
  })
  .meta({ id: 'ReminderHold' });

interface PromiseRow {
  id: string;
  customer: string;
  until_on: Day;
  amount: number | null;
  note: string | null;
  made_on: Day;
  withdrawn_on: Day | null;
}

async function promisesWhere(ctx: ReadContext, condition: string, value: string) {
  const rows = await query<PromiseRow>(
    ctx.reader,
    `select id, customer_id as customer, until_on, amount_cents as amount, note, recorded_on as made_on, withdrawn_on
     from promise where organization_id = ? and ${condition} order by id desc limit 100`,
    [ctx.organization.id, value],
  );
  return rows.map((row) => ({ ...row, object: 'promise' as const, currency: ctx.organization.currency }));
}

interface HoldRow {
  id: string;
  customer: string;
  debt: string | null;
  until_on: Day | null;
  note: string | null;
  made_on: Day;
  lifted_on: Day | null;
}

async function holdsWhere(ctx: ReadContext, condition: string, value: string) {
  const rows = await query<HoldRow>(
    ctx.reader,
    `select id, customer_id as customer, debt_id as debt, until_on, note, recorded_on as made_on, lifted_on
     from reminder_hold where organization_id = ? and ${condition} order by id desc limit 100`,
    [ctx.organization.id, value],
  );
  return rows.map((row) => ({ ...row, object: 'reminder_hold' as const }));
}

function only<Item>([item]: Item[]): Item {
  if (!item) throw new Refusal('not_found');
  return item;
}

const list = <Item>(data: Item[]) => ({ object: 'list' as const, data, has_more: false, next_cursor: null });

export const findPromise = async (ctx: ReadContext, id: string) => only(await promisesWhere(ctx, 'id = ?', id));
export const findHold = async (ctx: ReadContext, id: string) => only(await holdsWhere(ctx, 'id = ?', id));
/** The newest hundred, withdrawn ones included. */
export const promisesOfCustomer = async (ctx: ReadContext, customer: string) =>
  list(await promisesWhere(ctx, 'customer_id = ?', customer));
export const holdsOfCustomer = async (ctx: ReadContext, customer: string) =>
  list(await holdsWhere(ctx, 'customer_id = ?', customer));

export const suppressedAddressSchema = z
  .object({
    object: z.literal('suppressed_address'),
    address: z.string(),
    reply: z.string().meta({ description: 'What the mail server said.' }),
    reminder: z.string().nullable(),
    refused_on: dayField,
  })
  .meta({ id: 'SuppressedAddress' });

interface SuppressedRow {
  address: string;
  reply: string;
  reminder: string | null;
  refused_on: Day;
}

/** The newest hundred, or the one asked for. */
export async function suppressedAddresses(ctx: ReadContext, address: string | null) {
  const rows = await query<SuppressedRow>(
    ctx.reader,
    `select address, reply, message_id as reminder, recorded_on as refused_on from suppressed_address
     where organization_id = ? and (?::text is null or address = ?) order by recorded_at desc, address limit 100`,
    [ctx.organization.id, address, address],
  );
  return list(rows.map((row) => ({ object: 'suppressed_address' as const, ...row })));
}
