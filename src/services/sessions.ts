/**
 * Signing in and out. Whoever fails is told the same thing, after the same time, whatever was wrong.
 *
 * Always true: a session's token is shown once and kept as a hash; a session ends half an hour after it was last used
 * and twelve hours after it began, whatever happens; a changed password ends every other session of its person.
 */
import { randomBytes } from 'node:crypto';
import { type Context, type Organization, writeContext } from '../context.ts';
import { passwordFault } from '../domain/password-rules.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { type Database, queryOne } from '../store/database.ts';
import { findOrganization } from '../store/organizations.ts';
import { attemptOf, attemptSucceeded, countAttempt } from '../store/sign-in-attempts.ts';
import { announce } from './announce.ts';
import { hashPassword, isOldHash, isPassword } from './passwords.ts';
import { endSessions, hashToken, personEmail } from './people.ts';

const LONGEST_HOURS = 12;

export interface SignIn {
  organization: string;
  email: string;
  password: string;
}

export interface OpenedSession {
  id: string;
  token: string;
  expires_at: Date;
  person: string;
}

interface Account {
  id: string;
  name: string;
  email: string;
  password_hash: string | null;
}

function emailOrNothing(text: string): string {
  try {
    return personEmail(text);
  } catch {
    return '';
  }
}

/** @throws Refusal `sign_in_too_often`, `sign_in_refused` */
export async function signIn(database: Database, input: SignIn, address: string, now: Date): Promise<OpenedSession> {
  const email = emailOrNothing(input.email);
  const attempt = attemptOf(input.organization, email, address);
  if (!(await countAttempt(database, attempt))) throw new Refusal('sign_in_too_often');
  const account = await queryOne<Account>(
    database,
    `select id, name, email, password_hash from person
     where organization_id = ? and email = ? and disabled_at is null`,
    [input.organization, email],
  );
  const isRight = await isPassword(input.password, account?.password_hash ?? null);
  const organization = account && (await findOrganization(database, input.organization));
  if (!account?.password_hash || !organization || !isRight) throw new Refusal('sign_in_refused');
  const newer = isOldHash(account.password_hash) ? await hashPassword(input.password) : null;
  const opened = await database.transaction(async (trx) => {
    const ctx = writeContext(trx, organization, `person:${account.id}`, now);
    // Asked again under the lock: a password changed, or a person disabled, in the time that hashing takes.
    const still = await queryOne(
      trx,
      'select 1 from person where id = ? and password_hash = ? and disabled_at is null for no key update',
      [account.id, account.password_hash],
    );
    if (!still) throw new Refusal('sign_in_refused');
    if (newer) await trx('person').where({ id: account.id }).update({ password_hash: newer });
    return openSession(ctx, account.id);
  });
  await attemptSucceeded(database, attempt);
  return opened;
}

async function openSession(ctx: Context, person: string): Promise<OpenedSession> {
  const id = newId('ses');
  const token = `ps_${randomBytes(32).toString('base64url')}`;
  const expires_at = new Date(ctx.now.getTime() + LONGEST_HOURS * 3_600_000);
  await ctx.trx('session').insert({
    id,
    organization_id: ctx.organization.id,
    person_id: person,
    token_hash: hashToken(token),
    created_at: ctx.now,
    last_seen_at: ctx.now,
    expires_at,
  });
  await announce(ctx, { type: 'session.opened', subjects: [id, person], data: {} });
  return { id, token, expires_at, person };
}

/** Ends the session that asks. */
export async function signOut(ctx: Context, session: string): Promise<void> {
  await ctx.trx.raw('update session set ended_at = ? where id = ? and ended_at is null', [ctx.now, session]);
  await announce(ctx, { type: 'session.closed', subjects: [session], data: {} });
}

/** Ends every session of the person who asks, this one as well. */
export async function signOutEverywhere(ctx: Context, person: string): Promise<void> {
  const sessions = await endSessions(ctx, person);
  await announce(ctx, { type: 'person.signed_out', subjects: [person], data: { sessions } });
}

function requireGoodPassword(password: string, account: Account, organization: Organization, pointer: string): void {
  const fault = passwordFault(password, [account.name, account.email, organization.name]);
  if (fault) throw new Refusal(fault, {}, { pointer });
}

/**
 * The current password, asked again, counts as signing in: on a connection of its own, so that a refusal is counted too.
 * @throws Refusal `sign_in_too_often`, `password_wrong`, those of a weak one
 */
export async function changePassword(
  ctx: Context,
  database: Database,
  who: { person: string; session: string },
  passwords: { current_password: string; new_password: string },
): Promise<void> {
  const account = await queryOne<Account>(
    ctx.trx,
    'select id, name, email, password_hash from person where id = ? and disabled_at is null',
    [who.person],
  );
  if (!account) throw new Refusal('not_found');
  const attempt = attemptOf(ctx.organization.id, account.email, who.session);
  if (!(await countAttempt(database, attempt))) throw new Refusal('sign_in_too_often');
  if (!(await isPassword(passwords.current_password, account.password_hash)))
    throw new Refusal('password_wrong', {}, { pointer: '/current_password' });
  await attemptSucceeded(database, attempt);
  requireGoodPassword(passwords.new_password, account, ctx.organization, '/new_password');
  const isSet = await setPassword(ctx, account, await hashPassword(passwords.new_password));
  // Changed meanwhile by another request: what was told is not the password any more.
  if (!isSet) throw new Refusal('password_wrong', {}, { pointer: '/current_password' });
  await endSessions(ctx, account.id, who.session);
  await announce(ctx, { type: 'person.password_changed', subjects: [account.id], data: {} });
}

/** Only where what was read before hashing still stands. @returns whether it does */
async function setPassword(ctx: Context, account: Account, password_hash: string): Promise<boolean> {
  const { rows } = await ctx.trx.raw(
    `update person set password_hash = ?, password_changed_at = ?, invitation_hash = null, invitation_expires_at = null,
            version = version + 1
     where id = ? and password_hash is not distinct from ? and disabled_at is null returning id`,
    [password_hash, ctx.now, account.id, account.password_hash],
  );
  return rows.length > 0;
}

/** The person sets a password with the token of an invitation, once. @throws Refusal `invitation_unknown`, those of a weak one */
export async function acceptInvitation(
  database: Database,
  input: { token: string; password: string },
  now: Date,
): Promise<{ organization: string; person: string; email: string }> {
  const hash = hashToken(input.token);
  const account = await queryOne<Account & { organization_id: string }>(
    database,
    `select id, name, email, password_hash, organization_id from person
     where invitation_hash = ? and invitation_expires_at > ? and disabled_at is null`,
    [hash, now],
  );
  const organization = account && (await findOrganization(database, account.organization_id));
  if (!account || !organization) throw new Refusal('invitation_unknown');
  requireGoodPassword(input.password, account, organization, '/password');
  const password_hash = await hashPassword(input.password);
  await database.transaction(async (trx) => {
    const ctx = writeContext(trx, organization, `person:${account.id}`, now);
    const still = await queryOne(trx, 'select 1 from person where id = ? and invitation_hash = ? for no key update', [
      account.id,
      hash,
    ]);
    if (!still) throw new Refusal('invitation_unknown');
    if (!(await setPassword(ctx, account, password_hash))) throw new Refusal('invitation_unknown');
    await announce(ctx, { type: 'person.joined', subjects: [account.id], data: {} });
  });
  return { organization: organization.id, person: account.id, email: account.email };
}
