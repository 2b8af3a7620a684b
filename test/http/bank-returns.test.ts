/** The bank's files through HTTP: what they tell is booked once, however often and in whatever order it is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import {
  advance,
  camt053,
  camt054,
  club,
  collectedGroup,
  collectedOf,
  type Debit,
  handIn,
  owed,
  pain002,
  paymentsOf,
  postingsOf,
  refusedWhole,
  release,
  taken,
} from './bank-club.ts';

const status = async (desk: Client, payment: string): Promise<string> =>
  (await desk.get(`/v1/payments/${payment}`)).body.status;

describe('the bank’s files', () => {
  let engine: TestEngine;
  let desk: Client;
  let collection: Json;
  let unused: Debit[];
  beforeAll(async () => {
    engine = await startTestEngine();
    const large = await club(
      engine,
      Array.from({ length: 23 }, () => 5900),
    );
    ({ desk, collection } = large);
    unused = [...large.debits];
  });
  afterAll(() => engine.stop());

  /** Members of one club of whose debits nothing was told yet. */
  const some = (count: number): Debit[] => unused.splice(0, count);

  it('a return by camt.054 makes the lines, the fee and the representment, and the door follows at once', async () => {
    const [debit] = some(1) as [Debit];
    const file = await taken(desk, camt054([debit], { charge: 300 }));
    expect(file).toMatchObject({
      status: 'applied',
      message: 'camt.054.001.08',
      counts: { applied: 1 },
      by_reason: [{ reason_code: 'AM04', kind: 'returned', count: 1, amount: 5900, represented: 1, needs_person: 0 }],
      entries: [
        { effect: 'applied', payment: debit.payment, customer_name: 'Membre 1', charge_amount: 300, late: 'return' },
      ],
    });
    expect(await owed(desk, debit.customer)).toBe(6900);
    expect(await postingsOf(engine, debit.payment)).toEqual([
      'presented 5900',
      'bank_in/1 5900',
      'reopened/1 5900',
      'bank_out/1 5900',
      'bank_charge/1 300',
    ]);
    const [first, again] = await paymentsOf(desk, debit.customer);
    expect(first).toMatchObject({ status: 'rejected', reason_code: 'AM04', rejected_on: '2026-11-27' });
    expect(again).toMatchObject({
      status: 'pending',
      amount: 6900,
      attempt: 2,
      method: 'direct_debit',
      due_on: '2026-12-25',
    });
    const events = (await desk.get(`/v1/events?subject=${debit.payment}`)).body.data.map((one: Json) => one.type);
    expect(events.filter((type: string) => type === 'payment.rejected')).toHaveLength(1);
  });

  it('the same file twice is the same file, and its answer the same', async () => {
    const before = (await desk.get('/v1/bank_returns')).body.data.length;
    const xml = camt054(some(1));
    const first = await taken(desk, xml);
    const second = await taken(desk, xml);
    expect(second).toEqual(first);
    expect((await desk.get('/v1/bank_returns')).body.data).toHaveLength(before + 1);
    const { bytes, sha256 } = first;
    expect([bytes, sha256.length]).toEqual([Buffer.byteLength(xml), 64]);
    const { rows } = await engine.database.raw(
      `select count(*)::int as n from bank_message_part where message_id = ? and position('EndToEndId'::bytea in sealed_bytes) > 0`,
      [first.id],
    );
    expect(rows[0].n, 'the bytes are sealed').toBe(0);
  });

  it('two charges told for one return: the first is booked, and the other is left to be looked at', async () => {
    const [debit] = some(1) as [Debit];
    await taken(desk, pain002(collection, [debit]));
    await taken(desk, camt054([debit], { charge: 250 }));
    const other = await taken(desk, camt053([debit], { charge: 300 }));
    expect(other.entries).toMatchObject([{ effect: 'noted', booked: [], why: 'charge_differs', charge_amount: 300 }]);
    expect((await taken(desk, camt053([debit], { charge: 250 }))).entries).toMatchObject([
      { effect: 'repeated', why: null },
    ]);
    const charges = (await postingsOf(engine, debit.payment)).filter((line) => line.startsWith('bank_charge'));
    expect(charges).toEqual(['bank_charge/1 250']);
  });

  const told = {
    'pain.002': (collection: Json, debit: Debit) => pain002(collection, [debit]),
    'camt.054': (_: Json, debit: Debit) => camt054([debit], { charge: 250 }),
    // Statements often leave the reason out.
    'camt.053': (_: Json, debit: Debit) => camt053([debit], { reason: null, charge: 250 }),
    settlement: (_: Json, debit: Debit) => collectedOf([debit]),
  };
  const orders = [
    ['pain.002', 'camt.054', 'camt.053', 'settlement'],
    ['settlement', 'camt.053', 'camt.054', 'pain.002'],
    ['camt.054', 'settlement', 'pain.002', 'camt.053'],
    ['camt.053', 'pain.002', 'settlement', 'camt.054'],
  ] as const;

  it.each(orders)('told by %s, then %s, then %s, then %s: one effect and one final state', async (...order) => {
    const [debit] = some(1) as [Debit];
    for (const message of order) await taken(desk, told[message](collection, debit));
    const lines = await postingsOf(engine, debit.payment);
    expect(lines.toSorted()).toEqual([
      'bank_charge/1 250',
      'bank_in/1 5900',
      'bank_out/1 5900',
      'presented 5900',
      'reopened/1 5900',
    ]);
    const payments = await paymentsOf(desk, debit.customer);
    expect(payments.map((one) => [one.status, one.amount, one.attempt])).toEqual([
      ['rejected', 5900, 1],
      ['pending', 6900, 2],
    ]);
  });

  it('a return that is taken back is settled again, without fee and representment, also when told first', async () => {
    const [one, two] = some(2) as [Debit, Debit];
    const back = { reversed: true, on: '2026-11-27', reason: 'AM04' };
    await taken(desk, camt054([one], { on: '2026-11-26' }));
    await taken(desk, camt053([one], back));
    await taken(desk, camt053([two], back));
    await taken(desk, camt054([two], { on: '2026-11-26' }));
    for (const debit of [one, two]) {
      expect(await status(desk, debit.payment)).toBe('settled');
      expect(await owed(desk, debit.customer)).toBe(0);
      const payments = await paymentsOf(desk, debit.customer);
      expect(payments.filter((payment) => payment.status === 'pending')).toEqual([]);
    }
  });

  it('a success told after a failure stays a failure, for a person to look at', async () => {
    const [debit] = some(1) as [Debit];
    await taken(desk, camt054([debit], { on: '2026-11-26' }));
    const file = await taken(desk, collectedOf([debit], '2026-11-27'));
    expect(file.entries).toMatchObject([{ effect: 'noted', why: 'success_after_failure' }]);
    const { body } = await desk.get(`/v1/payments/${debit.payment}`);
    expect([body.status, body.needs_person]).toEqual(['rejected', true]);
  });

  it('late refusals: by eight weeks, thirteen months and later, each one effect', async () => {
    const debits = some(3);
    await taken(desk, collectedOf(debits));
    const days = ['2027-01-19', '2027-12-20', '2028-02-01'];
    const late: string[] = [];
    for (const [at, on] of days.entries()) {
      const file = await taken(desk, camt054([debits[at] as Debit], { reason: 'MD01', on }));
      late.push(file.entries[0].late);
      expect(file.counts).toEqual({ applied: 1 });
    }
    expect(late).toEqual(['refund_8_weeks', 'refund_13_months', 'out_of_time']);
    const { body } = await desk.get(`/v1/customers/${(debits[0] as Debit).customer}/mandates`);
    expect(body.data[0]).toMatchObject({ status: 'suspended' });
  });

  it('what is told before the release waits, and is matched when the collection is released', async () => {
    const { desk, collection, debits } = await club(engine, [5900, 6100], { draft: true, today: '2026-11-23' });
    const early = await taken(desk, camt054(debits));
    expect(early.counts).toEqual({ unmatched: 2 });
    await release(desk, collection);
    await expect
      .poll(async () => (await desk.get(`/v1/bank_returns/${early.id}`)).body.counts, { timeout: 60_000 })
      .toEqual({ applied: 2 });
    const [first] = await paymentsOf(desk, (debits[0] as Debit).customer);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(await owed(desk, (debits[0] as Debit).customer)).toBe(6900);
  });

  it('a file refused whole reopens every collection of it, and one group only that group', async () => {
    const { desk, collection, debits } = await club(engine, [5900, 6100], { today: '2026-11-24' });
    const other = await taken(desk, refusedWhole('M-of-nobody'));
    expect(other.counts).toEqual({ unmatched: 1 });
    const file = await taken(desk, refusedWhole(collection.message_id));
    expect(file.counts).toEqual({ applied: 2, spread: 1 });
    expect(file.by_reason).toMatchObject([{ reason_code: 'AM05', count: 2, amount: 12_000, needs_person: 2 }]);
    for (const debit of debits) {
      expect(await status(desk, debit.payment)).toBe('rejected');
      expect(await owed(desk, debit.customer)).toBe(debit.amount);
    }
    const again = await taken(desk, refusedWhole(collection.message_id, `${collection.message_id}-1`));
    expect(again.counts).toEqual({ repeated: 2, spread: 1 });
  });

  it('a new account is told until the bank itself says that it has paid a debit that told it', async () => {
    const quiet = { collections: { presumed_settled_days: 90 } };
    const { desk, debits } = await club(engine, [5900, 6100, 6300], { settings: quiet, today: '2026-11-25' });
    for (const { mandate } of debits)
      await desk.post(`/v1/mandates/${mandate}/account`, { iban: 'FR14 2004 1010 0505 0001 3M02 606' });
    await taken(desk, collectedOf(debits));
    const next = async (today: string, until_on: string) => {
      await advance(desk, today);
      const collection = await release(desk, await desk.post('/v1/collections', { until_on }));
      const { body } = await desk.get(`/v1/collections/${collection.id}/file`);
      const written = String(body).match(/<DrctDbtTxInf>.*?<\/DrctDbtTxInf>/gs) ?? [];
      const saying = debits.map(({ mandate_reference }) =>
        written.some((one) => one.includes(mandate_reference) && one.includes('SMNDA')),
      );
      return { collection, saying };
    };
    const second = await next('2026-12-21', '2026-12-25');
    expect(second.saying).toEqual([true, true, true]);
    const lines = debits.map(({ customer }) =>
      second.collection.lines.find((line: Json) => line.customer === customer),
    );
    await advance(desk, '2026-12-29');
    await taken(desk, collectedOf(lines.slice(0, 1), '2026-12-28'));
    await taken(desk, camt054(lines.slice(1, 2), { reason: 'MS03', on: '2026-12-29' }));
    expect((await next('2027-01-21', '2027-01-25')).saying).toEqual([false, true, true]);
  });

  it('money booked for a group, less what was refused of it, settles the rest, in either order', async () => {
    const { desk, collection, debits } = await club(engine, [5900, 6100, 6300], { today: '2026-11-25' });
    const [refusedOne, ...paid] = debits as [Debit, Debit, Debit];
    const money = await taken(desk, collectedGroup(`${collection.message_id}-1`, 12_400));
    expect(money.counts).toEqual({ unmatched: 1 });
    await taken(desk, pain002(collection, [refusedOne]));
    expect((await desk.get(`/v1/bank_returns/${money.id}`)).body.counts).toEqual({ applied: 2, spread: 1 });
    for (const debit of paid) expect(await status(desk, debit.payment)).toBe('settled');
    expect(await status(desk, refusedOne.payment)).toBe('rejected');
  });

  it('where the bank names no debit, exactly one that fits is taken, and nothing where two fit', async () => {
    const { desk, debits } = await club(engine, [5900, 6100, 6100]);
    const nameless = { end_to_end_id: 'NOTPROVIDED', reason: 'MS03' };
    const account = '<RltdPties><DbtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></DbtrAcct></RltdPties>';
    const fits = await taken(desk, camt054([debits[0] as Debit], { ...nameless, more: account }));
    expect(fits.entries).toMatchObject([{ effect: 'applied', payment: (debits[0] as Debit).payment }]);
    const several = await taken(desk, camt054([debits[1] as Debit], { ...nameless, more: account }));
    expect(several.counts).toEqual({ unmatched: 1 });
    const otherAmount = await taken(desk, camt054([debits[1] as Debit], { amount: 6099 }));
    expect(otherAmount.counts).toEqual({ unmatched: 1 });
  });

  it('what was refunded in part and then comes back whole is owed to the cent, and back again', async () => {
    const [debit] = some(1) as [Debit];
    await taken(desk, collectedOf([debit]));
    await desk.post(`/v1/payments/${debit.payment}/refund`, { amount: 2000, method: 'transfer' });
    expect(await owed(desk, debit.customer)).toBe(2000);
    await taken(desk, camt054([debit], { reason: 'MS02' }));
    // The instalment, and the 20.00 that the member has had twice.
    expect(await owed(desk, debit.customer)).toBe(7900);
    const { body: ledger } = await desk.get(`/v1/customers/${debit.customer}/ledger`);
    expect(ledger.lines.at(-1)).toMatchObject({ kind: 'settlement', amount: -5900, balance_amount: 7900 });
    await taken(desk, camt053([debit], { reversed: true, on: '2026-11-28' }));
    expect(await owed(desk, debit.customer)).toBe(2000);
    await taken(desk, camt054([debit], { reason: 'AM04', on: '2026-11-30' }));
    expect(await owed(desk, debit.customer)).toBe(8900);
    const payments = await paymentsOf(desk, debit.customer);
    // Asked for is what the bank took, and the fee; the refund has left its part owed before.
    expect(payments.at(-1)).toMatchObject({ status: 'pending', amount: 6900 });
  });

  it('a return that is taken back and told again with that word leaves the instalment rejected', async () => {
    const [debit] = some(1) as [Debit];
    await taken(desk, collectedOf([debit]));
    await taken(desk, camt054([debit], { reason: 'MS02' }));
    await taken(desk, camt054([debit], { reason: 'MS02', on: '2026-11-30' }));
    // Between the two: the second was a return of its own.
    await taken(desk, camt053([debit], { reversed: true, on: '2026-11-28' }));
    const { body } = await desk.get(`/v1/contracts/${debit.contract}/schedule`);
    expect(body.instalments[0]).toMatchObject({ id: debit.instalment, status: 'rejected' });
  });

  it('what was paid of money given back is kept for whoever paid it, once the return is taken back', async () => {
    const [debit] = some(1) as [Debit];
    const { customer, payment } = debit;
    const pay = (paid_on: string, amount: number) =>
      desk.post(`/v1/customers/${customer}/payments`, { paid_on, method: 'cash', amount });
    await taken(desk, collectedOf([debit]));
    await desk.post(`/v1/payments/${payment}/refund`, { amount: 2000, method: 'transfer' });
    await taken(desk, camt054([debit], { reason: 'MS02' }));
    // 20.00 of the instalment, then all that the return has made owed but 5.00, which are written off.
    await pay('2026-11-25', 5900);
    const paid = await pay('2026-11-27', 1500);
    const givenBack = async () => {
      const { id, sold_cents, covered_cents } = await engine
        .database('fee')
        .where({ customer_id: customer, kind: 'refund' })
        .first();
      return { id, sold: sold_cents, covered: covered_cents };
    };
    const { id } = await givenBack();
    await desk.post(`/v1/debts/${id}/write_off`, { reason: 'Rounded' });
    expect(await givenBack()).toMatchObject({ sold: 2000, covered: 2000 });
    await taken(desk, camt053([debit], { reversed: true, on: '2026-11-28' }));
    expect(await givenBack()).toMatchObject({ sold: 0, covered: 0 });
    expect((await desk.get(`/v1/payments/${paid.id}`)).body).toMatchObject({ credit_amount: 1500 });
    await taken(desk, camt054([debit], { reason: 'AM04', on: '2026-11-30' }));
    expect(await givenBack()).toMatchObject({ sold: 2000 });
    await desk.post(`/v1/payments/${paid.id}/rejection`, { fee_amount: 0 });
    await taken(desk, camt053([debit], { reversed: true, on: '2026-12-01' }));
    expect(await givenBack()).toMatchObject({ sold: 0, covered: 0 });
  });

  it('a file that is refused is kept with the reason, and nothing of it is applied', async () => {
    const [debit] = some(1) as [Debit];
    const xml = camt054([debit]);
    const cut = await handIn(desk, xml.slice(0, -40));
    expect([cut.status, cut.body.code]).toEqual([422, 'bank_file_truncated']);
    const { body } = await desk.get('/v1/bank_returns?limit=1');
    expect(body.data).toMatchObject([{ status: 'refused', refusal: { code: 'bank_file_truncated' } }]);
    expect(await owed(desk, debit.customer)).toBe(0);
    await taken(desk, xml);
    expect(await owed(desk, debit.customer)).toBe(6900);
  });

  it('R6 by the bank’s files: asked for again by itself in the next collection until the limit, and the door follows', async () => {
    const { desk, debits } = await club(engine, [5900, 5900]);
    const [debit, other] = debits as [Debit, Debit];
    const may = async () => (await desk.get(`/v1/customers/${debit.customer}/access`)).body.state;
    await taken(desk, camt054([debit]));
    await taken(desk, camt054([other], { reason: 'MS03' }));
    expect(await may()).toBe('active');
    await advance(desk, '2026-12-20');
    const second = await release(desk, await desk.post('/v1/collections', { until_on: '2026-12-25' }));
    const lineOf = (collection: Json, { customer }: Debit) =>
      collection.lines.find((line: Json) => line.kind === 'representment' && line.customer === customer);
    expect(second.lines.map((line: Json) => [line.amount, line.kind]).toSorted()).toEqual([
      [5900, 'instalment'],
      [5900, 'instalment'],
      [6900, 'representment'],
      [6900, 'representment'],
    ]);
    await advance(desk, '2026-12-30');
    await taken(desk, camt054([lineOf(second, debit)], { on: '2026-12-30' }));
    // A reason that the bank does not give is represented once, one of money twice.
    const once = await taken(desk, camt054([lineOf(second, other)], { reason: 'MS03', on: '2026-12-30' }));
    expect(once.by_reason).toMatchObject([{ reason_code: 'MS03', represented: 0, needs_person: 0 }]);
    expect(await owed(desk, debit.customer)).toBe(7900);
    // Asked for by nothing at once, it would block from the next day; the next collection asks for it.
    expect(await may()).toBe('active');
    const payments = await paymentsOf(desk, debit.customer);
    expect(payments.at(-1)).toMatchObject({ status: 'pending', attempt: 3, amount: 7900, due_on: '2027-01-25' });
    await advance(desk, '2026-12-31');
    expect(await may()).toBe('active');
    expect((await desk.get(`/v1/customers/${other.customer}/access`)).body.state).toBe('blocked');
  });

  it('and after all of it every rule holds', async () => {
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  });
});
