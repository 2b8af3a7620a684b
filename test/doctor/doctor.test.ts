/** The doctor: every rule holds on a club at work, and each is broken on purpose and caught by its name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { invariants, longest } from '../../src/doctor/invariants.ts';
import { connectDatabase, type Database, type Trx } from '../../src/store/database.ts';
import { linkTrail } from '../../src/store/trail-chain.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { camt054, club, taken } from '../http/bank-club.ts';
import { fetchPdf, memberOfClub } from '../http/invoicing.ts';
import { instalment, pay } from '../http/membership.ts';
import { collectedClub } from './collected-club.ts';
import { lateMember, messageMutants } from './message-mutants.ts';
import { moneyMutants } from './money-mutants.ts';

/** For each rule, statements that break it; `:other` is a second organization's id. Rolled back afterwards. */
const mutants: Record<string, string> = {
  no_job_waits: `update job set state = 'queued', finished_at = null, due_at = now() - interval '1 hour' where id = (select min(id) from job)`,
  no_lease_abandoned: `update job set state = 'running', finished_at = null, lease_token = 'x', lease_until = now() - interval '1 hour'
    where id = (select min(id) from job)`,
  job_states_agree: `alter table job drop constraint job_check1; update job set finished_at = null where id = (select min(id) from job)`,
  unique_work_once: `drop index job_unique_key; update job set unique_key = 'one', state = 'queued', finished_at = null`,
  day_opened_by_one_job: `update job set name = 'open-day', payload = '{"on":"2010-07-06"}'`,
  change_has_its_job: `update job set state = 'failed', reason_code = 'internal_error' where name = 'suspend-contract'`,
  event_has_its_job: `delete from job where name = 'suspend-contract'`,
  suspension_job_one_effect: `delete from event where type = 'suspension.added'`,
  key_has_its_work: `update idempotency_key set job_id = 'job_gone' where job_id is not null`,
  days_without_gap: `delete from daily_run where on_day = '2010-07-08'`,
  no_day_ahead: `update organization set opened_on = '2100-01-01' where id = (select max(id) from organization)`,
  no_day_waits: `update organization set opened_on = opened_on - 3 where id = (select max(id) from organization)`,
  horizon_is_written: `update contract set materialised_until = materialised_until - 300 where ends_on is null`,
  no_overlapping_periods: `alter table contract drop constraint contract_periods_of_a_chain_overlap;
    update contract set starts_on = starts_on - 40 where renews_id is not null`,
  chains_hold_together: `update contract set chain_id = id where renews_id is not null`,
  renewed_once: `drop index contract_renewed_once;
    update contract set renews_id = (select renews_id from contract where renews_id is not null limit 1)
    where id = (select min(id) from contract where renews_id is null)`,
  instalments_numbered: `update instalment set number = number + 1 where contract_id = (select min(id) from contract) and number = (
      select max(number) from instalment where contract_id = (select min(id) from contract))`,
  instalment_is_its_customers: `update instalment set customer_id = 'cus_other' where id = (select min(id) from instalment)`,
  amounts_never_negative: `alter table instalment drop constraint instalment_amount_cents_check;
    update instalment set amount_cents = -1 where id = (select min(id) from instalment)`,
  suspension_has_its_change: `delete from contract_change where kind = 'suspension_added'`,
  change_has_its_contract_day: `update contract_change set recorded_on = '2009-01-01'`,
  cancelled_contract_ends: `update contract set cancelled_on = '2010-07-07' where ends_on is null`,
  credits_add_up: `update contract set kind = 'credits', credits_left = 5 where id = (select min(id) from contract);
    insert into credit_movement select 'crm_1', organization_id, id, -1, 4, 'visit', 'key', created_on, created_at
    from contract where credits_left is not null`,
  numbers_without_gap: `update invoice_number set counter = counter + 1, number = 'X' where id = (select max(id) from invoice where kind = 'invoice')`,
  documents_numbered: `delete from invoice_number where id = (select max(id) from invoice)`,
  numbers_follow_days: `update invoice_body set issued_on = issued_on - 1 where id in (select id from invoice where counter = 2 and kind = 'invoice')`,
  credit_within_invoice: `update invoice_body set gross_cents = gross_cents + 5000 where kind = 'credit_note'`,
  documents_add_up: `update invoice_body set document = jsonb_set(document, '{lines,0,gross_amount}', '1')`,
  lines_are_kept: `delete from invoice_line where position = 1`,
  invoiced_once: `drop index instalment_invoiced_once; update invoice_line set instalment_id = (select max(instalment_id) from invoice_line), live = true, given_up = false`,
  invoiced_is_sold: `update instalment set sold_cents = sold_cents + 1 where id = (select max(instalment_id) from invoice_line where live)`,
  credit_notes_in_ledger: `delete from posting where starts_with(entry, 'credit_note:') and debit = 'revenue'`,
  documents_guarded: `alter table invoice_body disable trigger invoice_body_immutable`,
  files_keep_their_hash: `update invoice_file set bytes = bytes || 'x'::bytea where invoice_id = (select min(invoice_id) from invoice_file)`,
  documents_are_printed: `delete from invoice_file; delete from job where name = 'print-invoice'`,
  issues_in_order: `update publication_issue set published_on = published_on + 400 where number = 2`,
  subscription_names_its_publication: `update contract set terms = jsonb_set(terms, '{issues,publication}', '"pub_other"')
    where kind = 'issues'`,
  revenue_equals_price: `update instalment set amount_cents = amount_cents + 1
    where contract_id in (select id from contract where kind = 'issues')`,
  schedules_equal_function: `update instalment set amount_cents = amount_cents + 1 where status = 'scheduled' and id = (
      select max(id) from instalment where status = 'scheduled')`,
  suspensions_equal_changes: `update suspension set ends_on = ends_on + 1 where ends_on is not null`,
  bank_file_whole: `delete from bank_entry where id = (select min(id) from bank_entry where message_id is not null)`,
  bank_file_bytes_hold: `update bank_message_part set sealed_bytes = set_byte(sealed_bytes, 60, 255 - get_byte(sealed_bytes, 60))`,
  bank_effect_once: `insert into bank_entry (organization_id, level, covers_all, kind, on_day, line_id, effect, booked, detail)
    select organization_id, level, covers_all, kind, on_day, line_id, effect, booked, detail from bank_entry where effect = 'applied'`,
  bank_effect_is_booked: `delete from posting where entry like 'reopened:%'`,
  debit_is_as_told: `update collection_line set state = 'settled' where state = 'failed'`,
  given_back_is_owed_once: `insert into fee (id, organization_id, customer_id, kind, label, amount_cents, tax_rate_bps, due_on, payment_id,
      sold_cents, covered_cents, recorded_on, recorded_at)
    select 'fee_x', organization_id, customer_id, 'refund', 'x', 5900, 0, due_on, id, 5900, 0, due_on, now() from payment limit 1`,
  references_stay_at_home: `update payment set organization_id = ':other'`,
  every_table_has_a_tenant: `create table stray (id text, customer_id text references customer, primary key (customer_id, id))`,
  secrets_are_hashed: `alter table person drop constraint person_password_hash_check;
    insert into person (id, organization_id, name, email, role, is_operator, password_hash, password_changed_at, version, created_at)
    values ('per_1', ':other', 'A', 'a@b.fr', 'desk', false, 'trois chats', now(), 1, now())`,
  keys_are_hashed: `alter table api_key drop constraint api_key_key_hash_check; update api_key set key_hash = 'sk_test_demo'
    where id = (select min(id) from api_key)`,
  trail_chain_holds: `update event set actor = 'somebody' where id = (select min(event_id) from event_link)`,
  trail_reaches_its_heads: `insert into trail_head select organization_id, seq + 1, encode(hash, 'hex'), 'key', now() from event_link limit 1`,
  trail_is_linked: `insert into event select 'evt_01AAAAAAAAAAAAAAAAAAAAAAAA', organization_id, type, subjects, data, actor, job_id, on_day, recorded_at
    from event limit 1`,
  erased_is_forgotten: `update customer set erased_at = now(), name = id, email = null, address = null, external_id = null, badge = null
    where id = (select min(customer_id) from contract)`,
  append_only_guarded: `alter table event disable trigger event_append_only`,
  no_iban_in_clear: `update event set data = '{"note":"from FR76 3000 6000 0112 3456 7890 189 by transfer"}' where id = (select min(id) from event)`,
  ...messageMutants,
  no_key_in_clear: `update event set data = '{"note":"sk_test_AbCdEfGhIjKlMnOpQrStUvWx"}' where id = (select min(id) from event)`,
  ...moneyMutants,
};

/** Further ways to break a rule that looks from two sides. */
const alsoBroken: readonly [string, string][] = [
  ['bank_effect_is_booked', `update bank_entry set booked = '{}', effect = 'noted' where effect = 'applied'`],
  ['suspensions_equal_changes', `delete from suspension`],
  [
    'lines_equal_payments',
    `update collection_line set payment_id = 'pay_gone' where id = (select min(id) from collection_line where state = 'settled')`,
  ],
  ['lines_are_kept', `update invoice_line set gross_cents = gross_cents + 1 where position = 1`],
  ['trail_chain_holds', `delete from event where id = (select min(event_id) from event_link)`],
  ['no_iban_in_clear', `update event set data = '["NO9386011117947"]' where id = (select min(id) from event)`],
  [
    'no_iban_in_clear',
    `update bank_entry set detail = '["NO9386011117947"]' where id = (select min(id) from bank_entry)`,
  ],
  ['references_stay_at_home', `delete from payment where id = (select min(payment_id) from payment_part)`],
  ['references_stay_at_home', `update invoice_line set instalment_id = 'ins_gone' where position = 1`],
  ['bank_effect_is_booked', `update bank_entry set booked = array['charge/1'] where effect = 'applied'`],
  ['schedules_equal_function', `update instalment set status = 'waived', amount_cents = 0 where status = 'scheduled'`],
  [
    'schedules_equal_function',
    `update instalment set due_on = due_on + 1, amount_cents = amount_cents - 1 where number = 3`,
  ],
  // Greater than what can be weighed.
  [
    'payments_equal_ledger',
    `update posting set amount_cents = 4000000000000000000 where id = (select min(id) from posting where payment_id is not null)`,
  ],
  ['schedules_equal_function', `update instalment set amount_cents = 4000000000000000000 where number = 3`],
  [
    'claims_equal_ledger',
    `delete from instalment where id = (select min(claim_id) from posting where claim_id like 'ins%')`,
  ],
  [
    'no_key_in_clear',
    `update job set payload = '{"note":"sk_live_AbCdEfGhIjKlMnOpQrStUvWx"}' where id = (select min(id) from job)`,
  ],
  [
    'message_to_its_customer',
    `update fee set customer_id = 'cus_other'; update message set subject_id = (select min(id) from fee)
      where id = (select min(id) from message)`,
  ],
];

/** Broken by the test of its own name below. */
const elsewhere = ['append_only_untouched'];

async function brokenNames(database: Database): Promise<Record<string, string[]>> {
  const findings = await examine(database);
  return Object.fromEntries(
    findings
      .filter(({ violations }) => violations.length > 0)
      .map((one) => [one.invariant.name, one.violations.map(({ id, detail }) => `${id} ${detail}`)]),
  );
}

describe('the doctor', () => {
  let engine: TestEngine;
  let other: string;
  beforeAll(async () => {
    engine = await startTestEngine();
    const { desk, contract, customer } = await memberOfClub(engine, '2010-07-05');
    await pay(desk, contract, 1, '2010-07-05');
    const suspension = { starts_on: '2010-07-22', days: 45, amount: 200, reason: 'Leg' };
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, suspension);
    const year = { name: 'Year', kind: 'membership', amount: 5000, term_months: 1, instalments: 1, auto_renew: true };
    const renewing = await desk.post('/v1/plans', year);
    const sold = { customer: customer.id, starts_on: '2010-07-05', method: 'cash' };
    await desk.post('/v1/contracts', { ...sold, plan: renewing.id });
    const publication = await desk.post('/v1/publications', { name: 'Review' });
    const rhythm = { first_on: '2010-07-10', count: 12, every_months: 1 };
    await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
    const issues = { name: 'Review', kind: 'issues', amount: 6000, issues: 6, publication: publication.id };
    const review = await desk.post('/v1/plans', issues);
    const subscription = await desk.post('/v1/contracts', { ...sold, plan: review.id });
    const gesture = { issues: 1, reason: 'Geste commercial' };
    await desk.post(`/v1/contracts/${subscription.id}/extensions`, gesture);
    const late = await lateMember(desk);
    await desk.post('/v1/test_clock/advance', { to: '2010-07-20' });
    await late.pays();
    expect((await instalment(desk, contract, 1)).status).toBe('paid');
    const { desk: bank, debits } = await club(engine, [5900]);
    await taken(bank, camt054(debits, { charge: 300 }));
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    await desk.post(`/v1/invoices/${invoice.id}/cancellation`, { amount: 1000, reason: 'Gesture' });
    const again = await desk.post('/v1/invoices', {
      contract: subscription.id,
      instalments: [(await instalment(desk, subscription, 1)).id],
    });
    await desk.post(`/v1/invoices/${again.id}/cancellation`, { still_owed: true, reason: 'Address' });
    expect((await fetchPdf(engine, desk, invoice.id)).status).toBe(200);
    await collectedClub(engine);
    other = (await engine.sandbox('2010-07-05')).organization.id;
    await linkTrail(engine.database);
  });
  afterAll(() => engine.stop());

  it('finds nothing on a club at work', async () => {
    expect(await brokenNames(engine.database)).toEqual({});
  });

  it('has a mutant for every rule', () => {
    expect([...Object.keys(mutants), ...elsewhere].sort()).toEqual(invariants.map(({ name }) => name).sort());
    expect(invariants.map(({ name }) => name)).toEqual(expect.arrayContaining([...longest]));
  });

  async function violationsOnceBroken(name: string, statements: string) {
    const trx = await engine.database.transaction();
    try {
      await trx.raw('set local session_replication_role = replica');
      await trx.raw(statements.replaceAll(':other', other));
      return await invariants.find((one) => one.name === name)?.find(trx);
    } finally {
      await trx.rollback();
    }
  }

  it.each(Object.entries(mutants))('%s is caught when broken', async (name, statements) => {
    expect(await violationsOnceBroken(name, statements)).not.toEqual([]);
  });

  it.each(alsoBroken)('%s is caught when broken by %s', async (name, statements) => {
    expect(await violationsOnceBroken(name, statements)).not.toEqual([]);
  });

  it.each([
    ['gives the tick time to find whom a write of the evening hid from the night', '1 minute', 0],
    ['gives it no longer than a quarter of an hour', '20 minutes', 1],
  ])('%s', async (_, ago, found) => {
    const invariant = invariants.find(({ name }) => name === 'nobody_waits_for_a_review');
    const trx = await engine.database.transaction();
    try {
      await trx.raw(`update daily_run set recorded_at = clock_timestamp() - interval '${ago}'`);
      await trx.raw(
        `update customer set access_review_on = opened_on from organization
         where organization.id = customer.organization_id and customer.id = (select min(customer_id) from contract)`,
      );
      expect(await invariant?.find(trx)).toHaveLength(found);
    } finally {
      await trx.rollback();
    }
  });

  it('leaves nothing running on the server when it is cut off', async () => {
    const database = connectDatabase(engine.databaseUrl, { max: 5 });
    let cutOff = () => undefined as unknown;
    const sleeps = {
      name: 'sleeps',
      says: '',
      find: async (trx: Trx) => {
        const { connection } = await trx.client.acquireConnection();
        cutOff = () => connection.stream.destroy();
        await trx.raw(`select pg_sleep(600) as doctor_asleep`);
        return [];
      },
    };
    const asleep = async () => {
      const { rows } = await engine.database.raw(
        `select pid from pg_stat_activity where state = 'active' and query like 'select pg_sleep(600) as doctor_asleep'`,
      );
      return rows.length;
    };
    const looking = examine(database, [sleeps]).catch(() => 'cut off');
    await expect.poll(asleep, { timeout: 20_000 }).toBe(1);
    cutOff();
    await expect.poll(asleep, { timeout: 20_000 }).toBe(0);
    expect(await looking).toBe('cut off');
    await database.destroy();
  });

  it('looks in transactions that cannot write', async () => {
    const writes = {
      name: 'writes',
      says: '',
      find: async (trx: Parameters<(typeof invariants)[0]['find']>[0]) => {
        await trx.raw(`update organization set name = 'x'`);
        return [];
      },
    };
    await expect(examine(engine.database, [writes])).rejects.toThrow('read-only');
  });

  it('append_only_untouched is caught when broken', async () => {
    await engine.database.raw('alter table event disable trigger event_append_only');
    await engine.database.transaction(async (trx) => {
      await trx.raw(`update event set actor = 'somebody' where id = (select min(id) from event)`);
    });
    await engine.database.raw('alter table event enable trigger event_append_only');
    await engine.database.raw('select pg_stat_force_next_flush()');
    await expect
      .poll(async () => Object.keys(await brokenNames(engine.database)), { timeout: 20_000 })
      .toEqual(['trail_chain_holds', 'append_only_untouched']);
  });
});
