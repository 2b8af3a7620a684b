/**
 * Draws requests: somewhat more than half as somebody who may would make them, with what exists and belongs together;
 * the rest nearly valid or hostile, by anybody, about anything.
 */
import type { Role } from '../../api/kit/roles.ts';
import type { Route } from '../../api/kit/route.ts';
import { routes } from '../../api/routes/index.ts';
import { bankFile } from './bank-file.ts';
import type { Generator, Schema, Value } from './generate.ts';
import type { Attempt } from './send.ts';
import { named, recipes } from './sensible.ts';

export interface Asker {
  role: Role;
  key: string;
}

const SENSIBLE_SHARE = 0.45;
/** Of the requests, so many go sensibly to a route that was never answered well so far. */
const INSISTING_SHARE = 0.08;
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

export const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;

/** What hashes a password takes a core for a while, and a day of the clock does the daily work of everybody. */
const costly = ['POST /v1/sessions', 'POST /v1/invitations/acceptance', 'POST /v1/test_clock/advance'];
const needsSession = ['GET /v1/session', 'DELETE /v1/session', 'DELETE /v1/sessions', 'POST /v1/session/password'];

/** What other routes wait for, and seldom comes off. */
const opening = ['POST /v1/collections', 'POST /v1/collections/:id/release', 'GET /v1/contracts/:id/changes'];

/** Writes come twice as often as looks, what is costly, and what needs it before, far more rarely; what opens others, more often. */
function shareOf(route: Route): number {
  if (opening.includes(nameOf(route))) return 30;
  if (costly.includes(nameOf(route))) return 2;
  if (needsSession.includes(nameOf(route))) return 1;
  return route.method === 'get' ? 5 : 10;
}
const drawn = routes.flatMap((route) => Array.from({ length: shareOf(route) }, () => route));

/** @param missing the routes that were never answered well so far, and could be. */
export function draw(
  document: Schema,
  generator: Generator,
  askers: readonly Asker[],
  missing: readonly Route[],
): { route: Route; attempt: Attempt } {
  const { chance } = generator;
  const insists = missing.length > 0 && chance.chance(INSISTING_SHARE);
  const route = chance.pick(insists ? missing : drawn);
  const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method];
  const isSensible = insists || chance.chance(SENSIBLE_SHARE);
  generator.begin(isSensible);
  // Sensible requests are below every threshold of spoiling.
  const mood = isSensible ? 0 : chance.next();
  const headers = headersOf(route, generator, askers, isSensible);
  const path = pathOf(route, operation, generator, mood) + queryOf(operation, generator, isSensible, mood);
  const body = isSensible ? sensibleBody(route, operation, generator, headers) : null;
  return { route, attempt: { path, headers, body: body ?? bodyOf(route, operation, generator, headers, mood) } };
}

function headersOf(
  route: Route,
  { chance, ids }: Generator,
  askers: readonly Asker[],
  isSensible: boolean,
): Record<string, string> {
  const may = askers.filter(({ role }) => route.roles === 'anyone' || route.roles.includes(role));
  const session = needsSession.includes(nameOf(route)) && chance.chance(0.9) ? ids.sessions.at(-1) : undefined;
  const key = isSensible ? (session ?? chance.pick(may).key) : chance.pick(askers).key;
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (isSensible) {
    if (route.method === 'get') return headers;
    return { ...headers, 'idempotency-key': `fuzz-${chance.int(0, 1e9)}`, prefer: 'wait=20' };
  }
  if (chance.chance(0.02)) headers['accept-language'] = chance.pick(['de', 'fr;q=0', '*', 'xx', ',,,']);
  if (chance.chance(0.05)) headers['if-match'] = chance.pick(['"1"', '*', 'x', '"99999999999"', '"0"']);
  if (chance.chance(0.02)) headers.prefer = chance.pick(['wait=0', 'wait=x', 'wait=', 'respond-async']);
  if (route.method !== 'get' && chance.chance(0.9)) headers['idempotency-key'] = `fuzz-${chance.int(0, 1e9)}`;
  return headers;
}

function pathOf(route: Route, operation: Schema, generator: Generator, mood: number): string {
  const values: Record<string, string> = {};
  // The last first: what belongs to a contract says which contract.
  for (const name of [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] as string).reverse()) {
    const schema = operation.parameters?.find((one: Schema) => one.in === 'path' && one.name === name)?.schema ?? {};
    const prefix = /^\^([a-z]{2,4})_/.exec(generator.resolve(schema).pattern ?? '')?.[1];
    const valid = () => (prefix ? generator.id(prefix, named[nameOf(route)]?.[name]) : generator.valid(schema, name));
    const value = String(mood > 0.95 ? generator.hostile() : valid()).slice(0, 200);
    values[name] = encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '?')) || 'x';
  }
  // The stream of a job that never ends would be followed for ever.
  if (route.path === '/v1/jobs/:id/events') values.id = generator.endedJob();
  return route.path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? '');
}

function queryOf(operation: Schema, generator: Generator, isSensible: boolean, mood: number): string {
  const { chance } = generator;
  const query = new URLSearchParams();
  for (const { in: place, name, required, schema } of operation.parameters ?? []) {
    // A token that no preview gave is stale whatever else is right.
    if (isSensible && name === 'preview_token') continue;
    if (place !== 'query' || (!required && !chance.chance(isSensible ? 0.06 : 0.3))) continue;
    query.append(name, String(mood > 0.7 && chance.chance(0.3) ? generator.hostile() : generator.valid(schema, name)));
  }
  if (mood > 0.97) query.append(chance.pick(['unknown', 'limit', 'cursor', 'dry_run', '__proto__']), 'x');
  return query.size > 0 ? `?${query}` : '';
}

function sensibleBody(
  route: Route,
  operation: Schema,
  generator: Generator,
  headers: Record<string, string>,
): string | null {
  const recipe = recipes[nameOf(route)];
  if (!recipe || !operation.requestBody || !generator.chance.chance(0.85)) return null;
  headers['content-type'] = 'application/json';
  return JSON.stringify(recipe(generator));
}

function bodyOf(
  route: Route,
  operation: Schema,
  generator: Generator,
  headers: Record<string, string>,
  mood: number,
): string | null {
  const { chance } = generator;
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
    body = { to: generator.near(0, 2) };
  return JSON.stringify(body) ?? 'null';
}
