/**
 * Keys of an organization: made, listed, replaced, revoked. The secret is shown once, when it is made.
 *
 * Always true: an organization keeps at least one admin key that works, so nobody locks everybody out.
 */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { createApiKey } from './create-organization.ts';

export interface NewApiKey {
  label: string;
  role: string;
  expires_at?: Date | undefined;
}

/** @returns the id and the secret, which cannot be read again. */
export async function addApiKey(ctx: Context, input: NewApiKey): Promise<{ id: string; secret: string }> {
  if (input.expires_at && input.expires_at <= ctx.now)
    throw new Refusal('key_expires_in_the_past', {}, { pointer: '/expires_at' });
  const id = newId('key');
  const secret = await createApiKey(
    ctx.trx,
    {
      id,
      organization_id: ctx.organization.id,
      label: input.label,
      role: input.role,
      is_operator: false,
      expires_at: input.expires_at ?? null,
      live: ctx.organization.test_today === null,
    },
    ctx.now,
  );
  await announce(ctx, { type: 'api_key.created', subjects: [id], data: { label: input.label, role: input.role } });
  return { id, secret };
}

/** @throws Refusal `not_found`, `last_admin_key`. */
export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  await ctx.trx.raw('select 1 from organization where id = ? for no key update', [ctx.organization.id]);
  const key = await queryOne<{ role: string; label: string }>(
    ctx.trx,
    'select role, label from api_key where id = ? and organization_id = ? and revoked_at is null',
    [id, ctx.organization.id],
  );
  if (!key) throw new Refusal('not_found');
  const other = await queryOne(
    ctx.trx,
    `select 1 from api_key where organization_id = ? and id <> ? and role = 'admin' and revoked_at is null
       and (expires_at is null or expires_at > ?) limit 1`,
    [ctx.organization.id, id, ctx.now],
  );
  if (key.role === 'admin' && !other) throw new Refusal('last_admin_key');
  await ctx.trx.raw('update api_key set revoked_at = ? where id = ?', [ctx.now, id]);
  await announce(ctx, { type: 'api_key.revoked', subjects: [id], data: { label: key.label, role: key.role } });
}
