/** The golden cases of suspension over the whole road: HTTP, job, worker, database, HTTP; on each queue backend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { queueBackends } from '../harness/redis.ts';

async function memberOf2010(engine: TestEngine): Promise<{ desk: Client; contract: string }> {
  const desk = await engine.sandbox('2010-07-05');
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5900 });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin' });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: '2010-07-05',
    method: 'direct_debit',
  });
  const schedule = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  await desk.post(`/v1/instalments/${schedule.body.instalments[0].id}/payments`, {
    paid_on: '2010-07-05',
    method: 'direct_debit',
  });
  await desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
  return { desk, contract: contract.id };
}

async function scheduleOf(desk: Client, contract: string, until = '2011-01-31'): Promise<string[]> {
  const { body } = await desk.get(`/v1/contracts/${contract}/schedule?until=${until}`);
  return body.instalments.map((one: Json) => `${one.number} ${one.due_on} ${one.amount} ${one.status}`);
}

describe.each(queueBackends())('a suspension over the %s queue', (queue) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ queue });
  });
  afterAll(() => engine.stop());

  const suspension = { starts_on: '2010-07-22', days: 45, amount: 200, reason: 'Jambe cassée' };
  const open = (amounts: number[]) =>
    ['2010-08-05', '2010-09-05', '2010-10-05', '2010-11-05', '2010-12-05', '2011-01-05'].map(
      (due_on, at) => `${at + 2} ${due_on} ${amounts[at]} ${amounts[at] === 0 ? 'waived' : 'scheduled'}`,
    );
  const paid = '1 2010-07-05 5900 paid';

  it.each([
    ['S1: 45 days at 2.00 suspend instalment 2', suspension, '2010-09-04', [200, 5900, 5900, 5900, 5900, 5900]],
    [
      'S2: the last suspended instalment is set to 3',
      { ...suspension, last_instalment: 3 },
      '2010-09-04',
      [200, 200, 5900, 5900, 5900, 5900],
    ],
    [
      'S3: unlimited suspends every one from there on',
      { ...suspension, days: undefined, unlimited: true },
      null,
      [200, 200, 200, 200, 200, 200],
    ],
    [
      'S5: an amount of 0 waives the instalment',
      { ...suspension, amount: 0 },
      '2010-09-04',
      [0, 5900, 5900, 5900, 5900, 5900],
    ],
    [
      'S6: 20 days suspend access and no instalment',
      { ...suspension, days: 20 },
      '2010-08-10',
      [5900, 5900, 5900, 5900, 5900, 5900],
    ],
  ])('%s', async (_name, body, ends_on, amounts) => {
    const { desk, contract } = await memberOf2010(engine);
    const before = await scheduleOf(desk, contract);
    const preview = await desk.send('POST', `/v1/contracts/${contract}/suspensions?dry_run=true`, body);
    expect(preview.status).toBe(200);
    expect(await scheduleOf(desk, contract), 'a preview writes nothing').toEqual(before);
    const path = `/v1/contracts/${contract}/suspensions?preview_token=${preview.body.preview_token}`;
    const answer = await desk.send('POST', path, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ object: 'suspension', contract, starts_on: '2010-07-22', ends_on });
    const after = await scheduleOf(desk, contract);
    expect(after).toEqual([paid, ...open(amounts)]);
    const shown = preview.body.after.instalments
      .filter((one: Json) => one.due_on <= '2011-01-31')
      .map((one: Json) => `${one.number} ${one.due_on} ${one.amount} ${one.status}`);
    expect(shown, 'the preview is what was done').toEqual(after);
  });

  it('S4: an unlimited suspension stopped on 28 December ends the day before, and the normal price is back', async () => {
    const { desk, contract } = await memberOf2010(engine);
    const unlimited = { starts_on: '2010-07-22', unlimited: true, amount: 200, reason: 'Jambe cassée' };
    const { id } = await desk.post(`/v1/contracts/${contract}/suspensions`, unlimited);
    await desk.post('/v1/test_clock/advance', { to: '2010-12-28' });
    const stopped = await desk.post(`/v1/suspensions/${id}/stop`, { on: '2010-12-28', amount: 5900 });
    expect(stopped).toMatchObject({ ends_on: '2010-12-27', days: 159 });
    expect(await scheduleOf(desk, contract)).toEqual([paid, ...open([200, 200, 200, 200, 200, 5900])]);
  });

  it('each instalment says which change made it what it is', async () => {
    const { desk, contract } = await memberOf2010(engine);
    const { id } = await desk.post(`/v1/contracts/${contract}/suspensions`, suspension);
    const { body } = await desk.get(`/v1/contracts/${contract}/schedule?until=2010-10-31`);
    expect(body.instalments.map((one: Json) => one.explains.map((why: Json) => [why.kind, why.suspension]))).toEqual([
      [],
      [['suspension_added', id]],
      [],
      [],
    ]);
  });

  it('removed, a suspension never was', async () => {
    const { desk, contract } = await memberOf2010(engine);
    const before = await scheduleOf(desk, contract);
    const { id } = await desk.post(`/v1/contracts/${contract}/suspensions`, suspension);
    const removed = await desk.send('DELETE', `/v1/suspensions/${id}`);
    expect(removed.status).toBe(200);
    expect(await scheduleOf(desk, contract)).toEqual(before);
  });

  it('an open-ended contract is written down ahead of its today, day by day', async () => {
    const { desk, contract } = await memberOf2010(engine);
    await desk.post('/v1/test_clock/advance', { to: '2011-03-01' });
    const { body } = await desk.get(`/v1/contracts/${contract}/schedule`);
    expect(body.instalments.at(-1).due_on >= '2012-03-01').toBe(true);
    expect(body.instalments.map((one: Json) => one.number)).toEqual(
      body.instalments.map((_: Json, at: number) => at + 1),
    );
  });
});
