/** A club that collects by direct debit, for tests that speak HTTP. */
import type { Client, Json, TestEngine } from '../harness/engine.ts';

export const FRENCH = 'FR76 3000 6000 0112 3456 7890 189';
export const SWISS = 'CH93 0076 2011 6238 5295 7';

export interface Club {
  desk: Client;
  plan: Json;
  /** A member who pays 59.00 by direct debit on the 5th, from August on. */
  debtor(given?: { customer?: object; mandate?: object | null; contract?: object; iban?: string }): Promise<Debtor>;
  to(on: string): Promise<void>;
  draft(until_on?: string): Promise<Json>;
  release(id: string, confirm?: string[]): Promise<Json>;
  /** Drafts and releases everything up to a day. */
  collect(until_on?: string): Promise<Json>;
  owed(debtor: Debtor): Promise<number>;
  /** As the desk sees it; today's must be what the door says. */
  access(debtor: Debtor, on?: string): Promise<Json>;
}

export interface Debtor {
  customer: Json;
  mandate: Json;
  contract: Json;
  instalments(): Promise<Json[]>;
}

let badges = 0;

export const DUE = '2010-08-05';

export async function club(
  engine: TestEngine,
  given: { today?: string; settings?: object; plan?: object } = {},
): Promise<Club> {
  const desk = await engine.sandbox(given.today ?? '2010-08-02');
  const made = async (answer: Promise<{ status: number; body: Json }>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  if (given.settings) await made(desk.send('PATCH', '/v1/organization', { settings: given.settings }));
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5900, ...given.plan });
  const self: Club = {
    desk,
    plan,
    async debtor({ customer: person, mandate: permission, contract: terms, iban } = {}) {
      badges += 1;
      const customer = await desk.post('/v1/customers', { name: 'Anne Martin', badge: `B${badges}`, ...person });
      const signed = { iban: iban ?? FRENCH, signed_on: '2010-01-04', ...permission };
      const mandate = permission === null ? null : await desk.post(`/v1/customers/${customer.id}/mandates`, signed);
      const contract = await desk.post('/v1/contracts', {
        customer: customer.id,
        plan: plan.id,
        starts_on: '2010-07-05',
        first_due_on: DUE,
        method: 'direct_debit',
        ...terms,
      });
      return {
        customer,
        mandate,
        contract,
        instalments: async () => (await desk.get(`/v1/contracts/${contract.id}/schedule`)).body.instalments,
      };
    },
    to: async (on) => void (await made(desk.send('POST', '/v1/test_clock/advance', { to: on }))),
    draft: (until_on = DUE) => desk.post('/v1/collections', { until_on }),
    release: (id, confirm = []) => desk.post(`/v1/collections/${id}/release`, { confirm }),
    async collect(until_on = DUE) {
      return self.release((await self.draft(until_on)).id);
    },
    owed: async ({ customer }) => (await desk.get(`/v1/customers/${customer.id}/ledger`)).body.owed_amount,
    async access({ customer }, on) {
      const { body } = await desk.get(`/v1/customers/${customer.id}/access${on === undefined ? '' : `?on=${on}`}`);
      if (on !== undefined) return body;
      const door = (await desk.get(`/v1/badges/${customer.badge}/access`)).body;
      const said = [door.state, door.reason, door.since_on];
      if (`${said}` !== `${[body.state, body.reason, body.since_on]}`) throw new Error(`the door says ${said}`);
      return body;
    },
  };
  return self;
}

/** The status and code of an answer, for refusals. */
export async function refusal(answer: Promise<{ status: number; body: Json }>): Promise<[number, string]> {
  const { status, body } = await answer;
  return [status, body.code];
}
