/** The answer to a write that a worker carries out: 202 with the job, or its result when the caller waits. */

import type { ReadContext } from '../../src/context.ts';
import { findJob, type JobView } from '../../src/views/jobs.ts';
import type { JobWatcher } from './job-watcher.ts';
import { type Problem, problemOfCode } from './problem.ts';
import type { Reply } from './route.ts';

export type JobAnswer = { reply: Reply } | { problem: Problem; location: string };

export function accepted(job: JobView): Reply {
  return { status: 202, body: { job }, headers: { Location: `/v1/jobs/${job.id}` } };
}

export async function answerForJob(
  { watcher }: { watcher: Pick<JobWatcher, 'wait'> },
  ctx: ReadContext,
  jobId: string,
  wait: { seconds: number; asked: boolean },
  success: number,
  requestId: string,
): Promise<JobAnswer> {
  const location = `/v1/jobs/${jobId}`;
  const ended = wait.seconds > 0 && (await watcher.wait(jobId, wait.seconds * 1000));
  const job = await findJob(ctx, jobId, ctx.language);
  // It failed, perhaps, and somebody has retried it since.
  const isOpen = job.state === 'queued' || job.state === 'running';
  if (!ended || isOpen) return { reply: accepted(job) };
  if (job.state === 'done') {
    const headers = { Location: location, ...(wait.asked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {}) };
    return { reply: { status: success, body: job.result as object, headers } };
  }
  return {
    problem: problemOfCode(job.reason?.code ?? 'discarded', job.reason?.params ?? {}, ctx.language, requestId),
    location,
  };
}
