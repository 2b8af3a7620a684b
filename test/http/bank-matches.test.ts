/** A person names the debit of an entry that the bank named none for: it is booked as if it had been found. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { newId } from '../../src/ids.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import {
  BOOKED_ON,
  camt053,
  camt054,
  club,
  type Debit,
  owed,
  pain002,
  paymentsOf,
  postingsOf,
  refusedWhole,
  release,
  taken,
} from './bank-club.ts';

const STRANGE = 'BANK-MADE-ID';

describe('an entry that names no debit of ours', () => {
  let engine: TestEngine;
  let desk: Client;
  let collection: Json;
  let debits: Debit[];
  beforeAll(async () => {
    engine = await startTestEngine();
    ({ desk, collection, debits } = await club(engine, [5900, 5900, 5900, 3900, 5900, 5900]));
  });
  afterAll(() => engine.stop());

  let strangers = 0;
  /** A file with one return of 59.00 under an id that is not ours. */
  const strange = (parts: Parameters<typeof camt054>[1] = {}): Promise<Json> => {
    strangers += 1;
    return taken(desk, camt054([{ end_to_end_id: `${STRANGE}-${strangers}`, amount: 5900 }], parts));
  };
  const match = (file: Json, payment: string, position = 1) =>
    desk.send('POST', `/v1/bank_returns/${file.id}/matches`, { position, payment });
  /** What keeps the first entry of a file from its debit. */
  const why = ({ entries: [{ effect, why: reason }] }: Json) => [effect, reason];
  const refused = async (file: Json, payment: string, position = 1) => {
    const { status, body } = await match(file, payment, position);
    return [status, body.code, body.errors?.[0]?.pointer ?? null];
  };

  it('is booked with the debit that a person names exactly as one that was found, and once', async () => {
    const [found, named] = debits as [Debit, Debit];
    await taken(desk, camt054([found], { charge: 300 }));
    const file = await strange({ charge: 300 });
    expect(file.counts).toEqual({ unmatched: 1 });
    const matched = await match(file, named.payment);
    expect(matched.status).toBe(200);
    expect(matched.body).toMatchObject({
      counts: { applied: 1 },
      entries: [
        {
          effect: 'applied',
          payment: named.payment,
          customer: named.customer,
          booked: ['bank_in/1', 'reopen/1', 'bank_out/1', 'charge/1'],
          detail: { matched_on: '2026-11-27', matched_by: expect.stringMatching(/^key:/) },
        },
      ],
    });
    expect(await postingsOf(engine, named.payment)).toEqual(await postingsOf(engine, found.payment));
    const told = async ({ customer }: Debit) =>
      (await paymentsOf(desk, customer)).map(({ status, amount, attempt, due_on, reason_code, needs_person }) => ({
        status,
        amount,
        attempt,
        due_on,
        reason_code,
        needs_person,
      }));
    expect(await told(named)).toEqual(await told(found));
    const typesOf = async ({ payment }: Debit) =>
      (await desk.get(`/v1/events?subject=${payment}`)).body.data.map((one: Json) => one.type);
    expect(await typesOf(named)).toEqual(['bank_return.matched', ...(await typesOf(found))]);
    expect(await owed(desk, named.customer)).toBe(await owed(desk, found.customer));

    const lines = await postingsOf(engine, named.payment);
    expect((await taken(desk, camt053([named], { charge: 300 }))).counts).toEqual({ repeated: 1 });
    expect(await postingsOf(engine, named.payment)).toEqual(lines);
    expect(await refused(file, named.payment)).toEqual([409, 'bank_entry_matched', null]);
  });

  it('told again under that id, the second is named as well, and has no second effect', async () => {
    const [, named] = debits as [Debit, Debit];
    const lines = await postingsOf(engine, named.payment);
    const again = await match(await strange(), named.payment);
    expect(again.body.counts).toEqual({ repeated: 1 });
    expect(await postingsOf(engine, named.payment)).toEqual(lines);
  });

  it('is asked for with a key, whose repetition is answered the same', async () => {
    const [, , debit] = debits as [Debit, Debit, Debit];
    const file = await strange({ reason: 'MS02' });
    const path = `/v1/bank_returns/${file.id}/matches`;
    const body = { position: 1, payment: debit.payment };
    expect((await desk.call('POST', path, { body })).status).toBe(400);
    const headers = { 'idempotency-key': 'match-once', prefer: 'wait=30' };
    const answers = [
      await desk.call('POST', path, { body, headers }),
      await desk.call('POST', path, { body, headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[0]?.body.by_reason).toMatchObject([{ reason_code: 'MS02', unmatched: 0, needs_person: 1 }]);
    // It waits for a person like one that was found, and the decision about its file reaches it.
    await desk.post(`/v1/bank_returns/${file.id}/decisions`, { reason_code: 'MS02', represent: false, fee: false });
    expect(await owed(desk, debit.customer)).toBe(5900);
  });

  it('and ten who name it at once have one effect', async () => {
    const debit = debits[4] as Debit;
    const file = await strange();
    const answers = await Promise.all(Array.from({ length: 10 }, () => match(file, debit.payment)));
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { status, body } of answers)
      expect(status === 200 || body.code === 'bank_entry_matched', JSON.stringify(body)).toBe(true);
    expect((await postingsOf(engine, debit.payment)).filter((line) => line.startsWith('reopened'))).toHaveLength(1);
    expect((await desk.get(`/v1/bank_returns/${file.id}`)).body.counts).toEqual({ applied: 1 });
  });

  it('is refused, with the reason, where it cannot be about that payment', async () => {
    const [found, , , small, , free] = debits as [Debit, Debit, Debit, Debit, Debit, Debit];
    const file = await strange();
    expect(why(file)).toEqual(['unmatched', 'id_not_ours']);
    expect(file.report.findings).toEqual([]);
    expect(await refused(file, small.payment)).toEqual([409, 'bank_entry_amount_differs', '/payment']);
    expect(await refused(file, free.payment, 2)).toEqual([404, 'not_found', '/position']);
    expect(await refused(file, newId('pay'))).toEqual([404, 'not_found', '/payment']);
    const elsewhere = await club(engine, [5900]);
    expect(await refused(file, (elsewhere.debits[0] as Debit).payment)).toEqual([404, 'not_found', '/payment']);
    expect(
      (
        await elsewhere.desk.send('POST', `/v1/bank_returns/${file.id}/matches`, {
          position: 1,
          payment: (elsewhere.debits[0] as Debit).payment,
        })
      ).status,
    ).toBe(404);
    const [, asked] = await paymentsOf(desk, found.customer);
    expect(await refused(file, asked.id)).toEqual([409, 'payment_not_presented', '/payment']);

    const other = await taken(desk, camt054([free], { amount: 3900 }));
    expect(why(other)).toEqual(['unmatched', 'amount_differs']);
    expect(await refused(other, small.payment)).toEqual([409, 'bank_entry_names_another', '/payment']);
    const francs = await taken(
      desk,
      camt054([{ end_to_end_id: `${STRANGE}-CHF`, amount: 5900 }]).replaceAll('Ccy="EUR"', 'Ccy="CHF"'),
    );
    expect(why(francs)).toEqual(['unmatched', 'currency_differs']);
    expect(await refused(francs, free.payment)).toEqual([409, 'bank_entry_currency_differs', '/payment']);
    const whole = await taken(desk, refusedWhole('NOT-A-FILE-OF-OURS'));
    expect(why(whole)).toEqual(['unmatched', 'group_not_found']);
    expect(await refused(whole, free.payment)).toEqual([409, 'bank_entry_about_a_group', null]);
    const unclear = await taken(
      desk,
      camt054([{ end_to_end_id: `${STRANGE}-PRDD`, amount: 5900 }], { reversed: true, reason: null }).replace(
        'UPDD',
        'PRDD',
      ),
    );
    expect(why(unclear)).toEqual(['unmatched', 'not_understood']);
    expect(await refused(unclear, free.payment)).toEqual([409, 'bank_entry_not_understood', null]);
    for (const body of [{ position: 0, payment: free.payment }, { position: 1 }, { position: 1, payment: free.line }])
      expect((await desk.send('POST', `/v1/bank_returns/${file.id}/matches`, body)).status).toBe(422);
    const nameless = await taken(
      desk,
      camt054([{ ...free, end_to_end_id: 'NOTPROVIDED' }], { more: '<Refs><MndtId>NOBODYS</MndtId></Refs>' }),
    );
    expect(why(nameless)).toEqual(['unmatched', 'no_debit_fits']);
    expect(await postingsOf(engine, free.payment)).toEqual(['presented 5900']);
    const early = await club(engine, [5900], { draft: true });
    expect(why(await taken(early.desk, camt054(early.debits)))).toEqual(['unmatched', 'not_released']);
  });

  it('is told as not presented where the debit was taken out at the release, or back after it', async () => {
    const out = await club(engine, [5900, 6100], { draft: true });
    const [gone, stays] = out.debits as [Debit, Debit];
    await out.desk.post(`/v1/customers/${gone.customer}/payments`, {
      method: 'cash',
      amount: gone.amount,
      paid_on: BOOKED_ON,
      instalments: [gone.instalment],
    });
    const released = await release(out.desk, out.collection);
    expect(released.left_out.map((line: Json) => [line.subject, line.reason])).toEqual([
      [gone.instalment, 'changed_since_draft'],
    ]);
    expect(why(await taken(out.desk, camt054([gone])))).toEqual(['unmatched', 'not_presented']);
    await out.desk.post(`/v1/collections/${released.id}/withdrawal`, { reason: 'Wrong day' });
    expect(why(await taken(out.desk, camt054([stays])))).toEqual(['unmatched', 'not_presented']);
    expect(await postingsOf(engine, stays.payment)).toEqual([]);
  });

  it('also where the bank tells no amount, as when it refuses', async () => {
    const debit = debits[5] as Debit;
    const file = await taken(desk, pain002(collection, [{ ...debit, end_to_end_id: `${STRANGE}-PAIN` }]));
    expect(file.counts).toEqual({ unmatched: 1 });
    expect((await match(file, debit.payment)).body.counts).toEqual({ applied: 1 });
    expect((await paymentsOf(desk, debit.customer))[0]).toMatchObject({ status: 'rejected', reason_code: 'AM04' });
  });

  it('and after all of it every rule holds', async () => {
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  });
});
