/**
 * Writes a job in the transaction of the change that needs it. The relay rings the queue after the commit, so a
 * change that rolled back leaves no job and a job never exists without its change.
 */
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { queryOne } from '../store/database.ts';
import { declarationOf, type JobName, type JobPayload } from './catalogue.ts';

export interface EnqueueOptions {
  /** While a job with this key is queued or running, no second one is made. */
  unique_key?: string;
  request_id?: string | null;
}

/** When the work was asked for that goes back to the job with this id, if a job it is. */
const askedAt = '(select coalesce(maker.asked_at, maker.queued_at) from job maker where maker.id = ?)';

/** @returns the id of the job, or of the open one that has the same unique key. @throws ZodError when the payload is wrong: a bug. */
export async function enqueue<Name extends JobName>(
  ctx: Context,
  name: Name,
  payload: JobPayload<Name>,
  options: EnqueueOptions = {},
): Promise<string> {
  const declaration = declarationOf(name);
  declaration.payload.parse(payload);
  // Asked before the insert, which would wait for whoever is writing on the open one, as its worker is for a whole step.
  if (options.unique_key !== undefined) {
    const open = await openJob(ctx, options.unique_key);
    if (open) return open;
  }
  const inserted = await queryOne<{ id: string }>(
    ctx.trx,
    `insert into job (id, organization_id, name, lane, payload, concerns, unique_key, actor, request_id,
                      state, attempts, starts_unfinished, queued_at, asked_at, due_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, 0, clock_timestamp(), ${askedAt}, clock_timestamp())
     on conflict (organization_id, unique_key) where unique_key is not null and state in ('queued', 'running')
     do nothing
     returning id`,
    [
      newId('job'),
      ctx.organization.id,
      name,
      declaration.lane,
      JSON.stringify(payload),
      declaration.concerns(payload),
      options.unique_key ?? null,
      ctx.actor,
      options.request_id ?? null,
      ctx.job?.id ?? null,
    ],
    'enqueue',
  );
  if (inserted) return inserted.id;
  // Another was made meanwhile; or it has ended already: what it was to do is done.
  return (await openJob(ctx, options.unique_key ?? null)) ?? enqueue(ctx, name, payload, options);
}

async function openJob(ctx: Context, uniqueKey: string | null): Promise<string | null> {
  const row = await queryOne<{ id: string }>(
    ctx.trx,
    `select id from job where organization_id = ? and unique_key = ? and state in ('queued', 'running')`,
    [ctx.organization.id, uniqueKey],
    'open-job',
  );
  return row?.id ?? null;
}

/** Many jobs of one kind in one statement, for sweeps. */
export async function enqueueMany<Name extends JobName>(
  ctx: Context,
  name: Name,
  payloads: readonly JobPayload<Name>[],
): Promise<string[]> {
  if (payloads.length === 0) return [];
  const declaration = declarationOf(name);
  const rows = payloads.map((payload) => {
    declaration.payload.parse(payload);
    return { id: newId('job'), payload, concerns: declaration.concerns(payload) };
  });
  await ctx.trx.raw(
    `insert into job (id, organization_id, name, lane, payload, concerns, actor,
                      state, attempts, starts_unfinished, queued_at, asked_at, due_at)
     select row.id, ?, ?, ?, row.payload, row.concerns, ?, 'queued', 0, 0, clock_timestamp(), ${askedAt}, clock_timestamp()
     from jsonb_to_recordset(?::jsonb) as row (id text, payload jsonb, concerns text)`,
    [ctx.organization.id, name, declaration.lane, ctx.actor, ctx.job?.id ?? null, JSON.stringify(rows)],
  );
  return rows.map((row) => row.id);
}
