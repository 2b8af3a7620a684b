/** What follows from a return by its reason: by the policy alone, by another policy, or by what a person decides. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { camt054, club, collectedOf, type Debit, joined, owed, paymentsOf, taken } from './bank-club.ts';

/** Reason; what is asked for again; the mandate; whether a person decides; what is owed of 59.00. */
const policies = [
  ['AM04', 6900, 'active', false],
  ['ED05', 5900, 'active', false],
  ['TM01', 5900, 'active', false],
  ['MS03', 6900, 'active', false],
  ['AC01', null, 'suspended', false],
  ['AC04', null, 'revoked', false],
  ['AC06', null, 'suspended', false],
  ['AG01', null, 'suspended', false],
  ['MD01', null, 'suspended', false],
  ['MD07', null, 'revoked', true],
  ['MD06', null, 'active', true],
  ['MS02', null, 'active', true],
  ['SL01', null, 'active', true],
  ['XX99', null, 'active', true],
] as const;
const withFee = ['AM04', 'MS03', 'AC01', 'AC04', 'AC06', 'AG01'];

const GROUP = 4;

describe('what follows from a return', () => {
  let engine: TestEngine;
  let desk: Client;
  let byReason: Map<string, Debit>;
  let group: Debit[];
  let doubtful: Debit;
  let file: Json;
  beforeAll(async () => {
    engine = await startTestEngine();
    const made = await club(
      engine,
      Array.from({ length: policies.length + GROUP }, () => 5900),
    );
    desk = made.desk;
    byReason = new Map(policies.map(([reason], at) => [reason as string, made.debits[at] as Debit]));
    group = made.debits.slice(policies.length);
    doubtful = group[GROUP - 1] as Debit;
    file = await taken(
      desk,
      joined([
        ...policies.map(([reason]) => camt054([byReason.get(reason) as Debit], { reason })),
        camt054(group, { reason: 'MS02' }),
      ]),
    );
  });
  afterAll(() => engine.stop());

  it.each(policies)(
    '%s by default: asked for again %s, mandate %s, a person decides: %s',
    async (reason, again, mandate, person) => {
      const debit = byReason.get(reason) as Debit;
      const [first, second] = await paymentsOf(desk, debit.customer);
      expect(first).toMatchObject({ status: 'rejected', reason_code: reason, needs_person: person });
      expect(second?.amount ?? null).toBe(again);
      expect((await desk.get(`/v1/mandates/${debit.mandate}`)).body.status).toBe(mandate);
      expect(await owed(desk, debit.customer)).toBe(withFee.includes(reason) ? 6900 : 5900);
    },
  );

  it('a death stops every reminder, and nothing more is collected', async () => {
    const { customer } = byReason.get('MD07') as Debit;
    const { rows } = await engine.database.raw('select deceased_on from customer where id = ?', [customer]);
    expect(rows[0].deceased_on).toBe('2026-11-27');
    const draft = await desk.post('/v1/collections', { until_on: '2026-12-25' });
    expect(draft.lines.filter((line: Json) => line.customer === customer)).toEqual([]);
    const reasons = draft.left_out.filter((line: Json) => line.customer === customer).map((line: Json) => line.reason);
    expect(reasons.toSorted()).toEqual(['customer_deceased', 'rejected']);
    await desk.post(`/v1/collections/${draft.id}/cancellation`);
  });

  it('the report groups by reason, with what waits for a person', () => {
    const groups = new Map(file.by_reason.map((one: Json) => [one.reason_code, one]));
    expect(groups.get('MS02')).toMatchObject({
      reason: 'Refused by the debtor, without a reason',
      count: 1 + GROUP,
      amount: (1 + GROUP) * 5900,
      needs_person: 1 + GROUP,
      represented: 0,
      decision: null,
    });
    expect(groups.get('AM04')).toMatchObject({ count: 1, represented: 1, needs_person: 0 });
    expect(file.counts).toEqual({ applied: policies.length + GROUP });
  });

  it('one decision for the group: those that still wait, at once and once', async () => {
    // One has paid at the desk meanwhile, and of one the bank now says that it was paid after all.
    const [paid] = group as [Debit];
    await desk.post(`/v1/instalments/${paid.instalment}/payments`, { paid_on: '2026-11-27', method: 'cash' });
    await taken(desk, collectedOf([doubtful], '2026-11-28'));
    const path = `/v1/bank_returns/${file.id}/decisions`;
    const decision = { reason_code: 'MS02', represent: true, fee: true };
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.send('POST', path, decision)));
    const done = answers.filter((answer) => answer.status === 200);
    expect(done.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code)).toEqual(
      answers.filter(({ status }) => status !== 200).map(() => 'bank_return_decided'),
    );
    const reason = done[0]?.body.by_reason.find((one: Json) => one.reason_code === 'MS02');
    expect(reason).toMatchObject({
      needs_person: 1,
      decision: { represent: true, fee: true, payments: 4, represented: 4, left: 1 },
    });
    const asked = async ({ customer }: Debit) =>
      (await paymentsOf(desk, customer)).filter((one) => one.status === 'pending').map((one) => one.amount);
    for (const debit of [byReason.get('MS02') as Debit, ...group.slice(1, -1)]) {
      expect(await asked(debit)).toEqual([6900]);
      expect(await owed(desk, debit.customer)).toBe(6900);
    }
    expect(await asked(paid), 'only the fee is left to ask for').toEqual([1000]);
    expect(await asked(doubtful)).toEqual([]);
    const again = await desk.send('POST', path, { reason_code: 'MS02', represent: false, fee: false });
    expect([again.status, again.body.code]).toEqual([409, 'bank_return_decided']);
  });

  it('or not asked for again, without a fee; and nothing where nobody waits', async () => {
    const path = `/v1/bank_returns/${file.id}/decisions`;
    const debit = byReason.get('MD06') as Debit;
    const decided = await desk.post(path, { reason_code: 'MD06', represent: false, fee: false });
    expect(decided.by_reason.find((one: Json) => one.reason_code === 'MD06')).toMatchObject({
      needs_person: 0,
      decision: { represent: false, fee: false, payments: 1, represented: 0 },
    });
    expect(await owed(desk, debit.customer)).toBe(5900);
    const nothing = await desk.send('POST', path, { reason_code: 'AM04', represent: true, fee: true });
    expect([nothing.status, nothing.body.code]).toEqual([409, 'bank_return_nothing_to_decide']);
    const past = await desk.send('POST', path, {
      reason_code: 'SL01',
      represent: true,
      fee: false,
      due_on: '2026-11-01',
    });
    expect([past.status, past.body.code]).toEqual([422, 'representment_in_the_past']);
    const keyless = await desk.call('POST', path, { body: { reason_code: 'SL01', represent: true, fee: false } });
    expect(keyless.status).toBe(400);
    const later = await desk.post(path, { reason_code: 'SL01', represent: true, fee: false, due_on: '2027-01-05' });
    expect(later.by_reason.find((one: Json) => one.reason_code === 'SL01').decision.due_on).toBe('2027-01-05');
    const [, asked] = await paymentsOf(desk, (byReason.get('SL01') as Debit).customer);
    expect(asked).toMatchObject({ due_on: '2027-01-05', amount: 5900, method: 'direct_debit' });
  });

  it('an organization has policies of its own', async () => {
    const reasons = {
      AM04: { represent: false, fee: false },
      MS02: { represent: true, max_representments: 1, needs_person: false },
      AC01: { mandate: 'keep', fee: false },
    };
    const own = await club(engine, [5900, 5900, 5900], { settings: { rejections: { fee: null, reasons } } });
    const [am04, ms02, ac01] = own.debits as [Debit, Debit, Debit];
    await taken(
      own.desk,
      joined([camt054([am04]), camt054([ms02], { reason: 'MS02' }), camt054([ac01], { reason: 'AC01' })]),
    );
    const states = async ({ customer }: Debit) =>
      (await paymentsOf(own.desk, customer)).map((one) => [one.status, one.amount, one.needs_person]);
    expect(await states(am04)).toEqual([['rejected', 5900, false]]);
    expect(await states(ms02)).toEqual([
      ['rejected', 5900, false],
      ['pending', 5900, false],
    ]);
    expect(await states(ac01)).toEqual([['rejected', 5900, false]]);
    expect((await own.desk.get(`/v1/mandates/${ac01.mandate}`)).body.status).toBe('active');
  });
});
