/** A person is forgotten, and the books are kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Context, writeContext } from '../../src/context.ts';
import { examine } from '../../src/doctor/examine.ts';
import { newId } from '../../src/ids.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { rejectPayment } from '../../src/services/reject-payment.ts';
import { eraseEverywhere, idsOfCustomer } from '../../src/store/erasures.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { linkTrail } from '../../src/store/trail-chain.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { club } from './collecting.ts';
import { seller } from './invoicing.ts';
import { latePayer } from './late-payer.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** What tells who the customer of these tests was. */
const told = [
  'Anne Martin',
  'anne@members.example',
  'Impasse du Puits',
  'BADGE-7',
  'EXT-7',
  'Jambe cassée au ski',
  'a promis',
];

async function broken(): Promise<string[]> {
  return (await examine(engine.database))
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant, violations }) => `${invariant.name} ${violations[0]?.detail}`);
}

/** Every text of the organization's rows in which a word stands, but for the tables that the law keeps. */
async function placesOf(word: string, organization: string): Promise<string[]> {
  const { rows } = await engine.database.raw(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'organization_id' and table_name not in ('invoice_body', 'invoice', 'invoice_file')`,
  );
  const found: string[] = [];
  for (const { name } of rows as { name: string }[]) {
    const hits = await engine.database.raw(
      `select 1 from "${name}" row where organization_id = ? and strpos(row::text, ?) > 0 limit 1`,
      [organization, word],
    );
    if (hits.rows.length > 0) found.push(name);
  }
  return found;
}

async function settled(): Promise<{ desk: Client; customer: string; contract: string }> {
  const member = await latePayer(engine, '2010-07-05', {
    settings: { invoicing: { seller } },
    customer: {
      birth_on: '1980-02-29',
      badge: 'BADGE-7',
      external_id: 'EXT-7',
      address: { street: 'Impasse du Puits', town: 'Lyon', country: 'FR', postcode: '69001' },
    },
  });
  const { desk, contract, customer } = member;
  const suspension = { starts_on: '2010-07-10', days: 10, reason: 'Jambe cassée au ski' };
  await desk.post(`/v1/contracts/${contract.id}/suspensions`, suspension);
  await desk.post(`/v1/customers/${customer.id}/promises`, { until_on: '2010-07-20', note: 'Anne a promis' });
  await member.pays('2010-07-05', '2010-07-21');
  await desk.post('/v1/invoices', { contract: contract.id });
  return { desk, customer: customer.id, contract: contract.id };
}

describe('an erasure', () => {
  it('is refused while anything of the customer is open, and says what', async () => {
    const { desk, customer } = await settled();
    const path = `/v1/customers/${customer}/erasure`;
    expect((await desk.get(path)).body.obstacles).toContainEqual({ code: 'running_contract', until_on: null });
    expect(await desk.send('POST', path)).toMatchObject({ status: 409, body: { code: 'customer_not_settled' } });
    const other = await engine.sandbox('2010-07-05');
    expect((await other.send('POST', path)).status).toBe(404);
  });

  it('waits until direct debits can no longer be disputed', async () => {
    const gym = await club(engine);
    const debtor = await gym.debtor();
    await engine.database('mandate').where({ id: debtor.mandate.id }).update({ last_collected_on: '2010-08-01' });
    const { body } = await gym.desk.get(`/v1/customers/${debtor.customer.id}/erasure`);
    expect(body.obstacles).toContainEqual({ code: 'debit_disputable', until_on: '2011-09-01' });
  });

  it.each([
    ['AM04', 1500],
    ['MD07', 0],
  ])(
    'stays so when money comes back later as %s: no death is noted, and nobody is written to',
    async (reason_code, fee_amount) => {
      const { desk, customer, contract } = await settled();
      await desk.post(`/v1/contracts/${contract}/cancellation`, { on: '2010-07-25', reason: 'Jambe cassée au ski' });
      await desk.post('/v1/test_clock/advance', { to: '2010-07-30' });
      const path = `/v1/customers/${customer}/erasure`;
      await expect.poll(async () => (await desk.get(path)).body.obstacles, { timeout: 20_000 }).toEqual([]);
      await desk.post(path);
      const written = async () => (await desk.get(`/v1/reminders?customer=${customer}`)).body.data.length;
      const before = await written();
      const stage = { text: 'reminder_1', channel: 'letter', attach_invoice: false, fee_amount: 0, block: false };
      const settings = { reminders: { stages: [{ after_days: 3, ...stage }] } };
      expect((await desk.send('PATCH', '/v1/organization', { settings })).status).toBe(200);
      const paid = await engine.database('payment').where({ customer_id: customer, state: 'settled' }).first();
      // Nobody enters it by hand any more; the bank tells it.
      const organization = (await findOrganization(engine.database, desk.organization.id))!;
      await engine.database.transaction((trx) =>
        commitOperation(writeContext(trx, organization, 'bank', new Date()), 'reject-payment', rejectPayment, {
          payment: paid.id,
          reason_code,
          fee_amount,
          new_fee: newId('fee'),
          new_refund_claim: newId('fee'),
          new_payments: [newId('pay')],
        }),
      );
      await desk.post('/v1/test_clock/advance', { to: '2010-08-10' });
      const owed = Number(paid.amount_cents) + fee_amount;
      expect((await desk.get(`/v1/customers/${customer}/ledger`)).body.owed_amount).toBe(owed);
      expect(await written()).toBe(before);
      const kept = await engine.database('customer').where({ id: customer }).first();
      expect(kept.deceased_on).toBe(null);
    },
  );

  it('forgets the person everywhere, keeps the books and the chain, and is told in the trail', async () => {
    const { desk, customer, contract } = await settled();
    const organization = desk.organization.id;
    await linkTrail(engine.database);
    await desk.post(`/v1/contracts/${contract}/cancellation`, { on: '2010-07-25', reason: 'Jambe cassée au ski' });
    await desk.post('/v1/test_clock/advance', { to: '2010-07-30' });
    await expect
      .poll(async () => (await desk.get(`/v1/customers/${customer}/erasure`)).body.obstacles, { timeout: 60_000 })
      .toEqual([]);
    const head = (await desk.get('/v1/trail/verification')).body.head;
    const ledger = (await desk.get(`/v1/customers/${customer}/ledger`)).body;
    for (const word of told.slice(0, 6)) expect(await placesOf(word, organization), word).not.toEqual([]);

    const path = `/v1/customers/${customer}/erasure`;
    const preview = (await desk.get(path)).body;
    expect(preview).toMatchObject({ obstacles: [], is_erased: false, keeps: { invoices: 1, until_on: '2020-12-31' } });
    expect((await desk.get(`/v1/customers/${customer}`)).body.name).toBe('Anne Martin');
    const done = await desk.send('POST', path);
    expect(done).toMatchObject({ status: 200, body: { erases: preview.erases, keeps: preview.keeps } });

    for (const word of told) expect(await placesOf(word, organization), word).toEqual([]);
    expect((await desk.get(`/v1/customers/${customer}`)).body).toMatchObject({
      name: customer,
      email: null,
      address: null,
      birth_on: null,
      badge: null,
      erased_at: expect.any(String),
    });
    const after = (await desk.get(`/v1/customers/${customer}/ledger`)).body;
    expect([after.owed_amount, after.lines.map((line: Json) => line.amount)]).toEqual([
      ledger.owed_amount,
      ledger.lines.map((line: Json) => line.amount),
    ]);
    const [invoice] = (await desk.get('/v1/invoices')).body.data;
    expect(JSON.stringify((await desk.get(`/v1/invoices/${invoice.id}`)).body)).toContain('Anne Martin');

    await linkTrail(engine.database);
    const kept = `?seq=${head.seq}&hash=${head.hash}`;
    const verified = (await desk.get(`/v1/trail/verification${kept}`)).body;
    expect(verified).toMatchObject({ holds: true, kept_head_found: true, faults: [] });
    const [event] = (await desk.get('/v1/events?type=customer.erased')).body.data;
    expect(event).toMatchObject({ id: done.body.event, subjects: [customer], data: { erases: preview.erases } });
    expect(await broken()).toEqual([]);

    expect((await desk.send('POST', path)).body.code).toBe('customer_erased');
    expect((await desk.send('PATCH', `/v1/customers/${customer}`, { name: 'Anne' })).body.code).toBe('customer_erased');
    const mandate = { iban: 'FR7630006000011234567890189', signed_on: '2010-07-05' };
    const signed = await desk.send('POST', `/v1/customers/${customer}/mandates`, mandate);
    expect(signed.body.code).toBe('customer_erased');
    const words = { reason: 'Jambe cassée au ski' };
    for (const [way, body] of [
      ['suspensions', { starts_on: '2010-07-20', days: 10, ...words }],
      ['extensions', { days: 10, ...words }],
    ] as const) {
      const answer = await desk.send('POST', `/v1/contracts/${contract}/${way}`, body);
      expect(answer.body.code, way).toBe('customer_erased');
    }
    const { plan } = (await desk.get(`/v1/contracts/${contract}`)).body;
    const sold = { customer, plan, starts_on: '2010-08-01', method: 'cash' };
    expect((await desk.send('POST', '/v1/contracts', sold)).body.code).toBe('customer_erased');
    for (const route of ['products', 'mandates', 'promises', 'holds', 'access', 'ledger']) {
      expect((await desk.get(`/v1/customers/${customer}/${route}`)).status, route).toBe(200);
    }
    for (const page of [
      '/v1/reminders',
      '/v1/jobs',
      '/v1/events',
      '/v1/payments',
      `/v1/contracts/${contract}/changes`,
    ]) {
      expect((await desk.get(page)).status, page).toBe(200);
    }
  });

  it('lets no event be linked meanwhile as it was before', async () => {
    const { desk, customer } = await settled();
    const organization = desk.organization.id;
    const erasing = await engine.database.transaction();
    const ctx = {
      trx: erasing,
      reader: erasing,
      organization: desk.organization,
      now: new Date(),
    } as unknown as Context;
    const event = {
      organization_id: organization,
      type: 'customer.erased',
      subjects: [customer],
      data: {},
      actor: 'test',
    };
    const id = newId('evt');
    await eraseEverywhere(ctx, { customer, ids: await idsOfCustomer(ctx, customer), event: id, kept_until_on: null });
    await erasing('event').insert({ ...event, id, on_day: '2010-07-21', recorded_at: new Date() });
    await linkTrail(engine.database);
    await erasing.commit();
    await linkTrail(engine.database);
    expect((await desk.get('/v1/trail/verification')).body).toMatchObject({ holds: true, faults: [] });
  });

  it('made up by somebody who empties an event does not pass for one', async () => {
    const trx = await engine.database.transaction();
    try {
      await trx.raw('set local session_replication_role = replica');
      const { rows } = await trx.raw(`select event_id from event_link join event on event.id = event_id
        where data ->> 'erased' is null order by event_id limit 1`);
      await trx.raw('update event_link set data_salt = null where event_id = ?', [rows[0].event_id]);
      await trx.raw(`update event set data = '{"erased": "evt_none"}' where id = ?`, [rows[0].event_id]);
      const invariant = (await import('../../src/doctor/trail.ts')).trailInvariants.find(
        ({ name }) => name === 'trail_chain_holds',
      );
      expect((await invariant?.find(trx))?.map(({ detail }) => detail).join()).toContain('no erasure tells of it');
    } finally {
      await trx.rollback();
    }
  });
});
