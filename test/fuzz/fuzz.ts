/**
 * Sends requests made from the OpenAPI document to every route with every role, and checks each answer: no 5xx, no
 * status that the document does not name, the shape that it promises, nothing of anybody else's.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Route } from '../../api/kit/route.ts';
import { problemSchema } from '../../api/kit/shared-schemas.ts';
import { routes } from '../../api/routes/index.ts';
import { jobSchema } from '../../src/views/jobs.ts';
import { type Random, random } from '../storm/random.ts';
import { bankFile } from './bank-file.ts';
import { Generator, type Ids, type Schema, type Value } from './generate.ts';

export interface FuzzOptions {
  url: string;
  /** Keys of every role of one organization. */
  keys: readonly string[];
  ids: Ids;
  /** Ids that no request may name: the keys that the requests are made with. */
  spared: ReadonlySet<string>;
  requests: number;
  seed: number;
  concurrency?: number;
}

export interface FuzzResult {
  sent: number;
  byStatus: Record<string, number>;
  /** Routes that were never answered with success. */
  neverWell: string[];
  faults: string[];
}

interface Attempt {
  route: Route;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const rawBodies = [
  '{',
  '[]',
  '"x"',
  'null',
  '{"a":1}}',
  `${'['.repeat(20_000)}`,
  '\u0000',
  '{"a":"\\ud800"}',
  `{"a":"${'x'.repeat(300_000)}"}`,
];

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const document = JSON.parse(
    (await send(options.url, { path: '/openapi.json', headers: {}, body: null }, 'GET')).text,
  ) as Schema;
  const result: FuzzResult = { sent: 0, byStatus: {}, neverWell: [], faults: [] };
  const well = new Set<string>();
  const seen = new Set<string>();
  let left = options.requests;
  const run = async (chance: Random) => {
    const generator = new Generator(document, chance, options.ids);
    while (left > 0 && result.faults.length < 20) {
      left -= 1;
      const attempt = draw(document, chance, generator, options.keys);
      const method = attempt.route.method.toUpperCase();
      const answer = await send(options.url, attempt, method).catch((error: unknown) => ({
        status: 0,
        type: '',
        text: String(error),
        location: '',
      }));
      result.sent += 1;
      result.byStatus[answer.status] = (result.byStatus[answer.status] ?? 0) + 1;
      if (answer.status < 300 && answer.status > 0) well.add(`${method} ${attempt.route.path}`);
      const fault = judge(document, attempt.route, answer);
      const foreign = [...options.ids.foreign.values()]
        .flat()
        .find(
          (id) =>
            answer.text.includes(id) &&
            answer.status < 300 &&
            attempt.route.path.includes(':') &&
            !attempt.body?.includes(id),
        );
      const signature = `${fault?.slice(0, 60) ?? 'foreign'} ${method} ${attempt.route.path}`;
      if ((fault || foreign) && !seen.has(signature)) {
        seen.add(signature);
        result.faults.push(
          `${fault ?? `shows the foreign ${foreign}`}: ${method} ${attempt.path} ${attempt.body?.slice(0, 600) ?? ''} → ${answer.status} ${answer.text.slice(0, 500)}`,
        );
      }
      learn(options.ids, answer, options.spared);
    }
  };
  const seeds = random(options.seed);
  await Promise.all(Array.from({ length: options.concurrency ?? 12 }, () => run(seeds.fork())));
  result.neverWell = routes
    .map((route) => `${route.method.toUpperCase()} ${route.path}`)
    .filter((name) => !well.has(name));
  return result;
}

function draw(document: Schema, chance: Random, generator: Generator, keys: readonly string[]): Attempt {
  const route = chance.pick(routes);
  const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method];
  const mood = chance.next();
  let path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const schema = operation.parameters?.find((one: Schema) => one.in === 'path' && one.name === name)?.schema ?? {};
    const value = String(generator.valid(schema, name));
    // A stream of a job that never ends would be followed for ever.
    if (route.kind === 'stream') return generator.id('zzz');
    return mood > 0.95
      ? encodeURIComponent(
          String(generator.hostile())
            .slice(0, 200)
            .replace(/[\ud800-\udfff]/g, '?'),
        ) || 'x'
      : value;
  });
  const query = new URLSearchParams();
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== 'query' || (!parameter.required && !chance.chance(0.3))) continue;
    query.append(
      parameter.name,
      String(
        mood > 0.7 && chance.chance(0.3) ? generator.hostile() : generator.valid(parameter.schema, parameter.name),
      ),
    );
  }
  if (mood > 0.97) query.append(chance.pick(['unknown', 'limit', 'cursor', 'dry_run', '__proto__']), 'x');
  const text = query.toString();
  if (text) path += `?${text}`;
  const headers: Record<string, string> = { authorization: `Bearer ${chance.pick(keys)}` };
  if (chance.chance(0.02)) headers['accept-language'] = chance.pick(['de', 'fr;q=0', '*', 'xx', ',,,']);
  if (chance.chance(0.05)) headers['if-match'] = chance.pick(['"1"', '*', 'x', '"99999999999"', '"0"']);
  if (chance.chance(0.02)) headers.prefer = chance.pick(['wait=0', 'wait=x', 'wait=', 'respond-async']);
  if (route.method !== 'get' && chance.chance(0.9)) headers['idempotency-key'] = `fuzz-${chance.int(0, 1e9)}`;
  return { route, path, headers, body: bodyOf(route, operation, chance, generator, headers, mood) };
}

function bodyOf(
  route: Route,
  operation: Schema,
  chance: Random,
  generator: Generator,
  headers: Record<string, string>,
  mood: number,
): string | null {
  if (route.method === 'get') return null;
  if (operation.requestBody?.content?.['application/xml'] && mood <= 0.97) {
    headers['content-type'] = 'application/xml';
    return bankFile(chance, generator);
  }
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  headers['content-type'] = 'application/json';
  if (mood > 0.98) return chance.pick(rawBodies);
  if (mood > 0.97)
    headers['content-type'] = chance.pick(['text/plain', 'application/xml', 'application/json; charset=latin1', 'x']);
  if (!schema) return chance.chance(0.8) ? null : '{}';
  let body: Value = generator.valid(schema);
  if (mood > 0.6) body = generator.spoilt(body);
  // A clock that runs for years would run for the rest of the test.
  if (route.path === '/v1/test_clock/advance' && /"to":"[0-9-]{10}"/.test(JSON.stringify(body)))
    body = { to: '2010-07-06' };
  return JSON.stringify(body) ?? 'null';
}

interface Answer {
  status: number;
  type: string;
  text: string;
  location: string;
}

function judge(document: Schema, route: Route, answer: Answer): string | null {
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

/** Ids in answers are used in later requests, so that changes meet objects that were changed. */
function learn(ids: Ids, { status, text }: Answer, spared: ReadonlySet<string>): void {
  if (status >= 300) return;
  for (const [, id, prefix] of text.matchAll(/"id":"(([a-z]{3})_[0-9A-Z]{26})"/g)) {
    if (spared.has(id as string)) continue;
    const pool = ids.own.get(prefix as string) ?? [];
    if (!pool.includes(id as string)) pool.push(id as string);
    if (pool.length > 60) pool.shift();
    ids.own.set(prefix as string, pool);
  }
}

function send(
  base: string,
  { path, headers, body }: Pick<Attempt, 'path' | 'headers' | 'body'>,
  method: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(
      `${base}${path}`,
      { method, headers: { ...headers, ...length }, agent },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
            location: response.headers.location ?? '',
          }),
        );
      },
    );
    request.setTimeout(60_000, () => request.destroy(new Error('no answer within a minute')));
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
