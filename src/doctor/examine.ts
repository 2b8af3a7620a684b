/**
 * Looks whether every rule holds.
 *
 * Always true: it writes nothing (its transactions are read-only) and sees one moment of the database (one snapshot,
 * shared by the connections that look at once).
 */
import { type Database, queryOne, type Trx } from '../store/database.ts';
import { type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';
import { invariants as all } from './invariants.ts';

export interface Finding {
  invariant: Invariant;
  violations: Violation[];
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
    const queue = [...invariants];
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

async function lookInto(trx: Trx, queue: Invariant[], tell: (finding: Finding) => void): Promise<void> {
  await trx.raw(
    `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local work_mem = '128MB'`,
  );
  for (let invariant = queue.shift(); invariant; invariant = queue.shift()) {
    const began = performance.now();
    const violations = (await invariant.find(trx)).slice(0, MOST_SHOWN);
    tell({ invariant, violations, ms: performance.now() - began });
  }
}

function reading<Result>(database: Database, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  return database.transaction(work, { isolationLevel: 'repeatable read', readOnly: true });
}
