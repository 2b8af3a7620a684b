/**
 * What a collection asks for and leaves out, decided by one statement, held against the pure decision on random
 * populations. The candidates of the pure side are put together here, row by row, from the plain tables.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Candidate, draftCollection, recheck } from '../../src/domain/collections/draft.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { EEA_COUNTRIES } from '../../src/domain/iban.ts';
import type { Mandate } from '../../src/domain/mandates.ts';
import { cents } from '../../src/domain/money.ts';
import { earliestCollection } from '../../src/domain/target-calendar.ts';
import { insertDraft, loadCollection, recheckLines } from '../../src/store/collections.ts';
import { connectDatabase, type Database, query, type Trx } from '../../src/store/database.ts';
import type { Json } from '../harness/engine.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { inOrganization } from './in-organization.ts';
import { insertPopulation, lots, TODAY } from './population.ts';

const UNTIL = addDays(TODAY, 20);
const rules = {
  today: TODAY,
  until_on: UNTIL,
  minimum_amount: cents(150),
  bank_wants_first: true,
  earliest_on: earliestCollection(TODAY, 2),
};

async function candidatesOf(trx: Trx): Promise<Candidate[]> {
  const all = (table: string) => query<Json>(trx, `select * from ${table} order by id`);
  const customers = await all('customer');
  const contracts = await all('contract');
  const mandates = await all('mandate');
  const instalments = await all('instalment');
  const payments = await all('payment');
  const promises = await all('promise');
  const parts = await query<Json>(trx, 'select * from payment_part');
  const contractOf = new Map(contracts.map((one) => [one.id, one]));
  const stateOf = new Map(payments.map((one) => [one.id, one.state]));
  const customerOf = new Map(customers.map((one) => [one.id, one]));

  const mandateFor = (customer: string, own: string | null): Json => {
    const theirs = mandates.filter((one) => one.customer_id === customer);
    const named = theirs.find((one) => one.id === own);
    const newestActive = theirs.filter((one) => one.state === 'active').at(-1);
    if (named?.state === 'active') return named;
    return newestActive ?? named ?? theirs.at(-1) ?? null;
  };
  const about = (customer: string, own: string | null) => {
    const person = customerOf.get(customer);
    const row = mandateFor(customer, own);
    const word = promises.filter((one) => one.customer_id === customer && one.withdrawn_on === null);
    return {
      customer,
      promised_until:
        word
          .map((one) => one.until_on as Day)
          .sort()
          .at(-1) ?? null,
      customer_deceased: person.deceased_on !== null,
      collections_stopped: person.collections_stopped_on !== null,
      address_known: person.address !== null,
      bank_outside_eea: row !== null && !EEA_COUNTRIES.includes(row.iban_country),
      mandate: row as Mandate | null,
    };
  };
  const asked = (claim: string) =>
    parts
      .filter((part) => part.claim_id === claim && stateOf.get(part.payment_id) === 'pending')
      .map((part) => part.amount_cents as number);

  const ofInstalments = instalments.flatMap((row): Candidate[] => {
    const contract = contractOf.get(row.contract_id);
    const represented = asked(row.id);
    const amount = (row.sold_cents ?? row.amount_cents) - row.covered_cents - represented.reduce((a, b) => a + b, 0);
    const open = row.status === 'scheduled' || row.status === 'rejected';
    const told = (row.status === 'collecting' || row.status === 'waived') && row.due_on > addDays(TODAY, -31);
    if (row.method !== 'direct_debit' || contract.deleted_at !== null || row.due_on > UNTIL) return [];
    if (!(open || told) || (represented.length > 0 && amount <= 0)) return [];
    return [
      {
        ...about(row.customer_id, contract.mandate_id),
        id: row.id,
        kind: 'instalment',
        contract: row.contract_id,
        amount: cents(amount),
        due_on: row.due_on,
        waived: row.status === 'waived',
        in_flight: row.status === 'collecting',
        rejected: row.status === 'rejected',
      },
    ];
  });
  const ofPayments = payments
    .filter((row) => row.state === 'pending' && row.method === 'direct_debit' && row.due_on <= UNTIL)
    .map(
      (row): Candidate => ({
        ...about(row.customer_id, row.mandate_id),
        id: row.id,
        kind: 'representment',
        contract: null,
        amount: cents(row.amount_cents),
        due_on: row.due_on,
        waived: false,
        in_flight: false,
        rejected: false,
      }),
    );
  // Of several debits on a one-off mandate the earliest is taken.
  return [...ofInstalments, ...ofPayments].sort((a, b) =>
    a.due_on === b.due_on ? (a.id < b.id ? -1 : 1) : a.due_on < b.due_on ? -1 : 1,
  );
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

async function written(trx: Trx, collection: string) {
  const lines = await query<{ id: string }>(
    trx,
    `select coalesce(instalment_id, payment_id) as id, case when instalment_id is null then 'representment' else 'instalment' end as kind,
       customer_id as customer, contract_id as contract, amount_cents as amount, due_on, collection_on, mandate_id as mandate,
       sequence_type, amendment
     from collection_line where collection_id = ? and state = 'drafted'`,
    [collection],
  );
  const left_out = await query<{ id: string; reason: string }>(
    trx,
    `select subject_id as id, kind, customer_id as customer, amount_cents as amount, due_on, reason
     from collection_left_out where collection_id = ?`,
    [collection],
  );
  return { lines: lines.sort(byId), left_out: left_out.sort(byId) };
}

describe('what a collection asks for, decided for all at once', () => {
  let database: Database;
  beforeAll(async () => {
    database = connectDatabase((await freshDatabase()).url);
  });
  afterAll(() => database.destroy());

  it.each([11, 12, 13, 14])(
    'population %i: draft and release ask for what the pure decision asks for',
    async (seed) => {
      await inOrganization(database, async (ctx, trx) => {
        Object.assign(ctx.organization.settings.collections, {
          minimum_amount: rules.minimum_amount,
          bank_wants_first: true,
          lead_days: 2,
        });
        await insertPopulation(trx, ctx.organization.id, seed, 500);
        const id = `col_01KAJ5M3T0F8Q2V7R9X4Y6Z${seed}A`;
        const before = draftCollection(await candidatesOf(trx), rules);
        await insertDraft(ctx, { id, until_on: UNTIL });
        const draft = await written(trx, id);
        expect(draft.lines).toEqual(before.lines.toSorted(byId));
        expect(draft.left_out).toEqual(before.left_out.toSorted(byId));
        expect(draft.lines.length).toBeGreaterThan(50);
        const reasons = new Set(draft.left_out.map(({ reason }) => reason));
        expect(reasons.size, [...reasons].join()).toBeGreaterThanOrEqual(11);

        await changeSomething(trx, seed);
        const after = recheck(before.lines, await candidatesOf(trx), rules);
        await recheckLines(ctx, await loadCollection(ctx, id, true));
        expect((await written(trx, id)).lines).toEqual(after.lines.toSorted(byId));
        const taken = await query<{ id: string }>(
          trx,
          `select coalesce(instalment_id, payment_id) as id, reason from collection_line where collection_id = ? and state = 'taken_out'`,
          [id],
        );
        const out = after.left_out.map(({ id: subject, reason }) => ({ id: subject, reason }));
        expect(taken.sort(byId)).toEqual(out.sort(byId));
        expect(taken.length).toBeGreaterThan(5);
      });
    },
  );
});

/** What may come between draft and release. */
async function changeSomething(trx: Trx, seed: number): Promise<void> {
  const { upTo } = lots(seed);
  const some = (table: string, share: number) =>
    `id in (select id from ${table} where abs(hashtext(id || '${upTo(1000)}')) % 100 < ${share})`;
  await trx.raw(`
    update instalment set status = 'cancelled' where ${some('instalment', 5)} and status = 'scheduled';
    update instalment set amount_cents = amount_cents + 1 where ${some('instalment', 5)} and sold_cents is null and status = 'scheduled';
    update instalment set due_on = due_on + 3 where ${some('instalment', 5)} and status = 'scheduled';
    update mandate set state = 'revoked', suspended_for = null where ${some('mandate', 5)};
    update mandate set account_change_untold = not account_change_untold where ${some('mandate', 10)};
    update customer set collections_stopped_on = '${TODAY}' where ${some('customer', 5)};
    update payment set state = 'cancelled' where ${some('payment', 5)} and state = 'pending'`);
}
