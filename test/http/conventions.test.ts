/** What every client may rely on, whatever the endpoint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/services/create-organization.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { memberIn2010, signMember } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const suspension = { starts_on: '2010-07-22', days: 45, amount: 200, reason: 'Jambe cassée' };

/** Waits for what another process told this one. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 500; look += 1) if (await condition()) return;
  throw new Error('it did not come true');
}

async function countRows(table: string): Promise<number> {
  return (await engine.database(table).count('* as count').first())?.count as number;
}

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

describe('what is sent', () => {
  it.each<[string, string, object, string, string]>([
    ['an unknown field', '/v1/customers', { name: 'A', nom: 'B' }, '/nom', 'unknown_field'],
    ['a missing field', '/v1/customers', {}, '/name', 'required'],
    ['a field of the wrong type', '/v1/customers', { name: 7 }, '/name', 'wrong_type'],
    ['a text that is too long', '/v1/customers', { name: 'x'.repeat(201) }, '/name', 'too_big'],
    ['an empty text', '/v1/customers', { name: '   ' }, '/name', 'empty'],
    ['a control character', '/v1/customers', { name: 'a\u0000b' }, '/name', 'control_characters'],
    ['30 February', '/v1/customers', { name: 'A', birth_on: '2010-02-30' }, '/birth_on', 'not_a_day'],
    ['a negative amount', '/v1/plans', { name: 'A', kind: 'membership', amount: -1 }, '/amount', 'too_small'],
    ['an amount with decimals', '/v1/plans', { name: 'A', kind: 'membership', amount: 59.5 }, '/amount', 'wrong_type'],
    ['an amount beyond any', '/v1/plans', { name: 'A', kind: 'membership', amount: 1e15 }, '/amount', 'too_big'],
    [
      'a currency that is not the organization’s',
      '/v1/plans',
      { name: 'A', kind: 'membership', amount: 100, currency: 'USD' },
      '/currency',
      'currency_mismatch',
    ],
    ['a kind that does not exist', '/v1/plans', { name: 'A', kind: 'lottery', amount: 100 }, '/kind', 'not_one_of'],
    [
      'a nested field',
      '/v1/customers',
      { name: 'A', address: { town: 'Lyon', country: 'France' } },
      '/address/country',
      'bad_format',
    ],
  ])('%s is named by its pointer and rule, and nothing is written', async (_name, path, body, pointer, code) => {
    const desk = await engine.sandbox('2010-07-05');
    const before = await Promise.all(['customer', 'plan', 'event'].map(countRows));
    const answer = await desk.send('POST', path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(await Promise.all(['customer', 'plan', 'event'].map(countRows))).toEqual(before);
  });

  it.each<[string, object, number, string, string | null]>([
    ['no length', { starts_on: '2010-07-22', reason: 'x' }, 422, 'suspension_length_missing', '/days'],
    [
      'two lengths',
      { starts_on: '2010-07-22', days: 3, unlimited: true, reason: 'x' },
      422,
      'suspension_length_contradictory',
      '/unlimited',
    ],
    ['zero days', { starts_on: '2010-07-22', days: 0, reason: 'x' }, 422, 'invalid_input', '/days'],
    [
      'an end before its beginning',
      { starts_on: '2010-07-22', ends_on: '2010-07-01', reason: 'x' },
      422,
      'suspension_ends_before_it_begins',
      '/ends_on',
    ],
    [
      'one that is over before the contract begins',
      { starts_on: '2010-06-01', ends_on: '2010-06-30', reason: 'x' },
      422,
      'suspension_before_contract',
      '/starts_on',
    ],
    [
      'one that begins after the contract ends',
      { starts_on: '2011-09-01', days: 40, reason: 'x' },
      422,
      'suspension_after_contract',
      '/starts_on',
    ],
    [
      'an instalment that is not there',
      { starts_on: '2010-07-22', days: 45, first_instalment: 99, reason: 'x' },
      422,
      'instalment_unknown',
      '/first_instalment',
    ],
  ])('a suspension with %s is refused at once, and no job is made', async (_name, body, status, code, pointer) => {
    const member = await memberIn2010(engine, { plan: { term_months: 12 } });
    const jobs = await countRows('job');
    const answer = await member.desk.send('POST', `/v1/contracts/${member.contract}/suspensions`, body);
    expect(answer).toMatchObject({ status, body: { code } });
    if (pointer) expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await countRows('job')).toBe(jobs);
  });

  it('broken JSON, a body of 10 MB, another media type and an unknown path each have their status', async () => {
    const json = { 'content-type': 'application/json' };
    const call = (raw: string, headers: Record<string, string>) =>
      engine.operator.call('POST', '/v1/customers', { raw, headers });
    expect(await call('{"name":', json)).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await call('"text"', json)).toMatchObject({ status: 400 });
    expect(await call(JSON.stringify({ name: 'x'.repeat(10_000_000) }), json)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    expect(await call('name=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
    expect(await engine.operator.get('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await engine.operator.get('/v1/customers?order=name')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '?order' }] },
    });
    expect(await engine.operator.get('/v1/customers/cus_1')).toMatchObject({ status: 404 });
    expect(await engine.operator.get('/v1/customers/%00')).toMatchObject({ status: 404 });
  });

  it.each([
    ['fr', 'Introuvable.'],
    ['en', 'Not found.'],
    ['de', 'Nicht gefunden.'],
    ['es, de;q=0.5, en;q=0.1', 'Nicht gefunden.'],
  ])('a problem is told in the caller’s language: %s', async (language, detail) => {
    const answer = await engine.operator.get('/v1/customers/cus_x', { headers: { 'accept-language': language } });
    expect(answer.body).toMatchObject({ detail, code: 'not_found' });
    expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
  });

  it('an error shows no stack and no SQL', async () => {
    const answer = await engine.operator.call('POST', '/v1/customers', {
      raw: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/at .*\.ts|node_modules|select |insert /i);
  });
});

describe('idempotency keys', () => {
  const keyed = (key: string) => ({ 'idempotency-key': key });

  it('the same key and body is answered alike and done once', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const first = await desk.send('POST', '/v1/customers', { name: 'Anne' }, keyed('a'));
    const again = await desk.send('POST', '/v1/customers', { name: 'Anne' }, keyed('a'));
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBe(null);
    expect((await desk.get('/v1/customers')).body.data).toHaveLength(1);
  });

  it('the same key with another body is refused', async () => {
    const desk = await engine.sandbox('2010-07-05');
    await desk.send('POST', '/v1/customers', { name: 'Anne' }, keyed('a'));
    expect(await desk.send('POST', '/v1/customers', { name: 'Paul' }, keyed('a'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('the keys of two organizations are strangers', async () => {
    const [one, two] = [await engine.sandbox('2010-07-05'), await engine.sandbox('2010-07-05')];
    await one.send('POST', '/v1/customers', { name: 'Anne' }, keyed('a'));
    expect((await two.send('POST', '/v1/customers', { name: 'Paul' }, keyed('a'))).status).toBe(201);
  });

  it('is required where money moves', async () => {
    const member = await memberIn2010(engine);
    const [instalment] = await member.instalments();
    const answer = await member.desk.call('POST', `/v1/instalments/${instalment.id}/payments`, {
      body: { paid_on: '2010-07-05', method: 'cash' },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
  });

  it('twenty at once with one key make one suspension; each is answered with it or told that it is in flight', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => member.desk.send('POST', path, suspension, keyed('once'))),
    );
    const made = answers.filter((answer) => answer.status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    for (const answer of answers.filter((one) => one.status !== 201))
      expect(answer.body.code).toBe('idempotency_in_flight');
    expect((await member.desk.get(path)).body.data).toHaveLength(1);
  });

  it('a refused request leaves its key free', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect((await desk.send('POST', '/v1/customers', { name: '' }, keyed('a'))).status).toBe(422);
    expect((await desk.send('POST', '/v1/customers', { name: 'Anne' }, keyed('a'))).status).toBe(201);
  });
});

describe('lists', () => {
  it('are read page by page, newest first, each object once', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const made: string[] = [];
    for (let at = 0; at < 7; at += 1) made.unshift((await desk.post('/v1/customers', { name: `Member ${at}` })).id);
    const seen: string[] = [];
    let path: string | null = '/v1/customers?limit=3';
    let pages = 0;
    while (path) {
      const { body }: Json = await desk.get(path);
      expect(body.object).toBe('list');
      seen.push(...body.data.map((one: Json) => one.id));
      pages += 1;
      path = body.has_more ? `/v1/customers?limit=3&cursor=${body.next_cursor}` : null;
      if (!body.has_more) expect(body.next_cursor).toBe(null);
    }
    expect(seen).toEqual(made);
    expect(pages).toBe(3);
  });

  it('an empty one is empty; a limit beyond 100 is refused', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect((await desk.get('/v1/contracts')).body).toEqual({
      object: 'list',
      data: [],
      has_more: false,
      next_cursor: null,
    });
    expect((await desk.get('/v1/contracts?limit=101')).status).toBe(422);
    expect((await desk.get('/v1/contracts?limit=0')).status).toBe(422);
  });

  it('a search takes % and _ as they are', async () => {
    const desk = await engine.sandbox('2010-07-05');
    await desk.post('/v1/customers', { name: 'Anne 100%' });
    await desk.post('/v1/customers', { name: 'Paul' });
    const found = await desk.get(`/v1/customers?search=${encodeURIComponent('0%')}`);
    expect(found.body.data.map((one: Json) => one.name)).toEqual(['Anne 100%']);
    expect((await desk.get('/v1/customers?search=_')).body.data).toEqual([]);
  });
});

describe('previews and versions', () => {
  it('a preview token is refused once anything it read has changed', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const [instalment] = await member.instalments();
    await member.desk.post(`/v1/instalments/${instalment.id}/payments`, { paid_on: '2010-07-05', method: 'cash' });
    const answer = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension);
    expect(answer).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    expect((await member.desk.get(path)).body.data).toEqual([]);
  });

  it('a preview token is for its own request only, and goes stale with the day', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const other = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, {
      ...suspension,
      amount: 300,
    });
    expect(other).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    await member.desk.post('/v1/test_clock/advance', { to: '2010-07-06' });
    const later = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension);
    expect(later).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
  });

  it('of two clerks with the same preview one wins and the other is told; nothing is half done', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const clerks = Array.from({ length: 16 }, () =>
      member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension),
    );
    const answers = await Promise.all(clerks);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== 201))
      expect(answer).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    expect((await member.desk.get(path)).body.data).toHaveLength(1);
    expect((await member.instalments('2010-10-31')).map((one) => one.amount)).toEqual([5900, 200, 5900, 5900]);
  });

  it('If-Match refuses an edit of what has changed since', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const read = await desk.get('/v1/organization');
    const etag = read.headers.get('etag') as string;
    expect(etag).toMatch(/^"\d+"$/);
    const first = await desk.send('PATCH', '/v1/organization', { name: 'A' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(await desk.send('PATCH', '/v1/organization', { name: 'B' }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'stale_version' },
    });
    expect((await desk.get('/v1/organization')).body.name).toBe('A');
  });

  it('warnings of a preview are told in words', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    await member.desk.post(path, suspension);
    const { body } = await member.desk.send('POST', `${path}?dry_run=true`, { ...suspension, starts_on: '2010-08-01' });
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ code: 'suspensions_overlap', detail: expect.stringContaining('2010-07-22') }),
    );
    expect(body.access).toMatchObject({ today: '2010-07-05', after: { state: 'active' } });
  });
});

describe('jobs', () => {
  it('without Prefer the answer is 202 with the job, and the job ends with the result', async () => {
    const member = await memberIn2010(engine);
    const answer = await member.desk.call('POST', `/v1/contracts/${member.contract}/suspensions`, { body: suspension });
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location') as string;
    expect(location).toBe(`/v1/jobs/${answer.body.job.id}`);
    const events = await member.desk.get(`${location}/events`);
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const last = JSON.parse((events.body as string).trim().split('\n').at(-1)!.replace('data: ', ''));
    expect(last).toMatchObject({
      state: 'done',
      attempts: 1,
      result: { object: 'suspension', starts_on: '2010-07-22' },
    });
    expect((await member.desk.get(location)).body).toEqual(last);
  });

  it('Prefer: wait says that it was applied', async () => {
    const member = await memberIn2010(engine);
    const answer = await member.desk.send('POST', `/v1/contracts/${member.contract}/suspensions`, suspension, {
      prefer: 'respond-async, wait=20',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('preference-applied')).toBe('wait=20');
  });

  it('a refusal that comes only when the job runs is a failed job with its reason in words, and can be retried or discarded', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const both = await Promise.all(
      [1, 2].map(() => member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension)),
    );
    const told = both.find((answer) => answer.status === 409);
    const failed = await member.desk.get('/v1/jobs?state=failed', { headers: { 'accept-language': 'fr' } });
    if (told?.headers.get('location')) {
      const [job] = failed.body.data;
      expect(job.reason).toMatchObject({ code: 'stale_preview', detail: expect.stringContaining('aperçu') });
      expect(await member.desk.post('/v1/jobs/retry', {})).toMatchObject({ count: 1, retried: false });
      expect(await member.desk.send('POST', '/v1/jobs/retry', { count: 3 })).toMatchObject({
        status: 409,
        body: { code: 'count_changed' },
      });
      expect(await member.desk.post('/v1/jobs/retry', { count: 1 })).toMatchObject({ count: 1, retried: true });
    } else {
      expect(failed.body.data).toEqual([]);
    }
  });

  it.each([
    ['GET', '/v1/badges/a%00b/access'],
    ['GET', '/v1/customers?search=a%00b'],
    ['DELETE', '/v1/suppressed_addresses/a%00b'],
  ])('a text that no database keeps is refused in an address: %s %s', async (method, path) => {
    const desk = await engine.sandbox('2010-07-05');
    const answer = await desk.send(method, path);
    expect([400, 404, 422]).toContain(answer.status);
  });

  it('failed jobs that would do the same are retried as one, and none where such a one is open already', async () => {
    const member = await memberIn2010(engine);
    for (const [id, state] of [
      ['job_01SAME00000000000000000001', 'failed'],
      ['job_01SAME00000000000000000002', 'failed'],
      ['job_01OPEN00000000000000000001', 'failed'],
      ['job_01OPEN00000000000000000002', 'queued'],
    ]) {
      await engine.database.raw(
        `insert into job (id, organization_id, name, lane, payload, unique_key, actor, state, attempts, starts_unfinished,
           reason_code, queued_at, due_at, finished_at)
         select ?, id, 'review-access', 'clock', '{}', ?, 'test', state, 1, 0, 'internal', now(),
           now() + interval '1 day', case when state = 'failed' then now() end
         from organization, (select ?::text as state) of_job where id = ?`,
        [id!, id!.slice(0, 10), state!, member.desk.organization.id],
      );
    }
    expect(await member.desk.post('/v1/jobs/retry', { count: 1 })).toMatchObject({ count: 1, retried: true });
    const { body } = await member.desk.get('/v1/jobs?state=failed');
    expect(body.data.map((job: Json) => job.id)).toEqual([
      'job_01SAME00000000000000000001',
      'job_01OPEN00000000000000000001',
    ]);
  });

  it('only a failed job is retried, only an open one discarded', async () => {
    const member = await memberIn2010(engine);
    await member.desk.post(`/v1/contracts/${member.contract}/suspensions`, suspension);
    const { body } = await member.desk.get(`/v1/jobs?concerns=${member.contract}`);
    expect(body.data).toHaveLength(1);
    const [job] = body.data;
    expect(await member.desk.send('POST', `/v1/jobs/${job.id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'job_not_failed' },
    });
    expect(await member.desk.send('POST', `/v1/jobs/${job.id}/discard`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'job_not_open' },
    });
  });
});

describe('the test clock', () => {
  it('only moves forward, and only in test organizations', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect(await desk.send('POST', '/v1/test_clock/advance', { to: '2010-07-04' })).toMatchObject({
      status: 422,
      body: { code: 'clock_goes_forward' },
    });
    expect(await desk.send('POST', '/v1/test_clock/advance', { to: '2099-07-04' })).toMatchObject({
      status: 422,
      body: { code: 'clock_too_far' },
    });
    await engine.database('organization').where({ id: desk.organization.id }).update({ test_today: null });
    await until(async () => !(await desk.get('/v1/organization')).body.test_mode);
    expect(await desk.send('POST', '/v1/test_clock/advance', { to: '2099-07-04' })).toMatchObject({
      status: 403,
      body: { code: 'test_mode_only' },
    });
  });

  it('runs each day’s work once, in order, also when advanced by two at once', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const both = await Promise.all(
      ['2010-07-12', '2010-07-10'].map((to) => desk.send('POST', '/v1/test_clock/advance', { to })),
    );
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    const runs = await engine
      .database('daily_run')
      .where({ organization_id: desk.organization.id, kind: 'extend-horizon' })
      .orderBy('on_day');
    expect(runs.map((run: Json) => run.on_day)).toEqual(
      ['06', '07', '08', '09', '10', '11', '12'].map((date) => `2010-07-${date}`),
    );
    expect((await desk.get('/v1/organization')).body.today).toBe('2010-07-12');
  });
});

describe('payments', () => {
  it('a paid instalment is a fact: paid once, and no recalculation moves it', async () => {
    const { desk, contract, instalments } = await memberIn2010(engine);
    const [first] = await instalments();
    const pay = () =>
      desk.send('POST', `/v1/instalments/${first.id}/payments`, { paid_on: '2010-07-05', method: 'cash' });
    const answers = await Promise.all(Array.from({ length: 10 }, pay));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== 201)) expect(answer.status).toBe(409);
    await desk.post(`/v1/contracts/${contract}/suspensions`, {
      starts_on: '2010-07-05',
      unlimited: true,
      amount: 0,
      reason: 'x',
    });
    expect((await instalments('2010-08-31')).map((one) => [one.amount, one.status])).toEqual([
      [5900, 'paid'],
      [0, 'waived'],
    ]);
  });

  it('is not booked ahead of its day, nor against a waived instalment', async () => {
    const { desk, contract, instalments } = await memberIn2010(engine);
    const [first, second] = await instalments();
    const body = { paid_on: '2010-07-06', method: 'cash' };
    expect(await desk.send('POST', `/v1/instalments/${first.id}/payments`, body)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/paid_on' }] },
    });
    await desk.post(`/v1/contracts/${contract}/suspensions`, {
      starts_on: '2010-07-22',
      days: 45,
      amount: 0,
      reason: 'x',
    });
    expect(
      await desk.send('POST', `/v1/instalments/${second.id}/payments`, { ...body, paid_on: '2010-07-05' }),
    ).toMatchObject({ status: 409 });
  });
});

describe('the service pages', () => {
  it('the API document lists each route, is OpenAPI 3.1, and its page asks nothing of anyone else', async () => {
    const { body } = await engine.operator.get('/openapi.json', { key: null });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/v1/contracts/{id}/suspensions');
    const page = await engine.operator.get('/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect((await engine.operator.get('/docs/assets/swagger-ui-bundle.js', { key: null })).status).toBe(200);
  });

  it('health and readiness answer without a key; metrics and queues only for operators', async () => {
    expect((await engine.operator.get('/healthz', { key: null })).body).toEqual({ status: 'alive' });
    expect((await engine.operator.get('/readyz', { key: null })).body).toEqual({
      status: 'ready',
      database: true,
      releases: 'open',
      queue: true,
    });
    for (const path of ['/metrics', '/admin/queues/']) {
      expect((await engine.operator.get(path, { key: null })).status, path).toBe(401);
      const sandbox: Client = await engine.sandbox('2010-07-05');
      expect((await sandbox.get(path)).status, path).toBe(403);
      expect((await engine.operator.get(path)).status, path).toBe(200);
    }
    const metrics = await engine.operator.get('/metrics');
    expect(metrics.body).toContain('echeance_http_request_seconds');
  });

  it('a browser signs in to the queues with the key as its password', async () => {
    const basic = Buffer.from(`me:${engine.operator.key}`).toString('base64');
    const answer = await fetch(`${engine.url}/admin/queues/`, { headers: { authorization: `Basic ${basic}` } });
    expect(answer.status).toBe(200);
    const asked = await fetch(`${engine.url}/admin/queues/`);
    expect(asked.headers.get('www-authenticate')).toContain('Basic');
  });

  it('a caller above its limit is told to wait', async () => {
    const strict = await startTestEngine({ rateLimitPerMinute: 3 });
    try {
      const statuses = [];
      for (let at = 0; at < 5; at += 1) statuses.push((await strict.operator.get('/v1/organization')).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
    } finally {
      await strict.stop();
    }
  });
});

it('a member signed on the 31st is due at each month’s end, without drift', async () => {
  const desk = await engine.sandbox('2010-01-31');
  const member = await signMember(desk);
  expect((await member.instalments('2010-06-30')).map((one) => one.due_on)).toEqual([
    '2010-01-31',
    '2010-02-28',
    '2010-03-31',
    '2010-04-30',
    '2010-05-31',
    '2010-06-30',
  ]);
});
