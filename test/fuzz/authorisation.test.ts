/**
 * Who may call what: every declared route with every role, and without, with a forged, a revoked and a foreign
 * organization's key. The table of expectations is written by hand, so that a new route, or one that opens itself
 * to more roles, fails here until somebody has decided it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../api/kit/roles.ts';
import { routes } from '../../api/routes/index.ts';
import { newId } from '../../src/ids.ts';
import { createApiKey } from '../../src/services/create-organization.ts';
import { readTables } from '../golden/read-table.ts';
import { type Client, startTestEngine, type TestEngine } from '../harness/engine.ts';

const expected = new Map(
  readTables('authorisation.md').flatMap(({ rows }) =>
    rows.map((row) => [row.route as string, new Set((row.roles as string).split(', '))] as const),
  ),
);
const nameOf = (route: (typeof routes)[number]) => `${route.method.toUpperCase()} ${route.path}`;

describe('authorisation', () => {
  let engine: TestEngine;
  let desk: Client;
  const keys = new Map<Role, string>();
  let revoked: string;
  beforeAll(async () => {
    engine = await startTestEngine({ workers: false });
    desk = await engine.sandbox('2010-07-05');
    await engine.database.transaction(async (trx) => {
      const make = (role: string, label: string) =>
        createApiKey(trx, { organization_id: desk.organization.id, label, role, is_operator: false }, new Date());
      for (const role of roles) keys.set(role, await make(role, role));
      revoked = await make('admin', 'revoked');
    });
    await engine.database.raw(`update api_key set revoked_at = now() where label = 'revoked'`);
  });
  afterAll(() => engine.stop());

  it('every route is in the table, and the table has no other', () => {
    expect(routes.map(nameOf).sort()).toEqual([...expected.keys()].sort());
  });

  /** A well-formed path whose ids name nothing. */
  const pathOf = (route: (typeof routes)[number]) =>
    route.path
      .replace(/:id/g, () => {
        const pattern = JSON.stringify(route.params ?? '');
        const prefix = /\^([a-z]{3})_/.exec(pattern)?.[1] ?? /\/v1\/(\w)/.exec(route.path)?.[1] ?? 'ctr';
        return newId(prefix);
      })
      .replace(/:\w+/g, 'nothing');

  it.each(routes.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const allowed = expected.get(name) as Set<string>;
    if (allowed.has('anyone')) {
      expect(route.roles).toBe('anyone');
      expect((await desk.call('POST', route.path, { key: null, body: {} })).status).toBe(422);
      return;
    }
    const send = (key: string | null) =>
      desk.call(route.method.toUpperCase(), pathOf(route), {
        key,
        ...(route.method === 'get' ? {} : { body: {}, headers: { 'idempotency-key': newId('req') } }),
      });
    for (const role of roles) {
      const { status } = await send(keys.get(role) as string);
      if (allowed.has(role)) expect([401, 403], `${role} may`).not.toContain(status);
      else expect(status, `${role} may not`).toBe(403);
      expect(status).toBeLessThan(500);
    }
    for (const key of [null, 'sk_test_forgedforgedforged', `${keys.get('admin')}x`, revoked]) {
      expect((await send(key)).status).toBe(401);
    }
  });
});
