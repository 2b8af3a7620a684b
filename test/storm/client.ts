/**
 * A client that wants each of its requests done once, whatever dies on the way: it sends the request with an
 * idempotency key again, to another API, until it has an answer that settles it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { clientOf, type Json } from '../harness/client.ts';

export interface Outcome {
  status: number;
  body: Json;
  /** The job that carries it out, where one does. */
  job: string | null;
  sends: number;
}

export interface Request {
  method: string;
  path: string;
  body: unknown;
  /** A file, sent instead of `body`. */
  xml?: string;
  /** Null for a request that reads. */
  key: string | null;
  wait?: number;
}

const LIMIT_MS = 150_000;

export class PersistentClient {
  private readonly urls: readonly string[];
  private readonly apiKey: string;
  private turn: number;
  /** Answers that no client should ever see. */
  readonly wrong: string[] = [];

  constructor(urls: readonly string[], apiKey: string, turn = 0) {
    this.urls = urls;
    this.apiKey = apiKey;
    this.turn = turn;
  }

  async settle(request: Request): Promise<Outcome> {
    const { method, path, body, xml, key, wait } = request;
    const end = performance.now() + LIMIT_MS;
    for (let sends = 1; ; sends += 1) {
      const url = this.urls[this.turn % this.urls.length] as string;
      try {
        const answer = await clientOf(url, this.apiKey).call(method, path, {
          ...(body === undefined ? {} : { body }),
          ...(xml === undefined ? {} : { raw: xml }),
          headers: {
            ...(xml === undefined ? {} : { 'content-type': 'application/xml' }),
            ...(key ? { 'idempotency-key': key } : {}),
            ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
          },
          signal: AbortSignal.timeout(40_000),
        });
        const again = answer.status === 503 || answer.body?.code === 'idempotency_in_flight';
        if (!again) {
          if (answer.status >= 500)
            this.wrong.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
          const location = answer.headers.get('location');
          return { ...answer, job: location?.startsWith('/v1/jobs/') ? location.slice(9) : null, sends };
        }
      } catch (error) {
        if (error instanceof SyntaxError) this.wrong.push(`${method} ${path}: half an answer`);
      }
      if (performance.now() > end) throw new Error(`no answer to ${method} ${path} (${key}) after ${sends} sends`);
      this.turn += 1;
      await pause(Math.min(20 * sends, 500));
    }
  }
}
