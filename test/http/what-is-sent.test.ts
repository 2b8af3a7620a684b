/** What is sent: how input that is wrong is refused, field by field. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { countRows } from './conventions.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

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
    [
      'a reason that no database keeps',
      '/v1/bank_returns/brt_01M80V3FTAH9H2YA14EZ4EDVPY/decisions',
      { reason_code: '\u0000', represent: false, fee: true },
      '/reason_code',
      'control_characters',
    ],
  ])('%s is named by its pointer and rule, and nothing is written', async (_name, path, body, pointer, code) => {
    const desk = await engine.sandbox('2010-07-05');
    const before = await Promise.all(['customer', 'plan', 'event'].map((table) => countRows(engine, table)));
    const answer = await desk.send('POST', path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(await Promise.all(['customer', 'plan', 'event'].map((table) => countRows(engine, table)))).toEqual(before);
  });

  it('a day is so far ahead at the most that what is reckoned from it is a day too', async () => {
    const { desk, customer, plan, contract, instalments } = await memberIn2010(engine);
    const [, next] = await instalments();
    const publication = await desk.post('/v1/publications', { name: 'Review' });
    const sold = { customer, plan, method: 'cash' };
    const planned = (on: string): [string, string, object, string][] => [
      ['POST', '/v1/contracts', { ...sold, starts_on: on }, '/starts_on'],
      ['PATCH', `/v1/instalments/${next?.id}`, { due_on: on }, '/due_on'],
      ['POST', `/v1/customers/${customer}/promises`, { until_on: on }, '/until_on'],
      ['POST', `/v1/contracts/${contract}/suspensions`, { starts_on: on, days: 40, reason: 'x' }, '/starts_on'],
      [
        'POST',
        `/v1/publications/${publication.id}/issues`,
        { rhythm: { first_on: on, count: 3, every_months: 1 } },
        '/rhythm/first_on',
      ],
    ];
    const answers = async (on: string) => {
      const found: unknown[] = [];
      for (const [method, path, body] of planned(on)) {
        const { status, body: said } = await desk.send(method, path, body, { 'idempotency-key': `${on}-${path}` });
        found.push([status, said.errors ?? said.code ?? null]);
      }
      return found;
    };
    const tooFar = planned('').map(([, , , pointer]) => [
      422,
      [{ pointer, code: 'day_too_far', detail: 'Au plus tard le 2199-12-31.' }],
    ]);
    expect(await answers('9999-12-31')).toEqual(tooFar);
    expect(await answers('2200-01-01')).toEqual(tooFar);
    const well = await answers('2199-12-31');
    expect(well).toEqual([201, 200, 201, 201, 201].map((status) => [status, null]));
  });

  it('a contract is made no longer than it could have been sold', async () => {
    const { desk, contract } = await memberIn2010(engine);
    const path = `/v1/contracts/${contract}`;
    const long = await desk.send('PATCH', path, { ends_on: '2199-12-31' });
    expect([long.status, long.body.code, long.body.errors?.[0].pointer]).toEqual([422, 'term_too_long', '/ends_on']);
    expect((await desk.send('PATCH', path, { ends_on: '2058-12-31' })).status).toBe(200);
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
    const jobs = await countRows(engine, 'job');
    const answer = await member.desk.send('POST', `/v1/contracts/${member.contract}/suspensions`, body);
    expect(answer).toMatchObject({ status, body: { code } });
    if (pointer) expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await countRows(engine, 'job')).toBe(jobs);
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

  it('a zero byte, which no database keeps, is refused in every parameter of every list', async () => {
    const { body: document }: Json = await engine.operator.get('/openapi.json');
    const others: string[] = [];
    let asked = 0;
    for (const [path, { get }] of Object.entries<Json>(document.paths)) {
      const parameters: Json[] = get?.parameters ?? [];
      const example = (name: string) => parameters.find((one) => one.name === name)?.schema.example ?? 'x';
      const at = path.replace(/\{(\w+)\}/g, (_, name) => example(name));
      for (const { name } of parameters.filter((one) => one.in === 'query')) {
        const answer = await engine.operator.get(`${at}?${name}=%00`);
        asked += 1;
        const names = answer.body?.errors?.some((one: Json) => one.pointer === `?${name}`);
        if (answer.status !== 422 || !names) others.push(`${path}?${name} ${answer.status}`);
      }
    }
    expect(others).toEqual([]);
    expect(asked).toBeGreaterThan(50);
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

  it.each([
    ['GET', '/v1/badges/a%00b/access'],
    ['GET', '/v1/customers?search=a%00b'],
    ['DELETE', '/v1/suppressed_addresses/a%00b'],
  ])('a text that no database keeps is refused in an address: %s %s', async (method, path) => {
    const desk = await engine.sandbox('2010-07-05');
    const answer = await desk.send(method, path);
    expect([400, 404, 422]).toContain(answer.status);
  });
});
