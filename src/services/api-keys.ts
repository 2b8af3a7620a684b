/**
 * Keys of an organization: made, listed, replaced, revoked. The secret is shown once, when it is made.
 *
 * Always true: an organization keeps at least one admin key that works, so nobody locks everybody out; a key that
 * replaces another may do exactly what that one may, and only an operator replaces an operator's key.
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

export interface Rotation {
  id: string;
  /** How long the replaced key goes on working; 0: it stops at once. */
  overlap_hours: number;
  expires_at?: Date | undefined;
  /** Whether the caller is an operator. */
  by_operator: boolean;
}

interface RotatedKey {
  role: string;
  label: string;
  is_operator: boolean;
  expires_at: Date | null;
}

/**
 * Makes a key that replaces another; both work until the overlap ends.
 * @throws Refusal `not_found`, `key_already_replaced`, `operators_only`, `key_expires_in_the_past`
 */
export async function rotateApiKey(ctx: Context, rotation: Rotation): Promise<{ id: string; secret: string } & KeyOf> {
  const old = await queryOne<RotatedKey>(
    ctx.trx,
    `select role, label, is_operator, expires_at from api_key where id = ? and organization_id = ? and revoked_at is null
       and (expires_at is null or expires_at > ?) for no key update`,
    [rotation.id, ctx.organization.id, ctx.now],
  );
  if (!old) throw new Refusal('not_found');
  // Asked once the key is locked: who waited for the lock does not see what the other wrote by the statement that waited.
  const newer = await queryOne(ctx.trx, 'select 1 from api_key where replaces_id = ?', [rotation.id]);
  if (newer) throw new Refusal('key_already_replaced');
  if (old.is_operator && !rotation.by_operator) throw new Refusal('operators_only');
  const expires_at = rotation.expires_at ?? null;
  if (expires_at && expires_at <= ctx.now) throw new Refusal('key_expires_in_the_past', {}, { pointer: '/expires_at' });
  const { label, role, is_operator } = old;
  const id = newId('key');
  const live = ctx.organization.test_today === null;
  const made = { id, organization_id: ctx.organization.id, label, role, is_operator, expires_at, live };
  const secret = await createApiKey(ctx.trx, made, ctx.now);
  await ctx.trx.raw('update api_key set replaces_id = ? where id = ?', [rotation.id, id]);
  const until = new Date(ctx.now.getTime() + rotation.overlap_hours * 3_600_000);
  await ctx.trx.raw(
    rotation.overlap_hours === 0
      ? 'update api_key set revoked_at = ? where id = ?'
      : 'update api_key set expires_at = least(expires_at, ?) where id = ?',
    [until, rotation.id],
  );
  const data = { label, role, overlap_hours: rotation.overlap_hours };
  await announce(ctx, { type: 'api_key.rotated', subjects: [id, rotation.id], data });
  return { id, secret, label, role, expires_at };
}

interface KeyOf {
  label: string;
  role: string;
  expires_at: Date | null;
}
