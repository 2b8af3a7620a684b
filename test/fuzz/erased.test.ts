/**
 * Every route that writes and can name something of a customer, naming what belongs to a person who was erased: refused,
 * and nothing is written. A route that is added is asked as well; one that names a new kind fails here until it is said
 * whose that is.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { kindsNamedBy, writesAboutCustomers } from '../../api/kit/of-erased.ts';
import { routes } from '../../api/routes/index.ts';
import { newId } from '../../src/ids.ts';
import { customersKinds } from '../../src/store/named-customers.ts';
import { type Answer, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { random } from '../storm/random.ts';
import { type EveryKind, everyKind } from './every-kind.ts';
import { Generator } from './generate.ts';
import { Pools } from './pools.ts';

/** Nobody's, or of many: plans, publications, closures, collections, files of the bank, jobs, keys, people. An incident is named with its contract. */
const ofNoCustomer = ['pln', 'pub', 'clo', 'col', 'brt', 'job', 'key', 'per', 'lgo', 'inc'];

type Route = (typeof routes)[number];
const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const writing = routes.filter(({ kind }) => kind === 'write' || kind === 'job' || kind === 'operation');
const asked = writing.filter(writesAboutCustomers);

let engine: TestEngine;
let kinds: EveryKind;
let document: Json;
beforeAll(async () => {
  engine = await startTestEngine();
  kinds = await everyKind(engine);
  document = (await engine.operator.get('/openapi.json')).body;
  // As erased as a row can be, without waiting until nothing is open.
  await engine.database.raw(
    `update customer set erased_at = now(), name = id, email = null, address = null, business = null, birth_on = null,
       external_id = null, badge = null, deceased_on = null where organization_id = ?`,
    [kinds.desk.organization.id],
  );
});
afterAll(() => engine.stop());

const counted = [
  'event',
  'job',
  'posting',
  'contract',
  'payment',
  'message',
  'promise',
  'reminder_hold',
  'mandate',
  'invoice',
];

async function rows(): Promise<Record<string, number>> {
  const counts = counted.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ');
  return (await engine.database.raw(`select ${counts}`)).rows[0];
}

it('whose an id is is known of every kind that a writing route names', () => {
  const named = new Set(writing.flatMap(kindsNamedBy));
  expect([...named].filter((kind) => !customersKinds.includes(kind) && !ofNoCustomer.includes(kind))).toEqual([]);
  expect(asked.length).toBeGreaterThan(30);
});

it.each(asked.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
  const idOf = (kind: string) => kinds.ids.get(kind)?.[0] as string;
  const openPath = route.path.replace(/:(\w+)/g, '{$1}');
  const described = document.paths[openPath][route.method];
  expect(described.responses['409'].description).toContain('`customer_erased`');

  const inPath = kindsNamedBy({ ...route, body: undefined } as Route);
  const { properties = {} } = (route.params ? z.toJSONSchema(route.params, { io: 'input' }) : {}) as Json;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const text = JSON.stringify(properties[name]);
    return properties[name].enum?.[0] ?? idOf(/\^([a-z]+)_/.exec(text)?.[1] as string);
  });
  const schema = described.requestBody?.content?.['application/json']?.schema;
  // An id drawn out of nothing is nobody's.
  const theirs = customersKinds.flatMap((kind) => kinds.ids.get(kind) ?? []);
  const names = (body: unknown) => theirs.some((id) => JSON.stringify(body ?? null).includes(`"${id}"`));
  const isNamed = (body: unknown) => inPath.some((kind) => customersKinds.includes(kind)) || names(body);
  const ask = (body: unknown, query: string) =>
    kinds.desk.call(route.method.toUpperCase(), path + query, {
      ...(body === undefined ? {} : { body }),
      headers: { 'idempotency-key': newId('req'), prefer: 'wait=30' },
    });
  const before = await rows();
  for (const query of route.kind === 'operation' ? ['?dry_run=true', ''] : ['']) {
    // What is drawn may be refused for its form before anybody is looked up.
    let answer: Answer | undefined;
    for (let seed = 1; seed < 500 && (!answer || answer.body?.code === 'invalid_input'); seed += 1) {
      const generator = new Generator(document, random(seed), new Pools(kinds.ids, kinds.ids, '2010-07-05'));
      const body = schema && generator.valid(schema);
      if (isNamed(body)) answer = await ask(body, query);
    }
    expect([answer?.status, answer?.body?.code], path + query).toEqual([409, 'customer_erased']);
  }
  expect(await rows()).toEqual(before);
});
