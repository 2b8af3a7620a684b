/**
 * How an endpoint is declared: once. The same declaration authenticates, checks the input, answers, and writes the
 * OpenAPI document. The kinds:
 * - `read`: one query for one screen; no transaction;
 * - `write`: small writes that are done when the answer leaves: one request, one transaction;
 * - `operation`: a change that can be previewed; checked at once, carried out by a worker;
 * - `stream`: writes its own response (files, events, pages);
 * - `entry`: how a person comes in; nobody is known yet.
 */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Context, ReadContext } from '../../src/context.ts';
import type { RefusalCode } from '../../src/errors/catalogue/index.ts';
import type { JobName } from '../../src/jobs/catalogue.ts';
import type { OperationName } from '../../src/services/operations.ts';
import type { Api } from './api.ts';
import type { Principal } from './principal.ts';
import type { Role } from './roles.ts';

export type Tag =
  | 'Organization'
  | 'People'
  | 'Test clock'
  | 'Customers'
  | 'Plans'
  | 'Contracts'
  | 'Suspensions'
  | 'Publications'
  | 'Payments'
  | 'Collections'
  | 'Bank returns'
  | 'Invoices'
  | 'Accounting'
  | 'Reminders'
  | 'Access'
  | 'Jobs'
  | 'Events'
  | 'Service';

type Shape = z.ZodType;
type Parsed<S> = S extends z.ZodType ? z.infer<S> : undefined;

export interface Answer {
  status: number;
  schema: z.ZodType;
  does: string;
}

interface Declaration<P, Q, B> {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** Express path; `:name` parameters are described by `params`. */
  path: string;
  tag: Tag;
  does: string;
  /** Who may call it. `anyone` needs no key. */
  roles: readonly Role[] | 'anyone';
  params?: P;
  query?: Q;
  body?: B;
  /** What it answers when it went well. */
  answer: Answer;
  /** Refusals of its own, for the document; those of the kit are added. */
  refuses?: readonly RefusalCode[];
  /** Largest body in bytes; 256 KiB unless told. */
  body_limit?: number;
  /** The body is text of this type instead of JSON. */
  consumes?: 'application/xml';
}

export interface Input<P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** The version named by If-Match, or undefined. */
  if_version: number | undefined;
  principal: Principal;
}

export interface Reply {
  status?: number;
  body: object | null;
  headers?: Record<string, string>;
}

export interface ReadRoute<P extends Shape, Q extends Shape, B extends Shape> extends Declaration<P, Q, B> {
  kind: 'read';
  run: (ctx: ReadContext, input: Input<P, Q, B>) => Promise<object>;
}

export interface WriteRoute<P extends Shape, Q extends Shape, B extends Shape> extends Declaration<P, Q, B> {
  kind: 'write';
  /** An Idempotency-Key is required, not only accepted. */
  moves_money?: boolean;
  /** What of the answer may be kept for repeats of the request; all of it unless told. For answers that hold a secret. */
  keeps?: (body: object) => object;
  /** Its body is a secret that not even a hash is kept of: an Idempotency-Key is not looked at. */
  is_secret?: boolean;
  run: (ctx: Context, input: Input<P, Q, B>, api: Api) => Promise<Reply>;
}

export interface JobRoute<P extends Shape, Q extends Shape, B extends Shape> extends Declaration<P, Q, B> {
  kind: 'job';
  moves_money?: boolean;
  job: JobName;
  unique_key?: (input: Input<P, Q, B>) => string;
  /** Waits this long for the job when the caller says nothing. */
  default_wait_s?: number;
  /** Refuses early, writes what the job is about where it is new; @returns the payload. */
  payload: (ctx: Context, input: Input<P, Q, B>) => Promise<unknown> | unknown;
}

export interface OperationRoute<P extends Shape, Q extends Shape, B extends Shape> extends Declaration<P, Q, B> {
  kind: 'operation';
  moves_money?: boolean;
  operation: OperationName;
  /** While a job with this key is open, who asks again is answered by it. */
  unique_key?: (input: Input<P, Q, B>) => string;
  /** Done in the request's own transaction instead of by a worker: small, and somebody stands waiting at the desk. */
  at_once?: boolean;
  /** The operation's input from the request. New ids are made here, so a repeated job makes the same object. */
  input: (input: Input<P, Q, B>) => unknown;
}

export interface StreamRoute<P extends Shape, Q extends Shape, B extends Shape> extends Declaration<P, Q, B> {
  kind: 'stream';
  /** The media type of its answer. */
  produces: string;
  run: (
    ctx: ReadContext,
    input: Input<P, Q, B>,
    http: { request: Request; response: Response; api: Api },
  ) => Promise<void>;
}

export interface EntryRoute<B extends Shape> extends Declaration<undefined, undefined, B> {
  kind: 'entry';
  roles: 'anyone';
  /** Opens its own transaction. `address` is where the caller is. */
  run: (api: Api, input: { body: Parsed<B>; address: string }) => Promise<Reply>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of routes forgets each route's own input.
type Any = any;
export type AnyReadRoute = ReadRoute<Any, Any, Any>;
export type AnyWriteRoute = WriteRoute<Any, Any, Any>;
export type AnyJobRoute = JobRoute<Any, Any, Any>;
export type AnyOperationRoute = OperationRoute<Any, Any, Any>;
export type AnyStreamRoute = StreamRoute<Any, Any, Any>;
export type AnyEntryRoute = EntryRoute<Any>;
export type AnyInput = Input<Any, Any, Any>;
export type Route = AnyReadRoute | AnyWriteRoute | AnyJobRoute | AnyOperationRoute | AnyStreamRoute | AnyEntryRoute;

type Undefined = z.ZodUndefined;

export const read = <P extends Shape = Undefined, Q extends Shape = Undefined, B extends Shape = Undefined>(
  route: Omit<ReadRoute<P, Q, B>, 'kind'>,
): Route => ({ kind: 'read', ...route });

export const write = <P extends Shape = Undefined, Q extends Shape = Undefined, B extends Shape = Undefined>(
  route: Omit<WriteRoute<P, Q, B>, 'kind'>,
): Route => ({ kind: 'write', ...route });

export const startsJob = <P extends Shape = Undefined, Q extends Shape = Undefined, B extends Shape = Undefined>(
  route: Omit<JobRoute<P, Q, B>, 'kind'>,
): Route => ({ kind: 'job', ...route });

export const operates = <P extends Shape = Undefined, Q extends Shape = Undefined, B extends Shape = Undefined>(
  route: Omit<OperationRoute<P, Q, B>, 'kind'>,
): Route => ({ kind: 'operation', ...route });

export const streams = <P extends Shape = Undefined, Q extends Shape = Undefined, B extends Shape = Undefined>(
  route: Omit<StreamRoute<P, Q, B>, 'kind'>,
): Route => ({ kind: 'stream', ...route });

export const entry = <B extends Shape = Undefined>(route: Omit<EntryRoute<B>, 'kind' | 'roles'>): Route => ({
  kind: 'entry',
  roles: 'anyone',
  ...route,
});

/** Whether the route minds `If-Match`: it edits an object that has a version. On any other the header is not looked at. */
export const mindsVersion = (route: Route): boolean =>
  route.kind === 'operation' || (route.kind === 'write' && (route.method === 'patch' || route.method === 'put'));
