/** Credit packs: sold, used, expired, suspended; and never below zero, however many click at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Member, member, refused, schedule, term } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const ten = { name: '10 séances', kind: 'credits', amount: 9000, credits: 10, validity_days: 90 };
const pack = (plan: object = {}, contract: object = {}): Promise<Member> =>
  member(engine, '2026-01-01', { plan: { ...ten, ...plan }, contract });
const credits = ({ contract }: Member) => `/v1/contracts/${contract.id}/credits`;

describe('a credit pack', () => {
  it('is one price, so many credits, good for so many days', async () => {
    const { desk, contract } = await pack();
    expect(contract).toMatchObject({ kind: 'credits', credits_left: 10, ends_on: '2026-03-31', amount: 9000 });
    expect(await schedule(desk, contract)).toEqual(['1 2026-01-01 9000 scheduled']);
  });

  it('is added to and taken from with a reason; each movement says who, when and what was left', async () => {
    const one = await pack();
    const { desk } = one;
    expect(await desk.post(credits(one), { delta: -1, reason: 'Séance du lundi' })).toMatchObject({ balance: 9 });
    expect(await desk.post(credits(one), { delta: 1, reason: 'Séance annulée' })).toMatchObject({ balance: 10 });
    const { body } = await desk.get(credits(one));
    expect(body.data.map((row: Json) => [row.delta, row.balance, row.reason, row.recorded_on])).toEqual([
      [1, 10, 'Séance annulée', '2026-01-01'],
      [-1, 9, 'Séance du lundi', '2026-01-01'],
    ]);
    expect(body.data[0].actor).toMatch(/^key:key_/);
  });

  it('never falls below zero, with 24 people clicking at the same moment', async () => {
    const one = await pack();
    const clicks = Array.from({ length: 24 }, () =>
      one.desk.send('POST', credits(one), { delta: -1, reason: 'Séance' }),
    );
    const answers = await Promise.all(clicks);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === 'credits_spent')).toHaveLength(14);
    const balances = answers.filter(({ status }) => status === 201).map(({ body }) => body.balance);
    expect(balances.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await one.desk.get(`/v1/contracts/${one.contract.id}`)).body.credits_left).toBe(0);
  });

  it('refuses a click sent twice with the same key to take two', async () => {
    const one = await pack();
    const call = () =>
      one.desk.call('POST', credits(one), {
        body: { delta: -1, reason: 'x' },
        headers: { 'idempotency-key': 'twice' },
      });
    const [first, again] = [await call(), await call()];
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await one.desk.get(credits(one))).body.data).toHaveLength(1);
  });

  it('is previewed, and a preview that is no longer true is refused', async () => {
    const one = await pack();
    const click = { delta: -1, reason: 'x' };
    const { body } = await one.desk.send('POST', `${credits(one)}?dry_run=true`, click);
    expect(body).toMatchObject({ before: { credits_left: 10 }, after: { credits_left: 9 } });
    await one.desk.post(credits(one), click);
    const late = `${credits(one)}?preview_token=${body.preview_token}`;
    await refused(one.desk, 'POST', late, click, 'stale_preview');
  });

  it('expires, and is good again when its expiry is changed; its price stays in one piece', async () => {
    const one = await pack();
    const { desk, contract } = one;
    const click = { delta: -1, reason: 'x' };
    await desk.post('/v1/test_clock/advance', { to: '2026-03-31' });
    await desk.post(credits(one), click);
    await desk.post('/v1/test_clock/advance', { to: '2026-04-01' });
    const problem = await refused(desk, 'POST', credits(one), click, 'pack_expired');
    expect(problem.detail).toContain('2026-03-31');
    await desk.send('PATCH', `/v1/contracts/${contract.id}`, { ends_on: '2026-12-31', note: 'Geste' });
    expect(await schedule(desk, contract)).toEqual(['1 2026-01-01 9000 scheduled']);
    expect(await desk.post(credits(one), click)).toMatchObject({ balance: 8 });
  });

  it('suspended, its expiry moves by the suspended days when the plan says so, and nothing is taken meanwhile', async () => {
    for (const [freeze, end] of [
      [{ active: true, shift_end: true }, '2026-04-30'],
      [{ active: true, shift_end: false }, '2026-03-31'],
      [{}, '2026-03-31'],
    ] as const) {
      const one = await pack({ freeze });
      const { desk, contract } = one;
      const stop = { starts_on: '2026-01-01', days: 30, reason: 'Blessure' };
      await desk.post(`/v1/contracts/${contract.id}/suspensions`, stop);
      expect((await term(desk, contract)).split(' to ')[1]).toBe(end);
      expect(await schedule(desk, contract)).toEqual(['1 2026-01-01 9000 scheduled']);
      await desk.post('/v1/test_clock/advance', { to: '2026-01-02' });
      if (freeze && 'shift_end' in freeze && !freeze.shift_end)
        await refused(desk, 'POST', credits(one), { delta: -1, reason: 'x' }, 'pack_suspended');
      expect(await desk.post(credits(one), { delta: 1, reason: 'x' })).toMatchObject({ balance: 11 });
    }
  });

  it('keeps its price, whatever is asked for while it is suspended', async () => {
    const { desk, contract } = await pack();
    const stop = { starts_on: '2026-01-01', days: 31, amount: 0, reason: 'Blessure' };
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, stop);
    expect(await schedule(desk, contract)).toEqual(['1 2026-01-01 9000 scheduled']);
  });

  it('that never expires cannot be suspended; what is no pack has no credits; a pack says how many it holds', async () => {
    const one = await pack({ validity_days: null });
    const suspensions = `/v1/contracts/${one.contract.id}/suspensions`;
    await refused(
      one.desk,
      'POST',
      suspensions,
      { starts_on: '2026-02-01', days: 31, reason: 'x' },
      'pack_never_expires',
    );
    const gym = await member(engine, '2026-01-01');
    await refused(gym.desk, 'POST', credits(gym), { delta: -1, reason: 'x' }, 'not_a_pack');
    const later = await pack({}, { starts_on: '2026-02-01' });
    await refused(later.desk, 'POST', credits(later), { delta: -1, reason: 'x' }, 'pack_not_begun');
    await refused(one.desk, 'POST', credits(one), { delta: -11, reason: 'x' }, 'credits_spent');
    const bare = await one.desk.send('POST', '/v1/plans', { ...ten, credits: undefined });
    expect(bare.body).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/credits', code: 'required' }] });
    const zero = await one.desk.send('POST', credits(one), { delta: 0, reason: 'x' });
    expect(zero.body).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/delta' }] });
  });
});
