/** Mandates as the desk sees them: the account masked. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { maskedAccount } from '../domain/iban.ts';
import { lastUsableDay, type MandateState, mandateStates, type SuspendedFor } from '../domain/mandates.ts';
import { Refusal } from '../errors/refusal.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';

export const mandateSchema = z
  .object({
    id: z.string(),
    object: z.literal('mandate'),
    customer: z.string(),
    reference: z.string(),
    scheme: z.enum(['CORE', 'B2B']),
    kind: z.enum(['recurrent', 'one_off']),
    status: z.enum(mandateStates),
    suspended_for: z.enum(['account', 'signature', 'person']).nullable(),
    iban: z.string().meta({ description: 'Masked.', example: 'FR** **** 0189' }),
    signed_on: dayField,
    last_collected_on: dayField.nullable(),
    usable_until: dayField.meta({ description: 'Void after this day unless it is collected from before.' }),
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Mandate' });

interface MandateRow {
  id: string;
  customer: string;
  reference: string;
  scheme: 'CORE' | 'B2B';
  kind: 'recurrent' | 'one_off';
  state: MandateState;
  suspended_for: SuspendedFor | null;
  signed_on: Day;
  last_collected_on: Day | null;
  iban_country: string;
  iban_last4: string;
  version: number;
  created_at: Date;
}

const select = `select id, customer_id as customer, reference, scheme, kind, state, suspended_for, signed_on, last_collected_on,
  iban_country, iban_last4, version, created_at from mandate`;

function show({ state, iban_country, iban_last4, created_at, ...row }: MandateRow) {
  return {
    ...row,
    object: 'mandate' as const,
    status: state,
    iban: maskedAccount(iban_country, iban_last4),
    usable_until: lastUsableDay(row),
    created_at: created_at.toISOString(),
  };
}

/** @throws Refusal `not_found` */
export async function findMandate(ctx: ReadContext, id: string) {
  const [row] = await query<MandateRow>(ctx.reader, `${select} where id = ? and organization_id = ?`, [
    id,
    ctx.organization.id,
  ]);
  if (!row) throw new Refusal('not_found');
  return show(row);
}

/** Newest first. */
export async function mandatesOfCustomer(ctx: ReadContext, customerId: string) {
  const rows = await query<MandateRow>(
    ctx.reader,
    `${select} where customer_id = ? and organization_id = ? order by id desc limit 100`,
    [customerId, ctx.organization.id],
  );
  return { object: 'list' as const, data: rows.map(show), has_more: false, next_cursor: null };
}
