/**
 * The places at which a process is killed by name: before and after each commit and each effect outside. The statement
 * that a place is known by stands in the engine's own code; the programs of a storm look out for it, see `die-at-point.ts`.
 */

import type { ErrandName } from './errands.ts';
import type { Part } from './fleet.ts';

/**
 * `statement`: when its answer has come, where it gave or changed a row. `commit`: the transaction that has it, before its
 * COMMIT is sent or when its answer has come. `next`: before the first such statement after `seen` gave a row.
 */
export type Moment = 'after statement' | 'before commit' | 'after commit' | 'before next';

export interface KillPoint {
  name: string;
  part: Part;
  moment: Moment;
  statement: RegExp;
  /** Only after this one gave a row. */
  seen?: RegExp;
  /** The request that leads there. */
  errand: ErrandName;
}

const rung = /^with due as \(\s+select id from job where state = 'queued' and rung_at is null/;

function aroundCommit(part: Part, what: string, statement: RegExp, errand: ErrandName): KillPoint[] {
  return [
    { name: `${what}: before its commit`, part, moment: 'before commit', statement, errand },
    { name: `${what}: after its commit`, part, moment: 'after commit', statement, errand },
  ];
}

/** Round a ring: over another queue these are other places. */
export const ringPoints: readonly KillPoint[] = [
  {
    name: 'jobs marked as rung: before they ring',
    part: 'relay',
    moment: 'after statement',
    statement: rung,
    errand: 'suspend',
  },
  {
    name: 'jobs marked as rung: after they rang',
    part: 'relay',
    moment: 'before next',
    statement: /min\(due_at\) - clock_timestamp\(\)/,
    seen: rung,
    errand: 'suspend',
  },
  {
    name: 'a job claimed',
    part: 'worker',
    moment: 'after statement',
    statement: /for update of job skip locked/,
    errand: 'suspend',
  },
  ...aroundCommit('worker', 'a suspension and the end of its job', /insert into contract_change /, 'suspend'),
];

export const killPoints: readonly KillPoint[] = [
  ...ringPoints,
  ...aroundCommit('api', 'a request that leaves a job', /^insert into job /, 'suspend'),
  ...aroundCommit('api', 'a payment taken at the desk', /insert into posting /, 'pay'),
  ...aroundCommit('api', 'a file of the bank kept', /insert into bank_message_part/, 'debit'),
  ...aroundCommit('worker', 'a lease on a job of several steps', /^update job set state = 'running'/, 'remind'),
  ...aroundCommit('worker', 'a mail claimed', /^update message set .*recipient = /, 'remind'),
  ...aroundCommit('worker', 'what the mail server said', /^update message set .*reply = /, 'remind'),
  ...aroundCommit('worker', 'an invoice and its number', /(update|insert into) invoice_counter /, 'invoice'),
  ...aroundCommit('worker', 'the bytes of a PDF', /insert into invoice_file /, 'invoice'),
  ...aroundCommit('worker', 'a draft of a collection', /insert into collection_line /, 'debit'),
  ...aroundCommit('worker', 'the lines of a release', /^update collection set released_on/, 'debit'),
  ...aroundCommit('worker', 'the file of a collection', /insert into collection_file_part /, 'debit'),
  ...aroundCommit('worker', 'a return applied', /insert into bank_entry /, 'debit'),
  ...aroundCommit('worker', 'the work of a day', /insert into daily_run /, 'advance'),
];
