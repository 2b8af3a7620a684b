/**
 * What becomes of a job whose work threw.
 *
 * A business refusal fails visibly at once, without retries. Something outside that does not answer is retried
 * with growing pauses. Two transactions in each other's way are tried again at once. Anything else is a bug: tried
 * a few times (a deployment may cure it), then left to an operator, with an incident number that finds it in the log.
 */
import { randomInt } from 'node:crypto';
import { Refusal, Unavailable } from '../src/errors/refusal.ts';
import { newId } from '../src/ids.ts';
import type { Log } from '../src/log.ts';
import { isConnectionTrouble, isContention } from '../src/store/database.ts';
import type { JobOutcome } from '../src/store/jobs.ts';

const UNAVAILABLE_PAUSES_MS = [
  1000, 4000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000,
];
const BUG_PAUSES_MS = [500, 5000];
/** A job that took its worker down this often is not started again by itself. */
export const MOST_UNFINISHED_STARTS = 6;

/** Thrown by a processor that must wait for something and is not failing. */
export class NotYet extends Error {
  readonly inMs: number;
  constructor(inMs: number) {
    super('not yet');
    this.inMs = inMs;
  }
}

export function outcomeOfFailure(
  job: { id: string; name: string; attempts: number },
  error: unknown,
  log: Log,
): JobOutcome {
  const { id } = job;
  if (error instanceof Refusal) return { id, kind: 'failed', code: error.code, params: error.params };
  if (error instanceof NotYet) return { id, kind: 'again', code: 'not_yet', params: {}, in_ms: error.inMs };
  if (isContention(error)) {
    return { id, kind: 'again', code: 'contention', params: {}, in_ms: randomInt(20, 200) };
  }
  if (error instanceof Unavailable || isConnectionTrouble(error)) {
    const what = error instanceof Unavailable ? error.what : 'database';
    log.warn({ job: id, name: job.name, what, err: error }, 'something outside does not answer');
    const in_ms = UNAVAILABLE_PAUSES_MS[job.attempts];
    return in_ms === undefined
      ? { id, kind: 'failed', code: 'unavailable', params: { what } }
      : { id, kind: 'again', code: 'unavailable', params: { what }, in_ms };
  }
  const incident = newId('inc');
  log.error({ job: id, name: job.name, incident, err: error }, 'a job broke');
  const in_ms = BUG_PAUSES_MS[job.attempts];
  return in_ms === undefined
    ? { id, kind: 'failed', code: 'internal_error', params: { incident } }
    : { id, kind: 'again', code: 'internal_error', params: { incident }, in_ms };
}
