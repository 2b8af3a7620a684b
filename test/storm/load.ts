/**
 * The work of a storm: clerks who suspend, edit, stop, remove, sign and take payments, clerks of a live desk who deal with
 * money, and batches written straight into the database.
 */

import { writeContext } from '../../src/context.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { newId } from '../../src/ids.ts';
import { enqueueMany } from '../../src/jobs/enqueue.ts';
import type { Database } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Outcome, PersistentClient, type Request } from './client.ts';
import { later } from './closing.ts';
import { drawMoney, type Errand, type MoneyKind } from './money-clerk.ts';
import type { Random } from './random.ts';
import type { Desk, StormContract, World } from './world.ts';

export type Kind = 'suspend' | 'edit' | 'stop' | 'remove' | 'customer' | 'advance' | MoneyKind;

/** A request that was settled: accepted, or refused for a reason. */
export interface Settled {
  kind: Kind;
  organization: string;
  key: string;
  outcome: Outcome;
  /** Payments that the bank said came back. */
  told?: readonly string[];
}

export interface LoadResult {
  settled: Settled[];
  /** Jobs written straight into the database. */
  enqueued: string[];
  /** Answers that no client should see. */
  wrong: string[];
}

const FIRST = '2010-07-06' as Day;

function suspension(chance: Random) {
  const starts_on = addDays(FIRST, chance.int(0, 500));
  const length = chance.chance(0.15) ? { unlimited: true } : { days: chance.int(1, 120) };
  const amount = chance.chance(0.4) ? { amount: chance.pick([0, 200, 1500]) } : {};
  return { starts_on, ...length, ...amount, reason: chance.pick(['Jambe cassée', 'Holiday', 'Umzug']) };
}

/** Draws what a clerk does next. */
function draw(desk: Desk, chance: Random): { kind: Kind; contract?: StormContract; request: Omit<Request, 'key'> } {
  const contract = chance.pick(desk.contracts);
  const known = contract.suspensions.length > 0 ? chance.pick(contract.suspensions) : null;
  const die = chance.next();
  const wait = chance.chance(0.6) ? { wait: chance.pick([1, 5, 30]) } : {};
  const request = (method: string, path: string, body: unknown) => ({ method, path, body, ...wait });
  if (die < 0.12 && known) {
    const edit = chance.chance(0.5) ? { days: chance.int(1, 90) } : { starts_on: addDays(FIRST, chance.int(0, 500)) };
    return { kind: 'edit', contract, request: request('PATCH', `/v1/suspensions/${known}`, edit) };
  }
  if (die < 0.2 && known) {
    const on = addDays(FIRST, chance.int(0, 300));
    return { kind: 'stop', contract, request: request('POST', `/v1/suspensions/${known}/stop`, { on }) };
  }
  if (die < 0.4 && known)
    return { kind: 'remove', contract, request: request('DELETE', `/v1/suspensions/${known}`, {}) };
  if (die < 0.5) {
    const instalment = chance.pick(contract.instalments);
    const body = { paid_on: '2010-07-05', method: 'cash' };
    return { kind: 'pay', contract, request: request('POST', `/v1/instalments/${instalment}/payments`, body) };
  }
  if (die < 0.55) {
    const body = {
      customer: chance.pick(desk.customers),
      plan: chance.pick(desk.plans),
      starts_on: FIRST,
      method: 'cash',
    };
    return { kind: 'sign', request: request('POST', '/v1/contracts', body) };
  }
  if (die < 0.6) return { kind: 'customer', request: request('POST', '/v1/customers', { name: 'Somebody new' }) };
  return {
    kind: 'suspend',
    contract,
    request: request('POST', `/v1/contracts/${contract.id}/suspensions`, suspension(chance)),
  };
}

let clerks = 0;

export class Load {
  readonly result: LoadResult = { settled: [], enqueued: [], wrong: [] };
  private readonly urls: readonly string[];
  private readonly world: World;
  private readonly database: Database;
  private over = false;
  /** Requests that may still be sent; a storm hands them out between its kills. */
  private allowance = 0;
  private waiting: (() => void)[] = [];
  private readonly running: Promise<void>[] = [];

  constructor(urls: readonly string[], world: World, database: Database) {
    this.urls = urls;
    this.world = world;
    this.database = database;
  }

  start(chance: Random, clerksPerDesk: number): void {
    for (const desk of this.world.desks) {
      for (let at = 0; at < clerksPerDesk; at += 1) this.running.push(later(this.clerk(desk, chance.fork())));
    }
    for (let at = 0; at < 2 * clerksPerDesk; at += 1) {
      this.running.push(later(this.moneyClerk(this.world.live, chance.fork())));
    }
    // Two who move the same clock.
    this.running.push(later(this.clockKeeper(chance.fork())), later(this.clockKeeper(chance.fork())));
  }

  /** Lets the clerks send so many more requests. */
  allow(count: number): void {
    this.allowance += count;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Lets each go on who waits. */
  keepBusy(): void {
    if (this.waiting.length > 0) this.allow(this.waiting.length);
  }

  private async mayGo(): Promise<boolean> {
    while (this.allowance <= 0 && !this.over) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.allowance -= 1;
    return !this.over;
  }

  /** No new requests, and nobody waits for those under way: the storm is over, well or badly. */
  async giveUp(): Promise<void> {
    this.over = true;
    this.allow(0);
  }

  /** No new requests; waits until those under way are settled. */
  async finish(): Promise<void> {
    this.over = true;
    this.allow(0);
    await Promise.all(this.running);
  }

  /** Suspensions written straight into the database, as a sweep does. */
  async enqueue(chance: Random, count: number): Promise<void> {
    const desk = chance.pick(this.world.desks);
    const organization = await findOrganization(this.database, desk.organization);
    if (!organization) throw new Error('the desk is gone');
    const payloads = Array.from({ length: count }, () => ({
      input: {
        contract: chance.pick(desk.contracts).id,
        suspension: suspension(chance) as never,
        new_ids: { chg: Array.from({ length: 4 }, () => newId('chg')), sus: [newId('sus')] },
      },
    }));
    const ids = await this.database.transaction((trx) =>
      enqueueMany(writeContext(trx, organization, 'storm', new Date()), 'suspend-contract', payloads),
    );
    this.result.enqueued.push(...ids);
  }

  private async clerk(desk: Desk, chance: Random): Promise<void> {
    clerks += 1;
    const name = `clerk-${clerks}`;
    const client = new PersistentClient(this.urls, desk.apiKey, clerks);
    for (let at = 0; await this.mayGo(); at += 1) {
      const { kind, contract, request } = draw(desk, chance);
      const key = `${name}-${at}`;
      const outcome = await client.settle({ ...request, key });
      this.result.settled.push({ kind, organization: desk.organization, key, outcome });
      if (kind === 'suspend' && outcome.status === 201) contract?.suspensions.push(outcome.body.id);
    }
    this.result.wrong.push(...client.wrong);
  }

  private async moneyClerk(desk: Desk, chance: Random): Promise<void> {
    clerks += 1;
    const name = `till-${clerks}`;
    const client = new PersistentClient(this.urls, desk.apiKey, clerks);
    for (let at = 0; await this.mayGo(); at += 1) {
      let errand: Errand | undefined = drawMoney(desk, chance);
      for (let step = 0; errand; step += 1) {
        const key = `${name}-${at}-${step}`;
        const outcome = await client.settle({ ...errand.request, key });
        const { kind, told } = errand;
        this.result.settled.push({ kind, organization: desk.organization, key, outcome, ...(told ? { told } : {}) });
        errand = errand.next?.(outcome);
      }
    }
    this.result.wrong.push(...client.wrong);
  }

  private async clockKeeper(chance: Random): Promise<void> {
    clerks += 1;
    const name = `keeper-${clerks}`;
    const desk = this.world.clock;
    const client = new PersistentClient(this.urls, desk.apiKey, clerks);
    let today = '2010-07-05' as Day;
    for (let at = 0; await this.mayGo(); at += 1) {
      today = addDays(today, chance.int(1, 3));
      const key = `${name}-${at}`;
      const request = { method: 'POST', path: '/v1/test_clock/advance', body: { to: today }, key, wait: 30 };
      const outcome = await client.settle(request);
      this.result.settled.push({ kind: 'advance', organization: desk.organization, key, outcome });
      const { body } = await client.settle({ method: 'GET', path: '/v1/organization', body: undefined, key: null });
      today = body.today;
    }
    this.result.wrong.push(...client.wrong);
  }
}
