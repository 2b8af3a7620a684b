/** The test clock of test organizations. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { until } from './conventions.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

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
