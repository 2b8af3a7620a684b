/** What happens at once to one collection: every race is run with ten at the same time, and the books hold after each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeContext } from '../../src/context.ts';
import { accessInvariants } from '../../src/doctor/access.ts';
import { collectionInvariants } from '../../src/doctor/collections.ts';
import { examine } from '../../src/doctor/examine.ts';
import { moneyInvariants } from '../../src/doctor/money.ts';
import { newId } from '../../src/ids.ts';
import { draftCollection } from '../../src/services/draft-collection.ts';
import { releaseLines, writeCollectionFile } from '../../src/services/release-collection.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Club, club, type Debtor, DUE } from './collecting.ts';

const RUNS = 10;
const times = (n: number) => Array.from({ length: n }, (_, at) => at);

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** A worker's transaction of the club's organization. */
async function atWork<T>(gym: Club, work: (ctx: ReturnType<typeof writeContext>) => Promise<T>): Promise<T> {
  return engine.database.transaction(async (trx) => {
    const organization = await findOrganization(trx, gym.desk.organization.id);
    return work(writeContext(trx, organization as never, 'worker', new Date()));
  });
}

/** How often each debtor is with the bank. */
async function live(debtors: readonly Debtor[]): Promise<number[]> {
  const { rows } = await engine.database.raw(
    `select customer_id as id, count(*)::int as n from collection_line where state = 'in_flight' group by 1`,
  );
  const counts = new Map((rows as { id: string; n: number }[]).map(({ id, n }) => [id, n]));
  return debtors.map(({ customer }) => counts.get(customer.id) ?? 0);
}

async function booksHold(): Promise<void> {
  const found = await examine(engine.database, [...moneyInvariants, ...collectionInvariants, ...accessInvariants]);
  expect(found.filter(({ violations }) => violations.length > 0).map(({ violations }) => violations)).toEqual([]);
}

describe('at the same time', () => {
  it('ten workers draft and release the same collection: it is written once', async () => {
    const gym = await club(engine);
    const debtor = await gym.debtor();
    const id = newId('col');
    await Promise.all(
      times(RUNS).map(() => atWork(gym, (ctx) => draftCollection(ctx, { id, until_on: DUE as never }))),
    );
    const input = { collection: id, confirm: [] };
    const released = await Promise.all(times(RUNS).map(() => atWork(gym, (ctx) => releaseLines(ctx, input))));
    expect(released.filter((lines) => lines !== null)).toEqual([1]);
    const written = await Promise.all(times(RUNS).map(() => atWork(gym, (ctx) => writeCollectionFile(ctx, id))));
    expect(written.filter((bytes) => bytes !== null)).toHaveLength(1);
    expect(await live([debtor])).toEqual([1]);
    await booksHold();
  });

  it('ten drafts of the same day are released at once: each instalment is with the bank once', async () => {
    const gym = await club(engine);
    const debtors = await Promise.all(times(3).map(() => gym.debtor()));
    const drafts = times(RUNS).map(() => newId('col'));
    await Promise.all(drafts.map((id) => atWork(gym, (ctx) => draftCollection(ctx, { id, until_on: DUE as never }))));
    const answers = await Promise.all(drafts.map((id) => gym.desk.send('POST', `/v1/collections/${id}/release`, {})));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(new Set(codes)).toEqual(new Set(['collection_empty']));
    expect(await live(debtors)).toEqual([1, 1, 1]);
    await booksHold();
  });

  it('a payment at the desk races a draft and its release: it is paid or with the bank, never both', async () => {
    const gym = await club(engine);
    // Nobody pays for the last one, so that the collection is never empty.
    const debtors = await Promise.all(times(RUNS + 1).map(() => gym.debtor()));
    const first = await Promise.all(debtors.map(async (debtor) => (await debtor.instalments())[0].id));
    const pay = (id: string) =>
      gym.desk.send('POST', `/v1/instalments/${id}/payments`, { paid_on: '2010-08-02', method: 'cash' });
    const [draft, ...early] = await Promise.all([gym.draft(), ...first.slice(0, 5).map(pay)]);
    expect(early.map(({ status }) => status)).toEqual(times(5).map(() => 201));
    const [released, ...late] = await Promise.all([gym.release(draft.id), ...first.slice(5, RUNS).map(pay)]);
    expect(late.filter(({ status, body }) => status !== 201 && body.code !== 'claim_in_flight')).toEqual([]);
    const paid = [...early, ...late].map(({ status }) => (status === 201 ? 1 : 0));
    const flying = await live(debtors);
    expect(flying[RUNS]).toBe(1);
    expect(paid.map((one, at) => one + (flying[at] as number))).toEqual(times(RUNS).map(() => 1));
    expect(released.lines).toHaveLength(flying.filter((one) => one === 1).length);
    await booksHold();
  });

  it('suspensions and cancellations race a release: what is with the bank is what the schedule says it is', async () => {
    const gym = await club(engine);
    const debtors = await Promise.all(times(RUNS).map(() => gym.debtor()));
    const draft = await gym.draft();
    const change = ({ contract }: Debtor, at: number) =>
      at % 2 === 0
        ? gym.desk.send('POST', `/v1/contracts/${contract.id}/suspensions`, {
            starts_on: '2010-07-22',
            days: 45,
            amount: 200,
            reason: 'Leg',
          })
        : gym.desk.send('POST', `/v1/contracts/${contract.id}/cancellation`, { on: '2010-08-02', reason: 'Moved' });
    const [released, ...changed] = await Promise.all([
      gym.desk.send('POST', `/v1/collections/${draft.id}/release`, {}),
      ...debtors.map(change),
    ]);
    expect(changed.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    expect(['released', 'collection_empty']).toContain(
      released.body.status === 'released' ? 'released' : released.body.code,
    );
    for (const debtor of debtors) {
      const [instalment] = await debtor.instalments();
      const [flying] = await live([debtor]);
      const line = (released.body.lines ?? []).find((one: Json) => one.customer === debtor.customer.id);
      expect(flying).toBe(line === undefined ? 0 : 1);
      if (line !== undefined) expect([instalment.status, instalment.amount]).toEqual(['collecting', line.amount]);
      else expect(['scheduled', 'cancelled']).toContain(instalment.status);
    }
    await booksHold();
  });

  it('ten withdrawals and a word that it was sent: one of them, once', async () => {
    const gym = await club(engine);
    const debtor = await gym.debtor();
    const released = await gym.collect();
    const path = `/v1/collections/${released.id}`;
    const answers = await Promise.all([
      gym.desk.send('POST', `${path}/sent`),
      ...times(RUNS).map(() => gym.desk.send('POST', `${path}/withdrawal`, { reason: 'Wrong day' })),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const { body } = await gym.desk.get(path);
    expect(await live([debtor])).toEqual([body.status === 'sent' ? 1 : 0]);
    const { rows } = await engine.database.raw(
      `select count(*)::int as n from posting where starts_with(cause, 'withdrawn:') and customer_id = ?`,
      [debtor.customer.id],
    );
    expect(rows[0].n).toBe(body.status === 'sent' ? 0 : 1);
    await booksHold();
  });
});
