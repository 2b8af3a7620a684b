/** What a rejected payment costs its customer, as each organization wants it, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Club, club, type Debtor, refusal } from './collecting.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const fee = { article: 'reject', label: 'Frais de rejet', amount: 1000, tax_rate_bps: 2000 };

async function start(rejections: object): Promise<{ gym: Club; debtor: Debtor }> {
  const gym = await club(engine, { settings: { rejections } });
  return { gym, debtor: await gym.debtor({ contract: { first_due_on: '2010-04-05' } }) };
}

/** Books the payment of an instalment and sends it back. */
async function reject({ gym, debtor }: { gym: Club; debtor: Debtor }, number: number, given: object = {}) {
  const instalment = (await debtor.instalments())[number - 1];
  const paid = { paid_on: '2010-08-02', method: 'direct_debit' };
  const payment = await gym.desk.post(`/v1/instalments/${instalment.id}/payments`, paid);
  return gym.desk.send('POST', `/v1/payments/${payment.id}/rejection`, { representments: [], ...given });
}

const charged = ({ body }: { body: Json }) => [body.fee?.amount ?? 0, body.fee_why];

describe('the fee of a rejection', () => {
  it('is the article of the organization, with its label, unless the desk changes or waives it', async () => {
    const at = await start({ fee, max_fee_amount: 1500 });
    const first = await reject(at, 1);
    expect(first.body.fee).toMatchObject({ amount: 1000, label: 'Frais de rejet' });
    expect(charged(await reject(at, 2, { fee_amount: 1200 }))).toEqual([1200, 'operator']);
    expect(charged(await reject(at, 3, { fee_amount: 0 }))).toEqual([0, 'waived']);
    expect(await refusal(reject(at, 4, { fee_amount: 1501 }))).toEqual([422, 'rejection_fee_too_high']);
    expect(await at.gym.owed(at.debtor)).toBe(3 * 5900 + 1000 + 1200);
  });

  it('spares the first of a period, stops at the yearly maximum, and follows the reason', async () => {
    const at = await start({
      fee,
      first_free_months: 12,
      max_fees_per_year: 2,
      fee_by_reason: { AC04: 1500, MD01: 0 },
    });
    expect(charged(await reject(at, 1, { reason_code: 'AM04' }))).toEqual([0, 'first_free']);
    expect(charged(await reject(at, 2, { reason_code: 'AC04' }))).toEqual([1500, 'per_reason']);
    expect(charged(await reject(at, 3, { reason_code: 'AM04' }))).toEqual([1000, 'article']);
    expect(charged(await reject(at, 4, { reason_code: 'AM04' }))).toEqual([0, 'yearly_maximum']);
  });

  it('does not exist where the law forbids it, whoever asks', async () => {
    const at = await start({ fee, fee_forbidden: true });
    expect(charged(await reject(at, 1))).toEqual([0, 'forbidden']);
    expect(await refusal(reject(at, 2, { fee_amount: 1 }))).toEqual([422, 'rejection_fee_forbidden']);
  });
});
