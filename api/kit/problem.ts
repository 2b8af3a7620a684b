/** Errors as RFC 9457 problem details. */
import type { Response } from 'express';
import { refusals, statusOfKind } from '../../src/errors/catalogue/index.ts';
import { sayJobReason } from '../../src/errors/job-reasons.ts';
import type { Language } from '../../src/errors/language.ts';
import type { FieldError, Refusal, RefusalParams } from '../../src/errors/refusal.ts';

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  request_id: string;
  errors?: FieldError[];
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function problem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  errors: FieldError[] = [],
): Problem {
  return {
    type: `urn:echeance:${code}`,
    title: titles[status] ?? 'Error',
    status,
    code,
    detail,
    request_id: requestId,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

/** The problem that a code stands for: a refusal's own, or a job's reason. */
export function problemOfCode(code: string, params: RefusalParams, language: Language, requestId: string): Problem {
  const entry = Object.hasOwn(refusals, code) ? refusals[code as keyof typeof refusals] : null;
  const status = entry ? statusOfKind[entry.kind] : code === 'unavailable' ? 503 : 500;
  return problem(status, code, sayJobReason(code, params, language), requestId);
}

export function problemOfRefusal(refusal: Refusal, language: Language, requestId: string): Problem {
  const detail = refusal.say(language);
  const fields = refusal.pointer ? [{ pointer: refusal.pointer, code: refusal.code, detail }] : [...refusal.fields];
  return problem(statusOfKind[refusal.kind], refusal.code, detail, requestId, fields);
}

export function sendProblem(response: Response, it: Problem): void {
  if (it.status === 401 && !response.hasHeader('WWW-Authenticate')) response.set('WWW-Authenticate', 'Bearer');
  response.status(it.status).type('application/problem+json').send(JSON.stringify(it));
}
