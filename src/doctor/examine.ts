/**
 * Looks whether every rule holds.
 *
 * Always true: it writes nothing (its transactions are read-only) and sees one moment of the database (one snapshot,
 * shared by the connections that look at once).
 */
import { type Database, queryOne, type Trx } from '../store/database.ts';
import { type Invariant, MOST_SHOWN, type Pass, type Violation } from './invariant.ts';
import { invariants as all, longest } from './invariants.ts';

export interface Finding {
  invariant: Invariant;
  violations: Violation[];
  /** Of a reading for several rules, its part. */
  ms: number;
}

const CONNECTIONS = 4;

export async function examine(
  database: Database,
  invariants: readonly Invariant[] = all,
  tell: (finding: Finding) => void = () => undefined,
): Promise<Finding[]> {
  return reading(database, async (first) => {
    const snapshot = await queryOne<{ id: string }>(first, 'select pg_export_snapshot() as id');
    const queue = looksAt(invariants);
    const findings: Finding[] = [];
    const look = (trx: Trx) =>
      lookInto(trx, queue, (finding) => {
        findings.push(finding);
        tell(finding);
      });
    const others = Array.from({ length: CONNECTIONS - 1 }, () =>
      reading(database, async (trx) => {
        await trx.raw(`set transaction snapshot '${snapshot?.id}'`);
        await look(trx);
      }),
    );
    await Promise.all([look(first), ...others]);
    const order = new Map(invariants.map((invariant, at) => [invariant.name, at]));
    return findings.sort((a, b) => (order.get(a.invariant.name) ?? 0) - (order.get(b.invariant.name) ?? 0));
  });
}

/** What is looked at by one reading: a rule, or several of one pass. */
type Look = readonly Invariant[];

function looksAt(invariants: readonly Invariant[]): Look[] {
  const passes = new Map<Pass | Invariant, Invariant[]>();
  for (const invariant of invariants) {
    const pass = invariant.pass ?? invariant;
    passes.set(pass, [...(passes.get(pass) ?? []), invariant]);
  }
  const rank = (look: Look) =>
    Math.min(...look.map(({ name }) => longest.indexOf(name)).filter((at) => at >= 0), longest.length);
  return [...passes.values()].sort((a, b) => rank(a) - rank(b));
}

async function violationsOf(trx: Trx, look: Look): Promise<ReadonlyMap<string, Violation[]>> {
  const [first] = look as [Invariant];
  return first.pass ? first.pass(trx) : new Map([[first.name, await first.find(trx)]]);
}

async function lookInto(trx: Trx, queue: Look[], tell: (finding: Finding) => void): Promise<void> {
  // Several connections look at once already: helpers of one statement would sum up twice what one sums up once.
  await trx.raw(
    `set local max_parallel_workers_per_gather = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local work_mem = '128MB'`,
  );
  // Without this, statements that may take as long as they like would go on after a doctor who was interrupted.
  await trx.raw(
    `select set_config('client_connection_check_interval', '2s', true) where version() !~* 'windows|mingw|visual'`,
  );
  for (let look = queue.shift(); look; look = queue.shift()) {
    const began = performance.now();
    const violations = await violationsOf(trx, look);
    const ms = (performance.now() - began) / look.length;
    for (const invariant of look) {
      tell({ invariant, violations: (violations.get(invariant.name) ?? []).slice(0, MOST_SHOWN), ms });
    }
  }
}

function reading<Result>(database: Database, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  return database.transaction(work, { isolationLevel: 'repeatable read', readOnly: true });
}
