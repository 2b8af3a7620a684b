/** Takes a customer in. */
import type { Context } from '../context.ts';
import { emailAddress } from '../domain/email-address.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import type { NewCustomer } from '../schemas/customer.ts';
import { violatedConstraint } from '../store/database.ts';
import { announce } from './announce.ts';

/** @returns the id. @throws Refusal `external_id_taken`, `badge_taken`. */
export async function createCustomer(ctx: Context, input: NewCustomer): Promise<string> {
  const email = input.email === undefined ? null : emailAddress(input.email);
  const id = newId('cus');
  try {
    await ctx.trx.raw(
      `insert into customer (id, organization_id, name, email, locale, address, birth_on, external_id, badge, business, version, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
      [
        id,
        ctx.organization.id,
        input.name,
        email,
        input.locale ?? ctx.organization.locale,
        input.address ? JSON.stringify(input.address) : null,
        input.birth_on ?? null,
        input.external_id ?? null,
        input.badge ?? null,
        input.business ? JSON.stringify(input.business) : null,
        ctx.now,
      ],
    );
  } catch (error) {
    throw takenByAnother(error);
  }
  await announce(ctx, { type: 'customer.created', subjects: [id], data: {} });
  return id;
}

/** What a unique constraint of `customer` means; any other error as it is. */
export function takenByAnother(error: unknown): unknown {
  const constraint = violatedConstraint(error);
  if (constraint === 'customer_external_id_taken')
    return new Refusal('external_id_taken', {}, { pointer: '/external_id' });
  if (constraint === 'customer_badge_taken') return new Refusal('badge_taken', {}, { pointer: '/badge' });
  return error;
}
