/**
 * How a job is processed. Two ways only:
 * - `transaction`: one transaction does the work and marks the job done. The way of nearly every job.
 * - `steps`: several transactions, or calls to the outside between them. Each step checks that the job is still
 *   ours, and must leave the data such that the job may die after it and be started again.
 */
import type { Context } from '../src/context.ts';
import type { MailRoad } from '../src/gateways/mail-road.ts';
import type { JobName, JobPayload } from '../src/jobs/catalogue.ts';
import type { Log } from '../src/log.ts';
import type { Database } from '../src/store/database.ts';

export interface WorkerDeps {
  database: Database;
  log: Log;
  /** The business clock: the only reading of "now" in a worker. */
  now: () => Date;
  mail: MailRoad;
  /** Tells the relay that jobs were just committed. */
  poke: () => void;
}

export interface JobContext extends Context {
  job: NonNullable<Context['job']>;
}

/** Shows how far a step is that has not committed yet. Never waits and never fails; of words that come too fast the last is told. */
export type Tell = (done: number, total: number) => void;

export interface Steps {
  job: { id: string; attempts: number };
  deps: WorkerDeps;
  /** One step: a transaction that holds the lease. @throws LeaseLost when another worker has taken over. */
  transaction<Result>(work: (ctx: JobContext) => Promise<Result>): Promise<Result>;
  /**
   * As `transaction`, for steps of which two run at a time, or that take long and tell how far they are: it holds the lease
   * at its end only, before it commits.
   */
  overlapping<Result>(work: (ctx: JobContext, tell: Tell) => Promise<Result>): Promise<Result>;
  /** Shown to operators and streamed to clients; commits at once. */
  progress(done: number, total: number | null): Promise<void>;
  /** A pause that ends early when the worker is told to stop. */
  pause(ms: number): Promise<void>;
}

/** One of several jobs of the same name, organization and author that are done together. */
export interface TogetherItem {
  job_id: string;
  payload: unknown;
}

/**
 * Optional, for a backlog: does several jobs in the statements of one. @returns for each its result, or the error that
 * is its own, or null for one to be done by itself afterwards. If it throws, each is done by itself.
 */
export type RunTogether = (ctx: Context, items: readonly TogetherItem[]) => Promise<unknown[]>;

export type Processor<Name extends JobName> =
  | {
      kind: 'transaction';
      run: (ctx: JobContext, payload: JobPayload<Name>) => Promise<unknown>;
      runTogether?: RunTogether;
    }
  | { kind: 'steps'; run: (steps: Steps, payload: JobPayload<Name>) => Promise<unknown> };

export type ProcessorTable = { readonly [Name in JobName]: Processor<Name> };

/** The processor with its payload type forgotten; the payload is checked by its schema before. */
export type AnyProcessor =
  | { kind: 'transaction'; run: (ctx: JobContext, payload: unknown) => Promise<unknown>; runTogether?: RunTogether }
  | { kind: 'steps'; run: (steps: Steps, payload: unknown) => Promise<unknown> };
