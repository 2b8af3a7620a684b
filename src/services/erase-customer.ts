/**
 * Forgets a person and keeps the books: what tells who the customer was is emptied everywhere, what happened and what
 * was paid stays under the customer's id.
 *
 * Always true: refused while anything of the customer is open; the chain of the trail holds afterwards; the erasure
 * itself is told in it, by an event that every emptied one names.
 */
import type { Context, ReadContext } from '../context.ts';
import { booksKeptUntil, obstaclesOf } from '../domain/erasure.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { countEverywhere, eraseEverywhere, idsOfCustomer, standingOf } from '../store/erasures.ts';
import { announce } from './announce.ts';

async function look(ctx: ReadContext, customer: string) {
  const ids = await idsOfCustomer(ctx, customer);
  const standing = await standingOf(ctx, customer, ids);
  if (!standing) throw new Refusal('not_found');
  const obstacles = obstaclesOf(standing, ctx.today);
  return { ids, standing, obstacles, kept_until_on: booksKeptUntil(standing.last_booked_on) };
}

/** What an erasure would do, and what stands in its way. @throws Refusal `not_found` */
export async function previewErasure(ctx: ReadContext, customer: string) {
  const { ids, standing, obstacles, kept_until_on } = await look(ctx, customer);
  return {
    object: 'erasure_preview' as const,
    customer,
    is_erased: standing.erased,
    obstacles,
    erases: await countEverywhere(ctx, customer, ids),
    keeps: { invoices: standing.invoices, postings: standing.postings, until_on: kept_until_on },
  };
}

/** Of a person who was not erased. @throws Refusal `not_found`, `customer_not_settled` */
export async function eraseCustomer(ctx: Context, customer: string) {
  await lockCustomers(ctx, [customer]);
  const { ids, standing, obstacles, kept_until_on } = await look(ctx, customer);
  if (obstacles.length > 0)
    throw new Refusal('customer_not_settled', { why: obstacles.map(({ code }) => code).join(', ') });
  const event = newId('evt');
  const erases = await eraseEverywhere(ctx, { customer, ids, event, kept_until_on });
  await announce(ctx, { id: event, type: 'customer.erased', subjects: [customer], data: { erases, kept_until_on } });
  const { invoices, postings } = standing;
  return {
    object: 'erasure' as const,
    customer,
    event,
    erases,
    keeps: { invoices, postings, until_on: kept_until_on },
  };
}
