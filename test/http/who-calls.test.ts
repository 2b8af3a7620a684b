/** Who calls: keys, roles, and whose objects they see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/services/create-organization.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { suspension, until } from './conventions.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('who calls', () => {
  it.each([
    ['no key', null],
    ['a forged key', 'sk_test_this_is_not_a_key'],
    ['a key with a line break in it', 'sk test'],
    ['a very long key', 'x'.repeat(500)],
  ])('%s is refused alike, with the way to authenticate', async (_name, key) => {
    const answer = await engine.operator.get('/v1/organization', { key });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'unauthenticated', status: 401 });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a revoked or expired key is as unknown as a forged one', async () => {
    const desk = await engine.sandbox('2010-07-05');
    await engine
      .database('api_key')
      .where({ organization_id: desk.organization.id })
      .update({ revoked_at: new Date() });
    expect((await desk.get('/v1/organization')).status).toBe(401);
    const other = await engine.sandbox('2010-07-05');
    await engine
      .database('api_key')
      .where({ organization_id: other.organization.id })
      .update({ expires_at: new Date(Date.now() - 1000) });
    expect((await other.get('/v1/organization')).status).toBe(401);
  });

  it('a key that was used is refused once it is revoked, and a new setting holds at once', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect((await desk.get('/v1/organization')).body.settings.grace_days).toBe(0);
    await desk.send('PATCH', '/v1/organization', { settings: { grace_days: 3 } });
    expect((await desk.get('/v1/organization')).body.settings.grace_days).toBe(3);
    await engine.database('organization').where({ id: desk.organization.id }).update({ test_today: '2011-01-01' });
    await until(async () => (await desk.get('/v1/organization')).body.today === '2011-01-01');
    await engine
      .database('api_key')
      .where({ organization_id: desk.organization.id })
      .update({ revoked_at: new Date() });
    await until(async () => (await desk.get('/v1/organization')).status === 401);
  });

  it('a role that may only look cannot write', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const secret = await engine.database.transaction((trx) =>
      createApiKey(
        trx,
        { organization_id: admin.organization.id, label: 'v', role: 'viewer', is_operator: false },
        new Date(),
      ),
    );
    const viewer = engine.client(secret);
    expect((await viewer.get('/v1/organization')).status).toBe(200);
    const answer = await viewer.call('POST', '/v1/customers', { body: { name: 'X' } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'role_forbids' } });
  });

  it('a sandbox cannot make sandboxes', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect(await desk.send('POST', '/v1/sandboxes', { name: 'S', today: '2010-01-01' })).toMatchObject({
      status: 403,
      body: { code: 'sandboxes_forbidden' },
    });
  });

  it('another organization’s ids are unknown, never forbidden', async () => {
    const mine = await memberIn2010(engine);
    const stranger = await engine.sandbox('2010-07-05');
    const [instalment] = await mine.instalments();
    const { id } = await mine.desk.post(`/v1/contracts/${mine.contract}/suspensions`, suspension);
    const attempts: [string, string, unknown?][] = [
      ['GET', `/v1/contracts/${mine.contract}`],
      ['GET', `/v1/contracts/${mine.contract}/schedule`],
      ['GET', `/v1/contracts/${mine.contract}/suspensions`],
      ['GET', `/v1/customers/${mine.customer}`],
      ['GET', `/v1/plans/${mine.plan}`],
      ['GET', `/v1/suspensions/${id}`],
      ['POST', `/v1/contracts/${mine.contract}/suspensions`, suspension],
      ['POST', `/v1/suspensions/${id}/stop`, { on: '2010-08-01' }],
      ['PATCH', `/v1/suspensions/${id}`, { reason: 'x' }],
      ['DELETE', `/v1/suspensions/${id}`],
      ['POST', `/v1/instalments/${instalment.id}/payments`, { paid_on: '2010-07-05', method: 'cash' }],
    ];
    for (const [method, path, body] of attempts) {
      expect(await stranger.send(method, path, body), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    const contract = { customer: mine.customer, plan: mine.plan, starts_on: '2010-07-05', method: 'cash' };
    expect(await stranger.send('POST', '/v1/contracts', contract)).toMatchObject({ status: 404 });
    const jobs = await mine.desk.get('/v1/jobs');
    expect((await stranger.get(`/v1/jobs/${jobs.body.data[0].id}`)).status).toBe(404);
    expect((await stranger.get('/v1/events')).body.data).toEqual([]);
  });
});
