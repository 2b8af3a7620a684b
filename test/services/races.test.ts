/** Two who want different things of the same row at the same moment: one of them, or both in some order, and the books hold. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newIds } from '../../api/kit/new-ids.ts';
import { type Context, writeContext } from '../../src/context.ts';
import { examine } from '../../src/doctor/examine.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { newId } from '../../src/ids.ts';
import { importBankReturn } from '../../src/services/import-bank-return.ts';
import { openDay } from '../../src/services/open-day.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { presumeSettled } from '../../src/services/presume-settled.ts';
import { refreshAccess, refreshAccessOfMany } from '../../src/services/refresh-access.ts';
import { cancelCollection, releaseLines, writeCollectionFile } from '../../src/services/release-collection.ts';
import { sellWhatFallsDue } from '../../src/services/sell-due.ts';
import { keepBankMessage } from '../../src/store/bank-messages.ts';
import { lockCustomers } from '../../src/store/customer-money.ts';
import { query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { CONNECTIONS, type Race, startRace } from '../harness/race.ts';
import { camt054, club, type Debit, owed } from '../http/bank-club.ts';
import { member, sell } from '../http/membership.ts';

let engine: TestEngine;
let race: Race;
beforeAll(async () => {
  engine = await startTestEngine();
  race = startRace(engine.databaseUrl);
});
afterAll(async () => {
  await race.stop();
  await engine.stop();
});

const members = (count: number) => Array.from({ length: count }, () => 5900);

async function rulesHold(): Promise<void> {
  const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  expect(race.together()).toBeGreaterThanOrEqual(CONNECTIONS);
}

it('a collection is released once or given up, and no cancelled instalment is with the bank', async () => {
  const { desk, collection, debits } = await club(engine, members(14), { draft: true, today: '2026-11-23' });
  const confirm = collection.findings.map(({ code }: Json) => code);
  const release = (ctx: Context) => releaseLines(ctx, { collection: collection.id, confirm });
  const giveUp = (ctx: Context) => cancelCollection(ctx, collection.id);
  const cancellations = debits.map(({ contract }) => (ctx: Context) => {
    const cancellation = { on: '2026-11-24', reason: 'Moving away' };
    return commitOperation(ctx, 'cancel-contract', operations['cancel-contract'], {
      contract,
      cancellation,
      new_ids: newIds(),
    });
  });
  const half = cancellations.length / 2;
  const works = [...cancellations.slice(0, half), release, giveUp, release, ...cancellations.slice(half)];
  const outcomes = await race.run(desk.organization.id, ...works);
  const [first, gaveUp, second] = outcomes.slice(half, half + 3);
  const released = [first, second].filter((one) => typeof one?.result === 'number');
  expect(released.length + (gaveUp?.refused === undefined ? 1 : 0), 'one of the two').toBe(1);
  if (released.length === 1) await race.run(desk.organization.id, (ctx) => writeCollectionFile(ctx, collection.id));
  const rows = await query<{ line: string; status: string }>(
    race.database,
    `select line.state as line, i.status from collection_line line join instalment i on i.id = line.instalment_id
     where line.collection_id = ?`,
    [collection.id],
  );
  const seen = new Set(rows.map(({ line, status }) => `${line} ${status}`));
  const allowed =
    released.length === 1 ? ['in_flight collecting', 'taken_out cancelled'] : ['drafted', 'taken_out', 'cancelled'];
  for (const one of seen)
    expect(
      allowed.some((start) => one.startsWith(start)),
      one,
    ).toBe(true);
  await rulesHold();
});

it('a return is booked once, whoever reminds its customer or hands it in again at that moment', async () => {
  const { desk, debits } = await club(engine, members(8));
  const file = Buffer.from(camt054(debits));
  const [kept] = await race.run(desk.organization.id, (ctx) => keepBankMessage(ctx, newId('brt'), file));
  const handedIn = kept?.result as string;
  const imports = Array.from({ length: 4 }, () => (ctx: Context) => importBankReturn(ctx, handedIn));
  const reminders = [...debits, ...debits].map(({ contract }) => (ctx: Context) => {
    const input = { contract, new_reminder: newId('rem') };
    return commitOperation(ctx, 'remind-by-hand', operations['remind-by-hand'], input);
  });
  const outcomes = await race.run(desk.organization.id, ...imports, ...reminders);
  expect(outcomes.slice(0, imports.length)).toEqual(imports.map(() => ({ result: undefined })));
  for (const { refused } of outcomes.slice(imports.length))
    expect([undefined, 'reminder_nothing_due', 'reminder_money_in_flight', 'reminder_already_today']).toContain(
      refused,
    );
  const rows = await query<{ rejections: number; reminders: number }>(
    race.database,
    `select p.rejections, (select count(*) from message m where m.customer_id = p.customer_id and m.kind = 'payment_reminder') as reminders
     from payment p where p.id = any(?::text[])`,
    [debits.map(({ payment }) => payment)],
  );
  expect(rows.map(({ rejections }) => rejections)).toEqual(debits.map(() => 1));
  for (const { reminders } of rows) expect(reminders).toBeLessThanOrEqual(1);
  for (const { customer } of debits) expect(await owed(desk, customer)).toBe(6900);
  await rulesHold();
});

it('of edits made on the same version one is done; without a version the last one holds', async () => {
  const { desk, contract } = await member(engine, '2026-11-23', { plan: { term_months: 12, instalments: 12 } });
  const suspension = { starts_on: '2027-01-01', days: 31, reason: 'Leg' };
  const { id, version } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, suspension);
  const edit = (days: number, if_version?: number) => (ctx: Context) =>
    commitOperation(
      ctx,
      'edit-suspension',
      operations['edit-suspension'],
      { suspension: id, edit: { days }, new_ids: newIds() },
      if_version === undefined ? {} : { if_version },
    );
  const days = Array.from({ length: CONNECTIONS + 4 }, (_, at) => 10 + at);
  const same = await race.run(desk.organization.id, ...days.map((count) => edit(count, version)));
  expect(same.filter(({ refused }) => refused === undefined)).toHaveLength(1);
  expect(same.filter(({ refused }) => refused === 'stale_version')).toHaveLength(days.length - 1);

  const free = await race.run(desk.organization.id, ...days.map((count) => edit(40 + count)));
  expect(free.filter(({ refused }) => refused !== undefined)).toEqual([]);
  const edits = await query<{ ends_on: string }>(
    race.database,
    `select data ->> 'ends_on' as ends_on from contract_change where contract_id = ? and kind = 'suspension_edited' order by seq`,
    [contract.id],
  );
  expect(edits).toHaveLength(1 + days.length);
  const { body } = await desk.get(`/v1/contracts/${contract.id}/suspensions`);
  expect(body.data.map((one: Json) => one.ends_on)).toEqual([edits.at(-1)?.ends_on]);
  await rulesHold();
});

it('a clerk who began before the days of grace were changed keeps nobody out by the old ones', async () => {
  const { desk, customer } = await member(engine, '2010-07-05', { contract: { first_due_on: '2010-07-05' } });
  await desk.post('/v1/test_clock/advance', { to: '2010-07-07' });
  const state = async () => (await engine.database('customer').where({ id: customer.id }).first()).access_state;
  expect(await state()).toBe('blocked');
  const before = await findOrganization(engine.database, desk.organization.id);
  await desk.send('PATCH', '/v1/organization', { settings: { grace_days: 13 } });
  await expect.poll(state).toBe('active');
  await engine.database.transaction(async (trx) => {
    const late = writeContext(trx, before as NonNullable<typeof before>, 'test', new Date());
    await lockCustomers(late, [customer.id]);
    await refreshAccess(late, [customer.id]);
  });
  expect(await state()).toBe('active');
  await engine.database.transaction(async (trx) => {
    const late = writeContext(trx, before as NonNullable<typeof before>, 'test', new Date());
    await refreshAccessOfMany(late, [customer.id]);
  });
  expect(await state()).toBe('active');
});

it('days of grace are changed while a clerk locks one customer after the other', async () => {
  const { desk, customer: first } = await member(engine, '2010-07-05');
  const second = await desk.post('/v1/customers', { name: 'Jean Petit' });
  // Its row is now the last one that a scan comes to, though its id is the lowest.
  await desk.send('PATCH', `/v1/customers/${first.id}`, { name: 'Anne Petit' });
  const organization = await findOrganization(engine.database, desk.organization.id);
  let change: Promise<{ status: number }> | undefined;
  await engine.database.transaction(async (trx) => {
    const clerk = writeContext(trx, organization as NonNullable<typeof organization>, 'test', new Date());
    await lockCustomers(clerk, [first.id]);
    change = desk.send('PATCH', '/v1/organization', { settings: { grace_days: 13 } });
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await query(race.database, waiting, [])).length, { timeout: 20_000 }).toBe(1);
    await lockCustomers(clerk, [second.id]);
  });
  expect((await change)?.status).toBe(200);
});

it('a request that waits for somebody who waits for it begins anew, and is answered', async () => {
  const { desk, customer: first } = await member(engine, '2010-07-05');
  const second = await desk.post('/v1/customers', { name: 'Jean Petit' });
  const before = await race.deadlocks();
  let change: Promise<{ status: number }> | undefined;
  await clerkFirst(
    desk,
    second.id,
    async () => {
      change = desk.send('PATCH', '/v1/organization', { settings: { grace_days: 13 } });
      await change;
    },
    (clerk) => lockCustomers(clerk, [first.id]),
  );
  expect((await change)?.status).toBe(200);
  await expect.poll(() => race.deadlocks(), { timeout: 20_000 }).toBeGreaterThan(before);
});

/** A clerk has a customer and a night begins; once the night waits, or is over, the clerk asks for more. */
async function clerkFirst(
  desk: Client,
  customer: string,
  work: (ctx: Context) => Promise<unknown>,
  more: (clerk: Context) => Promise<unknown>,
): Promise<void> {
  const organization = await findOrganization(race.database, desk.organization.id);
  let night: Promise<unknown> = Promise.resolve();
  await engine.database.transaction(async (trx) => {
    const clerk = writeContext(trx, organization as NonNullable<typeof organization>, 'test', new Date());
    await lockCustomers(clerk, [customer]);
    let isOver = false;
    night = race.run(desk.organization.id, work).finally(() => {
      isOver = true;
    });
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    const isWaiting = async () => (await query(race.database, waiting, [])).length > 0;
    await expect.poll(async () => isOver || (await isWaiting()), { timeout: 20_000 }).toBe(true);
    await more(clerk);
  });
  await night;
}

it.each([
  ['sells what falls due', sellWhatFallsDue, 'instalment'],
  ['counts silent debits as paid', presumeSettled, 'collection_line'],
] as const)('a night that %s waits for a clerk, and not the clerk for the night', async (_, work, table) => {
  const { desk, debits } = await club(engine, members(2));
  const [{ customer }] = debits as [Debit];
  const money = { paid_on: '2026-11-26', method: 'cash', amount: 20_000 };
  await desk.post(`/v1/customers/${customer}/payments`, money);
  await clerkFirst(
    desk,
    customer,
    (ctx) => work({ ...ctx, today: addDays(ctx.today, 60) }),
    ({ trx }) => trx.raw(`select 1 from ${table} where customer_id = ? for update nowait`, [customer]),
  );
});

it('a night takes customers in their order, whichever of its work each is for', async () => {
  const {
    desk,
    plan,
    customer: first,
  } = await member(engine, '2010-07-05', {
    contract: { first_due_on: '2010-08-05' },
  });
  const second = await desk.post('/v1/customers', { name: 'Jean Petit' });
  await sell(desk, second, plan, { starts_on: '2010-07-05', first_due_on: '2010-07-06' });
  await engine.database('customer').where({ id: first.id }).update({ access_review_on: '2010-07-06' });
  await clerkFirst(
    desk,
    first.id,
    (ctx) => openDay(ctx, '2010-07-06' as Day),
    ({ trx }) => trx.raw('select 1 from customer where id = ? for update nowait', [second.id]),
  );
});
