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
import { recipes } from './sensible.ts';

export interface Asker {
  role: Role;
  key: string;
}

const SENSIBLE_SHARE = 0.6;
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

/** Writes come twice as often as looks. */
const drawn = routes.flatMap((route) => (route.method === 'get' ? [route] : [route, route]));

export const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;

export function draw(
  document: Schema,
  generator: Generator,
  askers: readonly Asker[],
): { route: Route; attempt: Attempt } {
  const { chance } = generator;
  const route = chance.pick(drawn);
  const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method];
  const isSensible = chance.chance(SENSIBLE_SHARE);
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
  const session = route.path.startsWith('/v1/session') && chance.chance(0.7) ? ids.sessions.at(-1) : undefined;
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
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    // A stream of a job that never ends would be followed for ever.
    if (route.path === '/v1/jobs/:id/events') return generator.id('zzz');
    const schema = operation.parameters?.find((one: Schema) => one.in === 'path' && one.name === name)?.schema ?? {};
    const value = mood > 0.95 ? String(generator.hostile()).slice(0, 200) : String(generator.valid(schema, name));
    return encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '?')) || 'x';
  });
}

function queryOf(operation: Schema, generator: Generator, isSensible: boolean, mood: number): string {
  const { chance } = generator;
  const query = new URLSearchParams();
  for (const { in: place, name, required, schema } of operation.parameters ?? []) {
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
