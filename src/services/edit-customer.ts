/** Edits a customer, and leaves a trace of which fields changed (not of what they hold: the trail outlives the person's wish to be forgotten). */
import type { Context } from '../context.ts';
import { emailAddress } from '../domain/email-address.ts';
import { Refusal } from '../errors/refusal.ts';
import type { CustomerEdit } from '../schemas/customer.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { takenByAnother } from './create-customer.ts';

/** @throws Refusal `not_found`, `stale_version`, `external_id_taken`, `badge_taken`. */
export async function editCustomer(
  ctx: Context,
  id: string,
  edit: CustomerEdit,
  ifVersion: number | undefined,
): Promise<void> {
  const before = await queryOne<{ version: number }>(
    ctx.trx,
    'select version from customer where id = ? and organization_id = ? for no key update',
    [id, ctx.organization.id],
  );
  if (!before) throw new Refusal('not_found');
  if (ifVersion !== undefined && ifVersion !== before.version) throw new Refusal('stale_version');
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  if (typeof given.email === 'string') given.email = emailAddress(given.email);
  if (edit.collections_stopped !== undefined) {
    given.collections_stopped_on = edit.collections_stopped ? ctx.today : null;
    delete given.collections_stopped;
  }
  for (const field of ['address', 'business'] as const) if (given[field]) given[field] = JSON.stringify(given[field]);
  try {
    await ctx
      .trx('customer')
      .where({ id })
      .update({ ...given, version: before.version + 1 });
  } catch (error) {
    throw takenByAnother(error);
  }
  await announce(ctx, { type: 'customer.edited', subjects: [id], data: { fields: Object.keys(given) } });
}
