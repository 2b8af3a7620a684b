/**
 * After a restore the engine no longer knows what it has sent since the backup was made: a collection released again
 * would take people's money twice. So nothing is released and no mail leaves until somebody has compared and confirmed.
 *
 * Always true: what speaks of a restore locks; nothing but a confirmation opens; the lock is looked at in the transaction
 * that would release, not only when a program starts.
 */
import { type Context, writeContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { enqueueMany } from '../jobs/enqueue.ts';
import { query, queryOne, type Trx } from '../store/database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../store/organizations.ts';
import { announce } from './announce.ts';

/** Holds for one transaction at a time, so that a restore is told of once. */
const lockInstallation = (trx: Trx) => trx.raw(`select pg_advisory_xact_lock(hashtext('echeance installation'))`);

const writeIdentity = (trx: Trx, now: Date) =>
  trx.raw(
    `insert into installation (one, identity, written_by, recorded_at)
     values (true, installation_identity(), pg_current_xact_id()::xid::text, ?)
     on conflict (one) do update set identity = excluded.identity, written_by = excluded.written_by,
       recorded_at = excluded.recorded_at`,
    [now],
  );

/** Looks whether the data come from a backup, and locks every organization if so. @returns whether they do */
export async function noticeRestore(trx: Trx, now: Date): Promise<boolean> {
  await lockInstallation(trx);
  const found = await queryOne<{ known: boolean; restored: boolean }>(
    trx,
    'select exists (select from installation) as known, came_from_a_backup() as restored',
  );
  if (found?.restored) await lockReleases(trx, now, 'another_home');
  else if (!found?.known) await writeIdentity(trx, now);
  return found?.restored ?? false;
}

/** Somebody, or something kept outside, says that the data come from a backup. */
export async function lockReleases(trx: Trx, now: Date, noticed_by: string): Promise<void> {
  await lockInstallation(trx);
  const locked = await query<{ organization: OrganizationRow }>(
    trx,
    `update organization set restored_at = ? where restored_at is null returning ${organizationJson} as organization`,
    [now],
  );
  for (const { organization } of locked) {
    const ctx = writeContext(trx, organizationFrom(organization), 'restore', now);
    await announce(ctx, { type: 'restore.noticed', subjects: [ctx.organization.id], data: { noticed_by } });
  }
  await writeIdentity(trx, now);
}

/** Whether nothing may be released and no mail may leave. */
export async function isLockedAfterRestore(ctx: Context): Promise<boolean> {
  const row = await queryOne<{ locked: boolean }>(
    ctx.trx,
    'select restored_at is not null or came_from_a_backup() as locked from organization where id = ?',
    [ctx.organization.id],
    'locked-after-restore',
  );
  return row?.locked ?? true;
}

/** @throws Refusal `releases_locked_after_restore` */
export async function refuseAfterRestore(ctx: Context): Promise<void> {
  if (await isLockedAfterRestore(ctx)) throw new Refusal('releases_locked_after_restore');
}

/**
 * Somebody has compared with the bank and the mail server, and lets it go on: mails that waited are sent.
 * @throws Refusal `nothing_restored`, `release_needs_person`
 */
export async function confirmRestore(ctx: Context, note: string): Promise<{ mails: number }> {
  if (ctx.organization.settings.collections.released_by_people && !ctx.actor.startsWith('person:'))
    throw new Refusal('release_needs_person');
  await noticeRestore(ctx.trx, ctx.now);
  const { rows } = await ctx.trx.raw(
    'update organization set restored_at = null where id = ? and restored_at is not null returning id',
    [ctx.organization.id],
  );
  if (rows.length === 0) throw new Refusal('nothing_restored');
  const waiting = await query<{ id: string }>(
    ctx.trx,
    `select id from message where organization_id = ? and state = 'queued'
       and not exists (select from job where job.concerns = message.id and job.state in ('queued', 'running'))
     order by id`,
    [ctx.organization.id],
  );
  await enqueueMany(
    ctx,
    'send-message',
    waiting.map(({ id }) => ({ message: id })),
  );
  const data = { note, mails: waiting.length };
  await announce(ctx, { type: 'restore.confirmed', subjects: [ctx.organization.id], data });
  return { mails: waiting.length };
}
