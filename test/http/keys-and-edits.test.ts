/** Keys of an organization, and edits of what people may edit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('keys', () => {
  it('a key is made with a role, shown once, and revoked', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const made = await admin.post('/v1/api_keys', { label: 'Front desk', role: 'desk' });
    const desk = engine.client(made.secret);
    expect((await desk.send('POST', '/v1/customers', { name: 'Anne' })).status).toBe(201);
    expect((await desk.send('POST', '/v1/plans', { name: 'Gym', kind: 'membership', amount: 100 })).status).toBe(403);
    const listed = await admin.get('/v1/api_keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.secret);
    expect(listed.body.data[0]).toMatchObject({ id: made.id, label: 'Front desk', role: 'desk', revoked_at: null });
    expect((await desk.get('/v1/api_keys')).status).toBe(403);
    expect((await admin.send('DELETE', `/v1/api_keys/${made.id}`)).status).toBe(204);
    expect((await desk.get('/v1/organization')).status).toBe(401);
    expect((await admin.send('DELETE', `/v1/api_keys/${made.id}`)).status).toBe(404);
  });

  it('the secret of a repeated request is not shown again', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const key = { 'idempotency-key': 'make-it' };
    const first = await admin.send('POST', '/v1/api_keys', { label: 'A', role: 'viewer' }, key);
    const again = await admin.send('POST', '/v1/api_keys', { label: 'A', role: 'viewer' }, key);
    expect(first.body.secret).toMatch(/^sk_test_/);
    expect(again.body).toEqual({ ...first.body, secret: null });
  });

  it('a key may expire, but not in the past; the last admin key stays', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const late = { label: 'A', role: 'viewer', expires_at: '2010-01-01T00:00:00Z' };
    expect(await admin.send('POST', '/v1/api_keys', late)).toMatchObject({
      status: 422,
      body: { code: 'key_expires_in_the_past' },
    });
    const [own] = (await admin.get('/v1/api_keys')).body.data;
    expect(await admin.send('DELETE', `/v1/api_keys/${own.id}`)).toMatchObject({
      status: 409,
      body: { code: 'last_admin_key' },
    });
    await admin.post('/v1/api_keys', { label: 'Second', role: 'admin' });
    expect((await admin.send('DELETE', `/v1/api_keys/${own.id}`)).status).toBe(204);
  });

  it('a key is replaced by one that may do the same; both work for the overlap, and only one replaces it', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const old = await admin.post('/v1/api_keys', { label: 'Front desk', role: 'desk' });
    const first = engine.client(old.secret);
    const made = await admin.post(`/v1/api_keys/${old.id}/rotation`, { overlap_hours: 2 });
    expect(made).toMatchObject({ label: 'Front desk', role: 'desk', replaces: old.id, expires_at: null });
    const second = engine.client(made.secret);
    expect([(await first.get('/v1/plans')).status, (await second.get('/v1/plans')).status]).toEqual([200, 200]);
    expect((await admin.send('POST', `/v1/api_keys/${old.id}/rotation`, {})).body.code).toBe('key_already_replaced');
    const listed = async (id: string) => (await admin.get('/v1/api_keys')).body.data.find((key: Json) => key.id === id);
    const left = new Date((await listed(old.id)).expires_at).getTime() - Date.now();
    expect(left).toBeGreaterThan(7_000_000);
    // A clock that is set right meanwhile moves by some milliseconds.
    expect(left).toBeLessThan(7_260_000);
    await engine
      .database('api_key')
      .where({ id: old.id })
      .update({ expires_at: new Date(Date.now() - 1000) });
    await expect.poll(async () => (await first.get('/v1/plans')).status, { timeout: 30_000 }).toBe(401);
    const third = await admin.post(`/v1/api_keys/${made.id}/rotation`, { overlap_hours: 0 });
    expect((await second.get('/v1/plans')).status).toBe(401);
    expect((await engine.client(third.secret).get('/v1/plans')).status).toBe(200);
    expect((await admin.send('POST', `/v1/api_keys/${made.id}/rotation`, {})).status).toBe(404);
  });

  it('of several that replace a key at once one does; the others are told', async () => {
    const admin = await engine.sandbox('2010-07-05');
    for (let round = 0; round < 3; round += 1) {
      const old = await admin.post('/v1/api_keys', { label: 'Till', role: 'desk' });
      const rotation = (at: number) =>
        admin.send('POST', `/v1/api_keys/${old.id}/rotation`, {}, { 'idempotency-key': `${old.id}-${at}` });
      const answers = await Promise.all([1, 2, 3, 4].map(rotation));
      const told = answers.map(({ status, body }) => body.code ?? status).sort();
      expect(told).toEqual([201, 'key_already_replaced', 'key_already_replaced', 'key_already_replaced']);
    }
  });

  it('the day on which a key was last used is shown', async () => {
    const admin = await engine.sandbox('2010-07-05');
    const { id, secret } = await admin.post('/v1/api_keys', { label: 'A', role: 'viewer' });
    const shown = async () => (await admin.get('/v1/api_keys')).body.data.find((key: Json) => key.id === id);
    expect((await shown()).last_used_on).toBe(null);
    await engine.client(secret).get('/v1/plans');
    const { rows } = await engine.database.raw(`select (now() at time zone 'Europe/Paris')::date::text as today`);
    expect((await shown()).last_used_on).toBe(rows[0].today);
  });

  it('another organization’s key cannot be revoked', async () => {
    const [one, two] = [await engine.sandbox('2010-07-05'), await engine.sandbox('2010-07-05')];
    const made = await one.post('/v1/api_keys', { label: 'A', role: 'viewer' });
    expect((await two.send('DELETE', `/v1/api_keys/${made.id}`)).status).toBe(404);
  });
});

describe('edits', () => {
  it('a customer’s fields change one by one; null takes one away; the trail names fields, not what they held', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const made = await desk.post('/v1/customers', { name: 'Anne', email: 'anne@example.com', badge: 'B1' });
    const edited = await desk.send('PATCH', `/v1/customers/${made.id}`, {
      email: null,
      address: { town: 'Lyon', country: 'FR' },
    });
    expect(edited.body).toMatchObject({
      name: 'Anne',
      email: null,
      badge: 'B1',
      address: { town: 'Lyon' },
      version: 2,
    });
    const { body } = await desk.get(`/v1/events?subject=${made.id}&type=customer.edited`);
    expect(body.data.map((event: Json) => event.data)).toEqual([{ fields: ['email', 'address'] }]);
  });

  it('of two edits that read the same version the second is told', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const { id } = await desk.post('/v1/customers', { name: 'Anne' });
    const etag = (await desk.get(`/v1/customers/${id}`)).headers.get('etag') as string;
    const both = await Promise.all(
      ['A', 'B'].map((name) => desk.send('PATCH', `/v1/customers/${id}`, { name }, { 'if-match': etag })),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  it('a plan is edited field by field, under If-Match; what was sold stays as it was sold', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const plan = await desk.post('/v1/plans', {
      name: 'Gym',
      kind: 'membership',
      amount: 5900,
      freeze: { active: true, shift_end: true },
    });
    const path = `/v1/plans/${plan.id}`;
    const customer = await desk.post('/v1/customers', { name: 'Anne' });
    const sold = { customer: customer.id, plan: plan.id, starts_on: '2010-07-05', method: 'cash' };
    const before = await desk.post('/v1/contracts', sold);
    const etag = (await desk.get(path)).headers.get('etag') as string;
    const edit = { amount: 6200, freeze: { min_months: 1 } };
    const answer = await desk.send('PATCH', path, edit, { 'if-match': etag });
    const freeze = { ...plan.freeze, min_months: 1 };
    expect(answer).toMatchObject({ status: 200, body: { ...plan, amount: 6200, freeze, version: 2 } });
    expect(await desk.send('PATCH', path, { amount: 1 }, { 'if-match': etag })).toMatchObject({ status: 412 });
    expect((await desk.get(`/v1/contracts/${before.id}`)).body).toMatchObject({ amount: 5900 });
    expect(await desk.post('/v1/contracts', sold)).toMatchObject({ amount: 6200 });
    for (const [wrong, code] of [
      [{ amount: 6200 }, 'nothing_to_change'],
      [{ issues: 3 }, 'plan_field_of_other_kind'],
      [{ credits: 3 }, 'plan_field_of_other_kind'],
      [{ freeze: { discount_bps: 10, discount_amount: 10 } }, 'plan_ambiguous_discount'],
    ] as const)
      expect((await desk.send('PATCH', path, wrong)).body).toMatchObject({ code });
    const { body } = await desk.get(`/v1/events?subject=${plan.id}&type=plan.edited`);
    expect(body.data.map((event: Json) => event.data)).toEqual([{ fields: ['amount', 'freeze'] }]);
  });

  it('a badge belongs to one customer, and an address that is two is none', async () => {
    const desk = await engine.sandbox('2010-07-05');
    await desk.post('/v1/customers', { name: 'Anne', badge: 'B1' });
    const { id } = await desk.post('/v1/customers', { name: 'Paul' });
    expect(await desk.send('PATCH', `/v1/customers/${id}`, { badge: 'B1' })).toMatchObject({
      status: 409,
      body: { code: 'badge_taken' },
    });
    expect(await desk.send('PATCH', `/v1/customers/${id}`, { email: 'a@b.fr,c@d.fr' })).toMatchObject({ status: 422 });
    expect(await desk.send('PATCH', `/v1/customers/${id}`, { name: null })).toMatchObject({ status: 422 });
    expect((await desk.get(`/v1/customers/${id}`)).body).toMatchObject({ name: 'Paul', version: 1 });
  });

  it('a suspension is edited on the version that was read', async () => {
    const { desk, contract } = await memberIn2010(engine);
    const { id } = await desk.post(`/v1/contracts/${contract}/suspensions`, {
      starts_on: '2010-07-22',
      days: 45,
      amount: 200,
      reason: 'x',
    });
    const etag = (await desk.get(`/v1/suspensions/${id}`)).headers.get('etag') as string;
    const edit = (days: number) => desk.send('PATCH', `/v1/suspensions/${id}`, { days }, { 'if-match': etag });
    expect(await edit(90)).toMatchObject({ status: 200, body: { ends_on: '2010-10-19' } });
    expect(await edit(20)).toMatchObject({ status: 412, body: { code: 'stale_version' } });
  });
});
