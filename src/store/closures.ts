/** The rows of `closure`, and which contracts one is about. */
import type { Context, ReadContext } from '../context.ts';
import type { LeftOut } from '../domain/contract-changes/close.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import type { NewClosure } from '../schemas/closures.ts';
import { query, queryOne } from './database.ts';

export type ClosureState = 'closing' | 'closed' | 'undoing' | 'undone';

export interface ClosureTotals {
  /** Of all, as counted when it began. */
  contracts: number;
  suspended: number;
  instalments: number;
  ends_moved: number;
  left_out: number;
}

export interface Closure {
  id: string;
  plan_id: string | null;
  starts_on: Day;
  ends_on: Day;
  terms: NewClosure;
  state: ClosureState;
  /** Chains up to here are done by the job that runs. */
  cursor: string;
  totals: ClosureTotals;
  version: number;
  actor: string;
  created_on: Day;
  removed_on: Day | null;
}

const columns = 'id, plan_id, starts_on, ends_on, terms, state, cursor, totals, version, actor, created_on, removed_on';

/** @throws Refusal `not_found`. */
export async function loadClosure(ctx: ReadContext, id: string, locking: boolean): Promise<Closure> {
  const row = await queryOne<Closure>(
    ctx.reader,
    `select ${columns} from closure where id = ? and organization_id = ?${locking ? ' for update' : ''}`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row;
}

export function closureRows(ctx: ReadContext, cursor: string | null, limit: number): Promise<Closure[]> {
  return query<Closure>(
    ctx.reader,
    `select ${columns} from closure where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, cursor, cursor, limit],
  );
}

export async function insertClosure(ctx: Context, closure: Closure): Promise<void> {
  await ctx.trx.raw(
    `insert into closure (id, organization_id, plan_id, starts_on, ends_on, terms, state, cursor, totals, version, actor,
                          created_on, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      closure.id,
      ctx.organization.id,
      closure.plan_id,
      closure.starts_on,
      closure.ends_on,
      JSON.stringify(closure.terms),
      closure.state,
      closure.cursor,
      JSON.stringify(closure.totals),
      closure.version,
      closure.actor,
      closure.created_on,
      ctx.now,
    ],
  );
}

export async function updateClosure(ctx: Context, closure: Closure): Promise<void> {
  await ctx.trx
    .raw('update closure set state = ?, cursor = ?, totals = ?, version = ?, removed_on = ? where id = ?', [
      closure.state,
      closure.cursor,
      JSON.stringify(closure.totals),
      closure.version,
      closure.removed_on,
      closure.id,
    ])
    .options({ name: 'update-closure' });
}

/**
 * What a closure is about. Issue subscriptions have issues, not days: a closure of the rooms leaves them; so it does
 * packs that never expire.
 */
export type Closed = Pick<Closure, 'plan_id' | 'starts_on' | 'ends_on'>;

const runs = `contract.organization_id = ? and contract.deleted_at is null and (contract.kind = 'membership' or (contract.kind = 'credits' and contract.ends_on is not null))
  and contract.starts_on <= ? and (contract.ends_on is null or contract.ends_on >= ?)
  and (?::text is null or contract.plan_id = ?)`;

const runsWith = (ctx: ReadContext, { plan_id, starts_on, ends_on }: Closed) => [
  ctx.organization.id,
  ends_on,
  starts_on,
  plan_id,
  plan_id,
];

/** Contracts that run then and have no days to give back, which a closure leaves alone: how many, by kind. */
export async function countWithoutDays(ctx: ReadContext, closed: Closed): Promise<{ issues: number; credits: number }> {
  const row = await queryOne<{ issues: number; credits: number }>(
    ctx.reader,
    `select count(*) filter (where kind = 'issues') as issues, count(*) filter (where kind = 'credits') as credits
     from contract
     where organization_id = ? and deleted_at is null and starts_on <= ? and (cancelled_on is null or cancelled_on >= ?)
       and (?::text is null or plan_id = ?) and (kind = 'issues' or (kind = 'credits' and ends_on is null))`,
    runsWith(ctx, closed),
  );
  return row as { issues: number; credits: number };
}

/** How many contracts run in the time of a closure, and a digest of their versions: what its preview rests on. */
export async function fingerprintOf(ctx: ReadContext, closed: Closed): Promise<{ count: number; digest: string }> {
  const row = await queryOne<{ count: number; digest: string }>(
    ctx.reader,
    `select count(*) as count, coalesce(bit_xor(hashtextextended(id || ':' || version, 0)), 0)::text as digest
     from contract where ${runs}`,
    runsWith(ctx, closed),
  );
  return row as { count: number; digest: string };
}

/** The next chains after a cursor in which a contract runs in the time of a closure. */
export async function chainsRunning(ctx: ReadContext, closed: Closed, after: string, limit: number): Promise<string[]> {
  const rows = await query<{ chain_id: string }>(
    ctx.reader,
    `select distinct contract.chain_id from contract where ${runs} and contract.chain_id > ? order by chain_id limit ?`,
    [...runsWith(ctx, closed), after, limit],
    'chains-running',
  );
  return rows.map(({ chain_id }) => chain_id);
}

/** The next chains after a cursor that a closure still suspends. */
export async function chainsClosed(ctx: ReadContext, closure: string, after: string, limit: number): Promise<string[]> {
  const rows = await query<{ chain_id: string }>(
    ctx.reader,
    `select distinct contract.chain_id from suspension join contract on contract.id = suspension.contract_id
     where suspension.closure_id = ? and suspension.removed_on is null and contract.deleted_at is null
       and contract.chain_id > ? order by contract.chain_id limit ?`,
    [closure, after, limit],
    'chains-closed',
  );
  return rows.map(({ chain_id }) => chain_id);
}

export async function countClosed(ctx: ReadContext, closure: string): Promise<number> {
  const row = await queryOne<{ count: number }>(
    ctx.reader,
    `select count(*) as count from suspension where closure_id = ? and removed_on is null`,
    [closure],
  );
  return row?.count ?? 0;
}

export async function insertLeftOut(
  ctx: Context,
  closure: string,
  doing: 'closing' | 'undoing',
  leftOut: readonly LeftOut[],
): Promise<void> {
  if (leftOut.length === 0) return;
  await ctx.trx.raw(
    `insert into closure_left_out (closure_id, contract_id, organization_id, doing, code, params)
     select ?, row.contract, ?, ?, row.code, row.params
     from jsonb_to_recordset(?::jsonb) as row (contract text, code text, params jsonb)
     on conflict do nothing`,
    [closure, ctx.organization.id, doing, JSON.stringify(leftOut)],
  );
}
