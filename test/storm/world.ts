/** The organizations that a storm works on: three desks, a clock that is moved forward, and a live one. */
import { addDays, type Day } from '../../src/domain/day.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import type { Database } from '../../src/store/database.ts';
import type { Json } from '../harness/client.ts';
import { PersistentClient } from './client.ts';
import type { Random } from './random.ts';

export interface Desk {
  organization: string;
  apiKey: string;
  customers: string[];
  plans: string[];
  contracts: StormContract[];
}

export interface StormContract {
  id: string;
  instalments: string[];
  /** Suspensions that a client has heard of. */
  suspensions: string[];
}

export interface World {
  desks: Desk[];
  /** Its today is moved while the storm blows. */
  clock: Desk;
  /** Follows the wall clock, and has days to catch up with. */
  live: string;
}

const TODAY = '2010-07-05' as Day;
const LIVE_DAYS_BEHIND = 1;

const plans = [
  { name: 'Open-ended', kind: 'membership', amount: 5900 },
  {
    name: 'Year, nothing moves',
    kind: 'membership',
    amount: 5000,
    term_months: 12,
    instalments: 12,
    freeze: { active: true },
  },
  { name: 'Year, all moves', kind: 'membership', amount: 4500, term_months: 12, instalments: 12 },
  {
    name: 'Year, discount',
    kind: 'membership',
    amount: 3999,
    term_months: 12,
    instalments: 12,
    freeze: { active: true, discount_bps: 4000 },
  },
];

export async function makeWorld(
  database: Database,
  urls: readonly string[],
  chance: Random,
  contracts: number,
): Promise<World> {
  const desks: Desk[] = [];
  for (let at = 0; at < 4; at += 1) desks.push(await makeDesk(database, urls, chance, at === 3 ? 8 : contracts, at));
  const live = await database.transaction((trx) => {
    const begun = new Date(Date.now() - LIVE_DAYS_BEHIND * 86_400_000);
    return createOrganization(
      trx,
      { name: 'Live', timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: null },
      begun,
    );
  });
  return { desks: desks.slice(0, 3), clock: desks[3] as Desk, live: live.id };
}

async function makeDesk(
  database: Database,
  urls: readonly string[],
  chance: Random,
  contracts: number,
  turn: number,
): Promise<Desk> {
  const { organization, apiKey } = await database.transaction(async (trx) => {
    const made = await createOrganization(
      trx,
      { name: `Desk ${turn}`, timezone: 'Europe/Paris', currency: 'EUR', locale: 'en', test_today: TODAY },
      new Date(),
    );
    const key = { organization_id: made.id, label: 'storm', role: 'admin', is_operator: false };
    return { organization: made.id, apiKey: await createApiKey(trx, key, new Date()) };
  });
  const client = new PersistentClient(urls, apiKey, turn);
  let keys = 0;
  const post = async (path: string, body: unknown): Promise<Json> => {
    keys += 1;
    const outcome = await client.settle({ method: 'POST', path, body, key: `setup-${turn}-${keys}`, wait: 30 });
    if (outcome.status !== 201) throw new Error(`${path}: ${JSON.stringify(outcome.body)}`);
    return outcome.body;
  };
  const desk: Desk = { organization, apiKey, customers: [], plans: [], contracts: [] };
  for (const plan of plans) desk.plans.push((await post('/v1/plans', plan)).id);
  for (let at = 0; at < contracts; at += 1) {
    const customer = await post('/v1/customers', { name: `Member ${at}` });
    desk.customers.push(customer.id);
    const contract = await post('/v1/contracts', {
      customer: customer.id,
      plan: desk.plans[at % desk.plans.length],
      starts_on: addDays(TODAY, -chance.int(0, 40)),
      method: 'direct_debit',
    });
    const schedule = await client.settle({
      method: 'GET',
      path: `/v1/contracts/${contract.id}/schedule`,
      body: undefined,
      key: null,
    });
    desk.contracts.push({
      id: contract.id,
      instalments: schedule.body.instalments.map((one: Json) => one.id),
      suspensions: [],
    });
  }
  return desk;
}
