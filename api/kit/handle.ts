/** Carries out a declared route: authenticate, check, do, answer. The only place that does any of these. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { readContext, writeContext } from '../../src/context.ts';
import type { Language } from '../../src/errors/language.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import type { JobName, JobPayload } from '../../src/jobs/catalogue.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { checkOperation, commitOperation, previewOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { isDeadlock, type Trx } from '../../src/store/database.ts';
import { answerForJob } from './answer-job.ts';
import type { Api } from './api.ts';
import { parsePart } from './field-errors.ts';
import { etagOf, idempotencyKeyOf, ifMatchOf, preferredWait } from './headers.ts';
import { type KeptAnswer, keepAnswer, requestHash, takeKey } from './idempotency.ts';
import { refuseErased } from './of-erased.ts';
import type { Principal } from './principal.ts';
import { sendProblem } from './problem.ts';
import {
  type AnyEntryRoute,
  type AnyInput,
  type AnyJobRoute,
  type AnyOperationRoute,
  type AnyStreamRoute,
  type AnyWriteRoute,
  mindsVersion,
  type Reply,
  type Route,
} from './route.ts';
import { previewQuery } from './shared-schemas.ts';

export interface Call {
  api: Api;
  request: Request;
  response: Response;
  requestId: string;
  principal: Principal;
  language: Language;
}

export function send(response: Response, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.set(name, value);
  if (reply.body === null) {
    response.status(reply.status ?? 204).end();
    return;
  }
  const etag = etagOf(reply.body);
  if (etag && !response.hasHeader('ETag')) response.set('ETag', etag);
  response.status(reply.status ?? 200).json(reply.body);
}

function parseInput(
  call: Call,
  route: Route,
): { input: AnyInput; preview: { dry_run: boolean; preview_token?: string } } {
  const { request, language } = call;
  let params: unknown;
  if (route.params) {
    const parsed = route.params.safeParse(request.params);
    // An id of the wrong shape names nothing: as unknown as somebody else's.
    if (!parsed.success) throw new Refusal('not_found');
    params = parsed.data;
  }
  const query = { ...request.query };
  let preview: { dry_run: boolean; preview_token?: string } = { dry_run: false };
  if (route.kind === 'operation') {
    preview = parsePart(
      previewQuery,
      { dry_run: query.dry_run, preview_token: query.preview_token },
      '?',
      language,
    ) as typeof preview;
    delete query.dry_run;
    delete query.preview_token;
  }
  if (!route.query && Object.keys(query).length > 0) {
    throw new Refusal('invalid_input', {}, { fields: unknownQuery(query, language) });
  }
  const parsedQuery = route.query ? parsePart(route.query, query, '?', language) : undefined;
  const body = route.body ? parsePart(route.body, request.body ?? {}, '/', language) : undefined;
  if (!route.body && request.body !== undefined && Object.keys(request.body as object).length > 0) {
    throw new Refusal('invalid_input', {}, { fields: unknownQuery(request.body as object, language, '/') });
  }
  return {
    input: {
      params,
      query: parsedQuery,
      body,
      if_version: mindsVersion(route) ? ifMatchOf(request) : undefined,
      principal: call.principal,
    },
    preview,
  };
}

function unknownQuery(query: object, language: Language, prefix: '?' | '/' = '?') {
  const detail = { fr: 'Champ inconnu.', en: 'Unknown field.', de: 'Unbekanntes Feld.' }[language];
  return Object.keys(query)
    .slice(0, 20)
    .map((name) => ({ pointer: `${prefix}${name.slice(0, 100)}`, code: 'unknown_field', detail }));
}

export async function handle(call: Call, route: Exclude<Route, AnyEntryRoute>): Promise<void> {
  const { input, preview } = parseInput(call, route);
  switch (route.kind) {
    case 'read': {
      const body = await route.run(reading(call), input);
      return send(call.response, { body });
    }
    case 'write':
      return handleWrite(call, route, input);
    case 'job':
      return handleJob(call, route, input);
    case 'operation':
      return handleOperation(call, route, input, preview);
    case 'stream':
      return handleStream(call, route, input);
  }
}

const actorOf = (call: Call) => call.principal.actor;

const reading = (call: Call) =>
  readContext(call.api.database, call.principal.organization, actorOf(call), call.api.now(), call.language);

const writing = (call: Call, trx: Trx) =>
  writeContext(trx, call.principal.organization, actorOf(call), call.api.now(), call.language);

/** So often a request begins anew that stood in others' way, before its client is told to come again. */
const MOST_DEADLOCKS = 5;

/** One transaction, begun anew where PostgreSQL ended it because others and it waited for each other. */
async function unlessDeadlocked<Result>(api: Api, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  for (let times = 1; ; times += 1) {
    try {
      return await api.database.transaction(work);
    } catch (error) {
      if (!isDeadlock(error) || times === MOST_DEADLOCKS) throw error;
      // Not all of them at the same moment.
      await pause(randomInt(10, 100));
    }
  }
}

/** Runs the work in one transaction with its idempotency key, where there is one. */
async function once(
  call: Call,
  required: boolean,
  work: (trx: Trx) => Promise<KeptAnswer & { headers?: Record<string, string>; keep?: object | null }>,
  isSecret = false,
): Promise<{ kept: KeptAnswer; headers: Record<string, string>; replayed: boolean }> {
  const { api, request, principal } = call;
  const key = isSecret ? null : idempotencyKeyOf(request);
  if (required && key === null) throw new Refusal('idempotency_key_required');
  const done = await unlessDeadlocked(api, async (trx) => {
    const hash = key ? requestHash(request.method, request.path, request.query, request.body) : '';
    const before = key ? await takeKey(trx, principal.organization.id, key, hash) : null;
    if (before) return { kept: before, headers: {}, replayed: true };
    const { headers, keep, ...kept } = await work(trx);
    const forRepeats = keep === undefined ? kept : { ...kept, answer: keep };
    if (key) await keepAnswer(trx, principal.organization.id, key, hash, forRepeats, api.now());
    return { kept, headers: headers ?? {}, replayed: false };
  });
  // What was just written here must be seen by the next request here, however late the notification is.
  api.principals.forget(principal.organization.id);
  return done;
}

async function handleWrite(call: Call, route: AnyWriteRoute, input: AnyInput): Promise<void> {
  const work = async (trx: Trx) => {
    const ctx = writing(call, trx);
    await refuseErased(ctx, input, true);
    const reply = await route.run(ctx, input, call.api);
    const status = reply.status ?? (reply.body === null ? 204 : route.answer.status);
    return {
      status,
      answer: reply.body,
      job_id: null,
      ...(reply.headers ? { headers: reply.headers } : {}),
      ...(route.keeps && reply.body ? { keep: route.keeps(reply.body) } : {}),
    };
  };
  const { kept, headers, replayed } = await once(call, route.moves_money ?? false, work, route.is_secret);
  call.api.poke();
  if (replayed) call.response.set('Idempotent-Replayed', 'true');
  send(call.response, { status: kept.status, body: kept.answer, headers });
}

async function answerJob(
  call: Call,
  jobId: string,
  success: number,
  replayed: boolean,
  defaultWait: number,
): Promise<void> {
  const asked = preferredWait(call.request);
  const wait = { seconds: asked ?? defaultWait, asked: asked !== null };
  const answer = await answerForJob(call.api, reading(call), jobId, wait, success, call.requestId);
  call.api.principals.forget(call.principal.organization.id);
  if (replayed) call.response.set('Idempotent-Replayed', 'true');
  if ('reply' in answer) return send(call.response, answer.reply);
  call.response.set('Location', answer.location);
  sendProblem(call.response, answer.problem);
}
async function handleJob(call: Call, route: AnyJobRoute, input: AnyInput): Promise<void> {
  const { kept, replayed } = await once(call, route.moves_money ?? false, async (trx) => {
    const ctx = writing(call, trx);
    await refuseErased(ctx, input, true);
    const payload = (await route.payload(ctx, input)) as JobPayload<JobName>;
    const unique_key = route.unique_key?.(input);
    const id = await enqueue(ctx, route.job, payload, {
      request_id: call.requestId,
      ...(unique_key ? { unique_key } : {}),
    });
    return { status: 202, answer: null, job_id: id };
  });
  call.api.poke();
  await answerJob(call, kept.job_id as string, route.answer.status, replayed, route.default_wait_s ?? 0);
}

async function handleOperation(
  call: Call,
  route: AnyOperationRoute,
  input: AnyInput,
  preview: { dry_run: boolean; preview_token?: string },
): Promise<void> {
  const name = route.operation as JobName;
  const operation = operations[route.operation];
  const payload = route.input(input);
  const expected = { preview_token: preview.preview_token, if_version: input.if_version };
  if (preview.dry_run) {
    if (!operation.refusesErased) await refuseErased(reading(call), input, false);
    return send(call.response, { body: await previewOperation(reading(call), name, operation, payload, expected) });
  }
  if (route.at_once) {
    const { kept, replayed } = await once(call, route.moves_money ?? false, async (trx) => {
      const ctx = writing(call, trx);
      await refuseErased(ctx, input, true);
      const answer = await commitOperation(ctx, name, operation, payload, expected);
      return { status: route.answer.status, answer, job_id: null };
    });
    call.api.poke();
    if (replayed) call.response.set('Idempotent-Replayed', 'true');
    return send(call.response, { status: kept.status, body: kept.answer });
  }
  const { kept, replayed } = await once(call, route.moves_money ?? false, async (trx) => {
    const ctx = writing(call, trx);
    await refuseErased(ctx, input, true);
    await checkOperation(ctx, name, operation, payload, expected);
    const envelope = JSON.parse(JSON.stringify({ input: payload, ...expected })) as JobPayload<JobName>;
    const unique_key = route.unique_key?.(input);
    const id = await enqueue(ctx, name, envelope, {
      request_id: call.requestId,
      ...(unique_key ? { unique_key } : {}),
    });
    return { status: 202, answer: null, job_id: id };
  });
  call.api.poke();
  await answerJob(call, kept.job_id as string, route.answer.status, replayed, 0);
}
async function handleStream(call: Call, route: AnyStreamRoute, input: AnyInput): Promise<void> {
  await route.run(reading(call), input, { request: call.request, response: call.response, api: call.api });
}
