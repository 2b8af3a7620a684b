/** What no answer may be: a server error, a status or a shape that the document does not promise, somebody else's. */
import type { Route } from '../../api/kit/route.ts';
import { problemSchema } from '../../api/kit/shared-schemas.ts';
import { jobSchema } from '../../src/views/jobs.ts';
import type { Schema } from './generate.ts';
import type { Answer } from './send.ts';

/** @returns what is wrong with the answer, or null. */
export function judge(document: Schema, route: Route, answer: Answer): string | null {
  const { status, text, type } = answer;
  if (status === 0) return 'no answer';
  if (status >= 500) return 'a server error';
  const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method];
  if (!operation.responses[String(status)]) return `status ${status} is not in the document`;
  if (/node_modules|\bat .*\.ts:\d+/.test(text)) return 'a stack trace';
  if (status >= 400) {
    if (!type.includes('problem+json')) return `an error of type ${type}`;
    const problem = problemSchema.safeParse(JSON.parse(text));
    return problem.success ? null : `not a problem: ${problem.error.message}`;
  }
  if (status === 204 || !type.includes('json')) return null;
  const body = JSON.parse(text);
  if (status === 202) {
    const job = jobSchema.safeParse(body.job);
    return job.success ? null : `not a job: ${job.error.message}`;
  }
  if (body.object === 'preview') return null;
  const parsed = route.answer.schema.safeParse(body);
  return parsed.success ? null : `not what the document promises: ${parsed.error.message.slice(0, 300)}`;
}
