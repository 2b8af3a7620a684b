/**
 * Every route that names objects, with every role that may call it, naming somebody else's: they are as unknown as what
 * does not exist, and stay as they were. A route that names a new kind fails here until `everyKind` has one.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Role, roles } from '../../api/kit/roles.ts';
import { routes } from '../../api/routes/index.ts';
import { newId } from '../../src/ids.ts';
import { createApiKey } from '../../src/services/create-organization.ts';
import { type Answer, type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { random } from '../storm/random.ts';
import { type EveryKind, everyKind } from './every-kind.ts';
import { Generator } from './generate.ts';
import { Pools } from './pools.ts';

type Route = (typeof routes)[number];

/** The parameters of a path that are ids, with the prefix of each. */
function idsIn(route: Route): [name: string, prefix: string][] {
  if (!route.params) return [];
  const schema = z.toJSONSchema(route.params, { io: 'input', unrepresentable: 'any' }) as Json;
  return Object.entries<Json>(schema.properties).flatMap(([name, { pattern }]) => {
    const prefix = /^\^([a-z]+)_/.exec(pattern ?? '')?.[1];
    return prefix ? [[name, prefix] as [string, string]] : [];
  });
}

const naming = routes.filter((route) => idsIn(route).length > 0);
/** A message that has not gone out has no text, and an e-mail is no letter. */
const unsaid = ['/v1/reminders/:id/text', '/v1/letters/:id/pdf'];
const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;

describe('naming somebody else’s objects', () => {
  let engine: TestEngine;
  let own: EveryKind;
  let foreign: EveryKind;
  let document: Json;
  const clients = new Map<Role, Client>();
  beforeAll(async () => {
    engine = await startTestEngine();
    [own, foreign] = await Promise.all([everyKind(engine), everyKind(engine)]);
    document = (await engine.operator.get('/openapi.json')).body;
    await engine.database.transaction(async (trx) => {
      for (const role of roles) {
        const key = { organization_id: own.desk.organization.id, label: role, role, is_operator: false };
        clients.set(role, engine.client(await createApiKey(trx, key, new Date())));
      }
    });
  });
  afterAll(() => engine.stop());

  it('there is an object of each kind that a route names, on both sides', () => {
    const wanted = new Set(naming.flatMap((route) => idsIn(route).map(([, prefix]) => prefix)));
    for (const side of [own, foreign]) {
      expect([...wanted].filter((prefix) => !side.ids.get(prefix)?.length)).toEqual([]);
    }
  });

  it.concurrent.each(naming.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const named = idsIn(route);
    const openPath = route.path.replace(/:(\w+)/g, '{$1}');
    const schema = document.paths[openPath][route.method].requestBody?.content?.['application/json']?.schema;
    const body = schema && new Generator(document, random(7), new Pools(own.ids, own.ids, '2010-07-05')).valid(schema);
    const ask = (client: Client, pathIds: Record<string, string>): Promise<Answer> => {
      const path = route.path.replace(/:(\w+)/g, (_, name: string) => pathIds[name] ?? 'reminder_1');
      return client.call(route.method.toUpperCase(), path, {
        ...(route.method === 'get' || body === undefined ? {} : { body }),
        headers: { 'idempotency-key': newId('req'), prefer: 'wait=30' },
      });
    };
    const mine = Object.fromEntries(named.map(([name, prefix]) => [name, own.ids.get(prefix)?.[0] as string]));
    const clientsOf = (route.roles as Role[]).map((role) => [role, clients.get(role) as Client] as const);
    const [[anyRole, anyClient]] = clientsOf as [[Role, Client]];
    // Who may call the route meets the same objects, so what is ours and what is nobody's is asked for once.
    if (route.method === 'get' && !unsaid.includes(route.path)) {
      expect([401, 403, 404], `${anyRole} with an own id`).not.toContain((await ask(anyClient, mine)).status);
    }
    for (const [name, prefix] of named) {
      const [missing, ...answers] = await Promise.all([
        ask(anyClient, { ...mine, [name]: newId(prefix) }),
        ...clientsOf.map(([, client]) => ask(client, { ...mine, [name]: foreign.ids.get(prefix)?.[0] as string })),
      ]);
      for (const [at, strange] of answers.entries()) {
        const who = `${clientsOf[at]?.[0]} with a foreign ${name}`;
        expect(strange.status >= 400 || strange.body.data?.length === 0, who).toBe(true);
        expect([strange.status, strange.body.code], who).toEqual([missing.status, missing.body.code]);
        expect(JSON.stringify(strange.body)).not.toContain(foreign.desk.organization.id);
      }
    }
  });

  it('the others’ trail tells of nothing that was done from here', async () => {
    const actors = [
      ...new Set(
        (await engine.database('event').where({ organization_id: foreign.desk.organization.id })).map(
          ({ actor }) => actor,
        ),
      ),
    ];
    const keys = (await engine.database('api_key').where({ organization_id: own.desk.organization.id })).map(
      ({ id }) => `key:${id}`,
    );
    expect(actors.filter((actor) => keys.includes(actor))).toEqual([]);
  });
});
