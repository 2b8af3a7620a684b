/**
 * People who work for an organization: invited by an admin with a token that is good once and for three days, given a
 * role, disabled when they leave.
 *
 * Always true: only an operator makes operators; who is disabled, or invited anew, is signed out everywhere at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { emailAddress } from '../domain/email-address.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { queryOne, violatedConstraint } from '../store/database.ts';
import { announce } from './announce.ts';

const INVITATION_HOURS = 72;

export interface NewPerson {
  name: string;
  email: string;
  role: string;
  is_operator: boolean;
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** People type their own address in whatever case. */
export const personEmail = (text: string): string => emailAddress(text).toLowerCase();

function newInvitation(ctx: Context) {
  const token = `pi_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token), expires_at: new Date(ctx.now.getTime() + INVITATION_HOURS * 3_600_000) };
}

/** @returns the id and the invitation's token, which cannot be read again. @throws Refusal `person_email_taken` */
export async function invitePerson(ctx: Context, input: NewPerson): Promise<{ id: string; token: string }> {
  const id = newId('per');
  const { token, hash, expires_at } = newInvitation(ctx);
  const { name, role, is_operator } = input;
  const row = {
    id,
    organization_id: ctx.organization.id,
    name,
    email: personEmail(input.email),
    role,
    is_operator,
    invitation_hash: hash,
    invitation_expires_at: expires_at,
    version: 1,
    created_at: ctx.now,
  };
  try {
    await ctx.trx('person').insert(row);
  } catch (error) {
    if (violatedConstraint(error) === 'person_email_taken')
      throw new Refusal('person_email_taken', {}, { pointer: '/email' });
    throw error;
  }
  await announce(ctx, { type: 'person.invited', subjects: [id], data: { role, is_operator } });
  return { id, token };
}

interface StoredPerson {
  id: string;
  role: string;
  is_operator: boolean;
  version: number;
}

async function lockPerson(ctx: Context, id: string): Promise<StoredPerson> {
  const person = await queryOne<StoredPerson>(
    ctx.trx,
    `select id, role, is_operator, version from person
     where id = ? and organization_id = ? and disabled_at is null for no key update`,
    [id, ctx.organization.id],
  );
  if (!person) throw new Refusal('not_found');
  return person;
}

/** For who never came, and for who forgot the password: the one that was kept is gone. @throws Refusal `not_found`, `operators_only` */
export async function inviteAgain(ctx: Context, id: string, by_operator: boolean): Promise<string> {
  const person = await lockPerson(ctx, id);
  // Who invites holds the token: an admin must not become an operator by way of one.
  if (person.is_operator && !by_operator) throw new Refusal('operators_only');
  const { token, hash, expires_at } = newInvitation(ctx);
  await ctx
    .trx('person')
    .where({ id })
    .update({
      invitation_hash: hash,
      invitation_expires_at: expires_at,
      password_hash: null,
      password_changed_at: null,
      version: person.version + 1,
    });
  await endSessions(ctx, id);
  await announce(ctx, { type: 'person.invited', subjects: [id], data: { role: person.role, again: true } });
  return token;
}

export interface PersonEdit {
  name?: string | undefined;
  role?: string | undefined;
}

/** @throws Refusal `not_found`, `stale_version`, `operators_only` */
export async function editPerson(
  ctx: Context,
  id: string,
  edit: PersonEdit,
  how: { if_version: number | undefined; by_operator: boolean },
): Promise<void> {
  const person = await lockPerson(ctx, id);
  if (how.if_version !== undefined && how.if_version !== person.version) throw new Refusal('stale_version');
  if (person.is_operator && !how.by_operator) throw new Refusal('operators_only');
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  await ctx
    .trx('person')
    .where({ id })
    .update({ ...given, version: person.version + 1 });
  const data =
    edit.role === undefined ? { fields: Object.keys(given) } : { fields: Object.keys(given), role: edit.role };
  await announce(ctx, { type: 'person.edited', subjects: [id], data });
}

/** @throws Refusal `not_found`, `operators_only` */
export async function disablePerson(ctx: Context, id: string, by_operator: boolean): Promise<void> {
  const person = await lockPerson(ctx, id);
  if (person.is_operator && !by_operator) throw new Refusal('operators_only');
  await ctx
    .trx('person')
    .where({ id })
    .update({
      disabled_at: ctx.now,
      password_hash: null,
      password_changed_at: null,
      invitation_hash: null,
      invitation_expires_at: null,
      version: person.version + 1,
    });
  await endSessions(ctx, id);
  await announce(ctx, { type: 'person.disabled', subjects: [id], data: { role: person.role } });
}

/** Signs a person out everywhere, or everywhere but in one session. @returns how many sessions ended */
export async function endSessions(ctx: Context, personId: string, but: string | null = null): Promise<number> {
  const { rows } = await ctx.trx.raw(
    `update session set ended_at = ? where person_id = ? and ended_at is null and id is distinct from ? returning id`,
    [ctx.now, personId, but],
  );
  return rows.length;
}
