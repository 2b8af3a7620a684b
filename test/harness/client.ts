/** A client that speaks HTTP to the engine. */

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests.
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

export interface CallOptions {
  body?: unknown;
  /** Sent as it is instead of `body` as JSON. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
  key?: string | null;
  signal?: AbortSignal;
}

export interface Client {
  key: string;
  organization: Json;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, options?: CallOptions): Promise<Answer>;
  /** Waits for the job behind the answer, sends an idempotency key, and expects a 2xx. */
  post(path: string, body?: unknown): Promise<Json>;
  /** As `post`, for any method and answer. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

let keys = 0;

export function clientOf(url: string, key: string, organization: Json = null): Client {
  const client: Client = {
    key,
    organization,
    async call(method, path, options = {}) {
      const headers: Record<string, string> = { ...options.headers };
      const bearer = options.key === undefined ? key : options.key;
      if (bearer !== null) headers.authorization = `Bearer ${bearer}`;
      let body: string | Uint8Array | undefined = options.raw;
      if (options.body !== undefined) {
        body = JSON.stringify(options.body);
        headers['content-type'] ??= 'application/json';
      }
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(options.signal ? { signal: options.signal } : {}),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
    },
    get: (path, options) => client.call('GET', path, options),
    async send(method, path, body, headers = {}) {
      keys += 1;
      const key = `test-${process.pid}-${keys}`;
      const ask = () =>
        client.call(method, path, {
          ...(body === undefined ? {} : { body }),
          headers: { prefer: 'wait=30', ...(method === 'POST' ? { 'idempotency-key': key } : {}), ...headers },
        });
      let answer = await ask();
      // On a busy machine a job may take longer than the API waits: the same request, asked again, waits on for the same job.
      for (let more = 0; more < 4 && method === 'POST' && answer.status === 202 && !headers.prefer; more += 1)
        answer = await ask();
      return answer;
    },
    async post(path, body = {}) {
      keys += 1;
      const headers = { 'idempotency-key': `test-${process.pid}-${keys}` };
      let answer = await client.send('POST', path, body, headers);
      // On a busy machine a job may take longer than one request waits for it.
      for (let again = 0; answer.status === 202 && again < 4; again += 1) {
        answer = await client.send('POST', path, body, headers);
      }
      if (answer.status >= 300 || answer.status === 202) {
        throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return answer.body;
    },
  };
  return client;
}
