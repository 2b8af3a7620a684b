/** Single requests that lead to a named place in the engine, each on something that no other has touched. */
import { addDays, type Day } from '../../src/domain/day.ts';
import type { Json } from '../harness/client.ts';
import { bankReturn, type ReturnedDebit } from './bank-file.ts';
import { type Outcome, PersistentClient, type Request } from './client.ts';
import type { Kind, LoadResult } from './load.ts';
import { type Desk, IBAN, type World } from './world.ts';

export type ErrandName = 'suspend' | 'pay' | 'remind' | 'invoice' | 'debit' | 'advance';

/** Another errand's collection has released the debits meanwhile. */
const OTHERS_DEBITS = ['collection_empty', 'release_unconfirmed', 'collection_state_forbids'];

export class Errands {
  readonly result: LoadResult = { settled: [], enqueued: [], wrong: [] };
  private readonly urls: readonly string[];
  private readonly world: World;
  private done = 0;
  private asked = 0;

  constructor(urls: readonly string[], world: World) {
    this.urls = urls;
    this.world = world;
  }

  /** @returns when the last request of it is answered */
  async run(name: ErrandName): Promise<void> {
    this.done += 1;
    switch (name) {
      case 'suspend': {
        const [desk] = this.world.desks as [Desk];
        const { id } = desk.contracts[this.done % desk.contracts.length]!;
        const starts_on = addDays(desk.today, 10 + this.done);
        const body = { starts_on, days: 40, amount: 200, reason: 'Holiday' };
        await this.ask(desk, 'suspend', { method: 'POST', path: `/v1/contracts/${id}/suspensions`, body });
        return;
      }
      case 'advance': {
        const { clock } = this.world;
        clock.today = addDays(clock.today, 1);
        await this.ask(clock, 'advance', { method: 'POST', path: '/v1/test_clock/advance', body: { to: clock.today } });
        return;
      }
      case 'pay':
        await this.pay(await this.contract('cash'));
        return;
      case 'remind': {
        const { id } = await this.contract('cash');
        await this.ask(this.world.live, 'remind', { method: 'POST', path: `/v1/contracts/${id}/reminders`, body: {} });
        return;
      }
      case 'invoice': {
        const contract = await this.contract('cash');
        await this.pay(contract);
        await this.ask(this.world.live, 'invoice', {
          method: 'POST',
          path: '/v1/invoices',
          body: { contract: contract.id },
        });
        return;
      }
      case 'debit':
        return this.debit();
    }
  }

  private async pay(contract: Json): Promise<void> {
    const { today } = this.world.live;
    const path = `/v1/instalments/${contract.instalment}/payments`;
    await this.ask(this.world.live, 'pay', { method: 'POST', path, body: { paid_on: today, method: 'cash' } });
  }

  /** A debtor, drafted, released and returned. */
  private async debit(): Promise<void> {
    const { live } = this.world;
    const { body } = await this.released();
    const debits = (body.lines as Json[]).slice(0, 1);
    const xml = bankReturn(body.message_id, debits as ReturnedDebit[], live.today);
    const told = debits.map(({ payment }) => payment as string);
    await this.ask(live, 'return', { method: 'POST', path: '/v1/bank_returns', body: undefined, xml }, told);
  }

  private async released(): Promise<Outcome> {
    const { live } = this.world;
    for (;;) {
      await this.contract('direct_debit');
      const until_on = addDays(live.today, this.done % 60);
      const draft = await this.ask(live, 'draft', { method: 'POST', path: '/v1/collections', body: { until_on } });
      const confirm = [...new Set((draft.body.findings as Json[]).map(({ code }) => code))];
      const path = `/v1/collections/${draft.body.id}/release`;
      const release = await this.ask(live, 'release', { method: 'POST', path, body: { confirm } }, [], OTHERS_DEBITS);
      if (release.status === 200) return release;
    }
  }

  /** A new member of the live desk, who owes since last month. */
  private async contract(method: 'cash' | 'direct_debit'): Promise<Json> {
    const { live } = this.world;
    const customer = await this.ask(live, 'customer', {
      method: 'POST',
      path: '/v1/customers',
      body: { name: 'Somebody new', email: `new-${this.done}@club.example` },
    });
    const { id } = customer.body;
    if (method === 'direct_debit') {
      const body = { iban: IBAN, signed_on: addDays(live.today, -200) };
      await this.ask(live, 'mandate', { method: 'POST', path: `/v1/customers/${id}/mandates`, body });
    }
    const starts_on = addDays(live.today, -20) as Day;
    const body = { customer: id, plan: live.plans[0], starts_on, method };
    const contract = await this.ask(live, 'sign', { method: 'POST', path: '/v1/contracts', body });
    const schedule = await this.ask(live, null, {
      method: 'GET',
      path: `/v1/contracts/${contract.body.id}/schedule`,
      body: undefined,
    });
    return { ...contract.body, instalment: schedule.body.instalments[0].id };
  }

  /** Asks until it is done. @param kind null for a request that reads */
  private async ask(
    desk: Desk,
    kind: Kind | 'mandate' | null,
    request: Omit<Request, 'key'>,
    told: readonly string[] = [],
    mayBeRefused: readonly string[] = [],
  ): Promise<Outcome> {
    this.asked += 1;
    const key = kind === null ? null : `errand-${this.asked}`;
    const client = new PersistentClient(this.urls, desk.apiKey, this.done);
    let outcome: Outcome;
    do outcome = await client.settle({ ...request, key, wait: 30 });
    while (outcome.status === 202);
    this.result.wrong.push(...client.wrong);
    if (outcome.status >= 300 && !mayBeRefused.includes(outcome.body.code))
      this.result.wrong.push(`${request.path}: ${JSON.stringify(outcome.body)}`);
    if (kind !== null && kind !== 'mandate' && key !== null)
      this.result.settled.push({ kind, organization: desk.organization, key, outcome, told });
    return outcome;
  }
}
