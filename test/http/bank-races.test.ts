/** The bank's files against everything that happens at the same moment: each effect once, whoever comes first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import {
  advance,
  camt053,
  camt054,
  club,
  type Debit,
  handIn,
  joined,
  owed,
  pain002,
  paymentsOf,
  postingsOf,
  release,
  taken,
} from './bank-club.ts';

const AT_ONCE = 10;

describe('the bank’s files, at the same moment as', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  const comesBackOnce = async (desk: Client, debit: Debit, asked: number) => {
    const lines = await postingsOf(engine, debit.payment);
    expect(lines.filter((line) => /^(reopened|bank_out|bank_charge)/.test(line)).toSorted()).toEqual([
      'bank_charge/1 300',
      'bank_out/1 5900',
      'reopened/1 5900',
    ]);
    const payments = await paymentsOf(desk, debit.customer);
    expect(payments.filter((one) => one.attempt === 2).map((one) => one.amount)).toEqual([asked]);
  };

  it('themselves: the same file, and other files about the same returns, handed in by ten at once', async () => {
    const { desk, collection, debits } = await club(engine, [5900, 5900, 5900]);
    const same = joined([camt054(debits, { charge: 300 })]);
    const answers = await Promise.all([
      ...Array.from({ length: AT_ONCE }, () => handIn(desk, same)),
      ...Array.from({ length: AT_ONCE }, () => handIn(desk, camt053(debits, { charge: 300 }))),
      ...Array.from({ length: AT_ONCE / 2 }, () => handIn(desk, pain002(collection, debits.toReversed()))),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.slice(0, AT_ONCE).map(({ body }) => body.id)).size).toBe(1);
    for (const debit of debits) {
      await comesBackOnce(desk, debit, 6900);
      expect(await owed(desk, debit.customer)).toBe(6900);
    }
  });

  it('a desk that books the same return by hand', async () => {
    const { desk, debits } = await club(
      engine,
      Array.from({ length: AT_ONCE }, () => 5900),
    );
    const answers = await Promise.all([
      ...debits.map(({ payment }) => desk.send('POST', `/v1/payments/${payment}/rejection`, { reason_code: 'AM04' })),
      handIn(desk, camt054(debits)),
      handIn(desk, camt053(debits)),
    ]);
    expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
    for (const debit of debits) {
      const lines = await postingsOf(engine, debit.payment);
      expect(lines.filter((line) => line.startsWith('reopened'))).toEqual(['reopened/1 5900']);
      expect((await paymentsOf(desk, debit.customer)).filter((one) => one.attempt === 2)).toHaveLength(1);
    }
  });

  it('the draft and the release of the next collection: nothing is asked for twice, nothing is lost', async () => {
    const { desk, debits } = await club(
      engine,
      Array.from({ length: AT_ONCE }, () => 5900),
    );
    await advance(desk, '2026-12-20');
    const half = debits.slice(0, AT_ONCE / 2);
    const [, draft] = await Promise.all([
      Promise.all(half.map((debit) => taken(desk, camt054([debit], { on: '2026-12-20' })))),
      desk.post('/v1/collections', { until_on: '2026-12-25' }),
    ]);
    await Promise.all([
      release(desk, draft),
      ...debits.slice(AT_ONCE / 2).map((debit) => taken(desk, camt054([debit], { on: '2026-12-20' }))),
    ]);
    const rest = await desk.post('/v1/collections', { until_on: '2026-12-25' });
    if (rest.count > 0) await release(desk, rest);
    for (const debit of debits) {
      const payments = await paymentsOf(desk, debit.customer);
      expect(payments.map((one) => [one.attempt, one.amount])).toEqual([
        [1, 5900],
        [1, 5900],
        [2, 6900],
      ]);
      // Told before the release, it is in that collection; told after, it waits for the customer's next.
      const [again] = payments.slice(-1) as [Json];
      expect([again.status, again.due_on]).toEqual(
        again.collection ? ['collecting', '2026-12-25'] : ['pending', '2027-01-25'],
      );
      expect(await owed(desk, debit.customer)).toBe(again.collection ? 0 : 6900);
    }
  });

  it('reminders: none once the bank has told of a death, though another message told the return before', async () => {
    const { desk, debits } = await club(
      engine,
      Array.from({ length: AT_ONCE }, () => 5900),
    );
    const [dead, ...others] = debits as [Debit, ...Debit[]];
    // Everybody owes something, so that there is something to be reminded of.
    await taken(desk, camt054(debits, { reason: 'AC01' }));
    const told = joined([
      camt053([dead], { reason: 'MD07', on: '2026-11-26' }),
      ...others.map((debit) => camt053([debit], { reason: 'AC01', charge: 300 })),
    ]);
    const answers = await Promise.all([
      handIn(desk, told),
      desk.send('POST', '/v1/test_clock/advance', { to: '2026-11-28' }),
      ...debits.map(({ contract }) => desk.send('POST', `/v1/contracts/${contract}/reminders`, {})),
    ]);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    const written = async ({ customer }: Debit) =>
      (await desk.get(`/v1/reminders?customer=${customer}&limit=100`)).body.data.map((one: Json) => one.id);
    const toTheDead = await written(dead);
    await advance(desk, '2026-12-06');
    expect(await written(dead)).toEqual(toTheDead);
    expect((await written(others[0] as Debit)).length).toBeGreaterThan(toTheDead.length);
    expect((await desk.get(`/v1/customers/${dead.customer}`)).body.deceased_on).not.toBeNull();
    expect((await desk.get(`/v1/mandates/${dead.mandate}`)).body.status).toBe('revoked');
  });

  it('and after all of it every rule holds', async () => {
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }: Json) => [invariant.name, violations])).toEqual([]);
  });
});
