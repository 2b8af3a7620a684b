/** Idempotency keys: a request sent again is done once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { suspension } from './conventions.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

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
