/** When instalments are due, and that what is paid is a fact. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { memberIn2010, signMember } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

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
