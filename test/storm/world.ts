/** The organizations that a storm works on: three desks, a clock that is moved forward, and a live one. */
import { addDays, type Day, dayIn } from '../../src/domain/day.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import type { Database } from '../../src/store/database.ts';
import type { Json } from '../harness/client.ts';
import { PersistentClient } from './client.ts';
import type { Random } from './random.ts';

export interface Desk {
  organization: string;
  today: Day;
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
  /** Taken at the desk. */
  payments: string[];
  invoices: string[];
}

export interface World {
  desks: Desk[];
  /** Its today is moved while the storm blows. */
  clock: Desk;
  /** Follows the wall clock, and has days to catch up with: it collects, invoices, reminds and writes mails. */
  live: Desk;
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
  for (let at = 0; at < 4; at += 1) {
    const isClock = at === 3;
    desks.push(await makeDesk(database, urls, chance, { turn: at, contracts: isClock ? 8 : contracts, live: false }));
  }
  const live = await makeDesk(database, urls, chance, { turn: 4, contracts, live: true });
  return { desks: desks.slice(0, 3), clock: desks[3] as Desk, live };
}

export const IBAN = 'FR76 3000 6000 0112 3456 7890 189';

const liveSettings = {
  creditor: { name: 'Live SAS', identifier: 'FR72ZZZ123456', iban: IBAN },
  invoicing: {
    seller: {
      name: 'Live SAS',
      legal_form: 'SAS',
      capital_amount: 5_000_000,
      register_entry: 'RCS Lyon 552 100 554',
      siren: '552100554',
      siret: '55210055400013',
      vat_number: 'FR79552100554',
      address: { street: '12 quai des Étroits', postcode: '69005', town: 'Lyon', country: 'FR' },
    },
  },
};

async function makeDesk(
  database: Database,
  urls: readonly string[],
  chance: Random,
  { turn, contracts, live }: { turn: number; contracts: number; live: boolean },
): Promise<Desk> {
  const now = new Date();
  const begun = live ? new Date(now.getTime() - LIVE_DAYS_BEHIND * 86_400_000) : now;
  const today = live ? dayIn('Europe/Paris', now) : TODAY;
  const { organization, apiKey } = await database.transaction(async (trx) => {
    const test_today = live ? null : TODAY;
    const identity = {
      name: `Desk ${turn}`,
      timezone: 'Europe/Paris',
      currency: 'EUR',
      locale: 'en',
      test_today,
    } as const;
    const made = await createOrganization(trx, identity, begun);
    const key = { organization_id: made.id, label: 'storm', role: 'admin', is_operator: false };
    return { organization: made.id, apiKey: await createApiKey(trx, key, new Date()) };
  });
  const client = new PersistentClient(urls, apiKey, turn);
  let keys = 0;
  const ask = async (method: string, path: string, body?: unknown): Promise<Json> => {
    keys += 1;
    const key = method === 'POST' ? `setup-${turn}-${keys}` : null;
    const outcome = await client.settle({ method, path, body, key, wait: 30 });
    if (outcome.status >= 300 || outcome.status === 202) throw new Error(`${path}: ${JSON.stringify(outcome.body)}`);
    return outcome.body;
  };
  const desk: Desk = { organization, today, apiKey, customers: [], plans: [], contracts: [] };
  if (live) await ask('PATCH', '/v1/organization', { settings: liveSettings });
  for (const plan of plans) desk.plans.push((await ask('POST', '/v1/plans', plan)).id);
  for (let at = 0; at < contracts; at += 1) {
    const customer = await ask('POST', '/v1/customers', { name: `Member ${at}`, email: `member-${at}@club.example` });
    desk.customers.push(customer.id);
    // Of a live desk the odd ones pay in cash, and all owe some months.
    const method = live && at % 2 === 1 ? 'cash' : 'direct_debit';
    if (live && method === 'direct_debit')
      await ask('POST', `/v1/customers/${customer.id}/mandates`, { iban: IBAN, signed_on: addDays(today, -200) });
    const contract = await ask('POST', '/v1/contracts', {
      customer: customer.id,
      plan: desk.plans[at % desk.plans.length],
      starts_on: addDays(today, live ? -chance.int(90, 160) : -chance.int(0, 40)),
      method,
    });
    const schedule = await ask('GET', `/v1/contracts/${contract.id}/schedule`);
    const due = schedule.instalments.filter((one: Json) => !live || one.due_on <= today);
    const instalments = due.map((one: Json) => one.id);
    desk.contracts.push({ id: contract.id, instalments, suspensions: [], payments: [], invoices: [] });
  }
  return desk;
}
