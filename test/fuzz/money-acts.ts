/**
 * What a desk, a bank and a night do to the money of a few members: each act is drawn at random, about something that is
 * there and that most often allows it.
 */
import type { Route } from '../../api/kit/route.ts';
import { routes } from '../../api/routes/index.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { type Database, query } from '../../src/store/database.ts';
import type { Json } from '../harness/engine.ts';
import { camt054, collectedOf, pain002 } from '../http/bank-club.ts';
import { FRENCH, SWISS } from '../http/collecting.ts';
import type { Random } from '../storm/random.ts';
import { nameOf } from './draw.ts';

/** A request: its route, the id in its path, and what it carries. */
export interface Act {
  route: Route;
  id?: string;
  body?: Json;
  /** A bank's file. */
  file?: string;
}

export interface Story {
  database: Database;
  organization: string;
  plans: readonly string[];
  chance: Random;
  today: Day;
}

interface Drawn extends Omit<Act, 'route'> {
  /** As the document names it. */
  route: string;
}

type Draw = (story: Story) => Promise<Drawn | null>;

export const ADDRESS = { street: '8 rue des Lilas', postcode: '44300', town: 'Nantes', country: 'FR' };
const byHand = ['cheque', 'cash', 'card', 'transfer'];
const anyMethod = [...byHand, 'direct_debit'];
/** Whom a bank tells to be dead is not collected from any more. */
const reasons = ['AM04', 'AM04', 'AM04', 'AM04', 'AM04', 'MS02', 'MS02', 'ZZZZ', 'AC04', 'MD01'];

/** One of what a query finds; null: nothing. */
async function one(story: Story, sql: string): Promise<Json> {
  const rows = await query<Json>(story.database, `select * from (${sql}) found order by id`, [story.organization]);
  return rows.length === 0 ? null : story.chance.pick(rows);
}

const day = ({ chance, today }: Story, from: number, to: number) => addDays(today, chance.int(from, to));
/** A round amount, an odd one, or one that nothing comes to. */
const amount = ({ chance }: Story) => chance.pick([chance.int(1, 120) * 100, chance.int(1, 9999), 5900, 1]);
const maybe = ({ chance }: Story, share: number, fields: object) => (chance.chance(share) ? fields : {});

/** An act about the id that a query finds. */
const about =
  (route: string, sql: string, body: (story: Story, found: Json) => Json = () => undefined): Draw =>
  async (story) => {
    const found = await one(story, sql);
    return found && { route, id: found.id, body: body(story, found) };
  };

const customers = 'select id from customer where organization_id = ?';
const contracts = 'select id from contract where organization_id = ? and deleted_at is null';
const anyContract = 'select id from contract where organization_id = ?';
/** Those that are due, or soon will be. */
const instalments = `select i.id from instalment i join organization o on o.id = i.organization_id
  where i.organization_id = ? and i.due_on < o.test_today + 60`;
const fees = 'select id from fee where organization_id = ?';
const payments = (...states: string[]) =>
  `select id from payment where organization_id = ? and state in ('${states.join(`', '`)}')`;
const collections = (...states: string[]) =>
  `select id from collection where organization_id = ? and state in ('${states.join(`', '`)}')`;
const gifts = (type: string) => `select subjects[1] as id from event where organization_id = ? and type = '${type}'`;
const suspensions = 'select id from suspension where organization_id = ? and removed_on is null';
const mandates = 'select id from mandate where organization_id = ?';

function representments(story: Story): object {
  const { chance } = story;
  if (chance.chance(0.5)) return {};
  const parts = Array.from({ length: chance.int(0, 3) }, () => ({
    due_on: day(story, 0, 20),
    method: chance.pick(anyMethod),
    ...maybe(story, 0.2, { amount: amount(story) }),
  }));
  return { representments: parts };
}

const rejection = (story: Story) => ({
  ...maybe(story, 0.3, { received_on: day(story, -3, 0) }),
  ...maybe(story, 0.7, { reason_code: story.chance.chance(0.04) ? 'MD07' : story.chance.pick(reasons) }),
  ...maybe(story, 0.5, { fee_amount: story.chance.pick([0, 1500, 700]) }),
  ...maybe(story, 0.2, { bank_charge_amount: 250 }),
  ...representments(story),
});

const refund = (story: Story) => ({
  method: story.chance.pick(byHand),
  ...maybe(story, 0.6, { amount: amount(story) }),
  ...maybe(story, 0.3, { on: day(story, -2, 0) }),
  reason: 'Twice',
});

const received = (story: Story) => ({
  paid_on: day(story, -4, 0),
  method: story.chance.pick(anyMethod),
  ...maybe(story, 0.5, { amount: amount(story) }),
});

const gift = (story: Story) => ({ reason: 'Goodwill', ...maybe(story, 0.5, { amount: amount(story) }) });

const span = (story: Story) =>
  story.chance.pick([{ days: story.chance.int(5, 60) }, { ends_on: day(story, 20, 80) }, { unlimited: true }]);

/** What a bank tells of debits that were handed over, whether that fits what it told before or not. */
const bankFile: Draw = async (story) => {
  const { chance } = story;
  const lines = await query<Json>(
    story.database,
    `select line.id, line.amount_cents as amount, c.message_id from collection_line line join collection c on c.id = line.collection_id
     where line.organization_id = ? and line.state in ('in_flight', 'settled', 'failed') order by line.id`,
    [story.organization],
  );
  if (lines.length === 0) return null;
  const told = Array.from({ length: chance.int(1, 3) }, () => chance.pick(lines)).map(({ id, ...line }) => ({
    ...line,
    end_to_end_id: id.replace('_', '-'),
  }));
  const on = day(story, -3, 0);
  const reason = chance.pick([...reasons, null]);
  const file = chance.pick([
    () => camt054(told, { on, reason }),
    () => camt054(told, { on, reason, charge: 300 }),
    () => camt054(told, { on, reversed: true }),
    () => collectedOf(told, on),
    () => pain002({ message_id: told[0].message_id }, told, { reason: reason ?? 'AM04', created_at: `${on}T07:00:00` }),
  ])();
  return { route: 'POST /v1/bank_returns', file };
};

const decision: Draw = async (story) => {
  const { chance } = story;
  const found = await one(
    story,
    `select e.message_id as id, e.reason_code from bank_entry e join collection_line l on l.id = e.line_id
     join payment p on p.id = l.payment_id where e.organization_id = ? and p.needs_person and e.message_id is not null`,
  );
  if (!found) return null;
  const body = { reason_code: found.reason_code, represent: chance.chance(0.6), fee: chance.chance(0.6) };
  return { route: 'POST /v1/bank_returns/:id/decisions', id: found.id, body };
};

const invoice: Draw = async (story) => {
  const contract = await one(story, `${contracts}`);
  if (!contract) return null;
  const due = await one(
    story,
    `select i.id from instalment i join organization o on o.id = i.organization_id where i.organization_id = ?
     and i.contract_id = '${contract.id}' and i.due_on <= o.test_today`,
  );
  const fee = await one(story, `${fees}`);
  const named = { ...(due && { instalments: [due.id] }), ...(fee && maybe(story, 0.4, { fees: [fee.id] })) };
  return { route: 'POST /v1/invoices', body: { contract: contract.id, ...maybe(story, 0.7, named) } };
};

const sale: Draw = async (story) => {
  const customer = await one(story, `${customers}`);
  return {
    route: 'POST /v1/contracts',
    body: {
      customer: customer.id,
      plan: story.chance.pick(story.plans),
      starts_on: day(story, -40, 10),
      method: story.chance.pick(['direct_debit', 'direct_debit', 'cash']),
    },
  };
};

/** How often each is done, and how. */
const acts: readonly (readonly [number, Draw])[] = [
  [8, about('POST /v1/customers/:id/payments', customers, (s) => ({ ...received(s), amount: amount(s) }))],
  [4, about('POST /v1/instalments/:id/payments', instalments, received)],
  [6, about('POST /v1/payments/:id/settlement', payments('pending'), received)],
  [16, about('POST /v1/payments/:id/rejection', payments('settled', 'collecting'), rejection)],
  [1, about('POST /v1/payments/:id/rejection', payments('pending', 'rejected', 'refunded', 'cancelled'), rejection)],
  [6, about('POST /v1/payments/:id/refund', payments('settled'), refund)],
  [3, about('DELETE /v1/payments/:id', payments('pending'))],
  [
    3,
    about('PATCH /v1/payments/:id', payments('pending'), (s) =>
      s.chance.pick<Json>([{ due_on: day(s, 0, 10) }, { method: s.chance.pick(anyMethod) }]),
    ),
  ],
  [3, about('POST /v1/debts/:id/write_off', instalments, gift)],
  [2, about('POST /v1/debts/:id/write_off', fees, gift)],
  [3, about('POST /v1/fees/:id/waiver', fees, gift)],
  [2, about('DELETE /v1/write_offs/:id', gifts('debt.written_off'))],
  [2, about('DELETE /v1/waivers/:id', gifts('fee.waived'))],
  [4, invoice],
  [
    4,
    about('POST /v1/invoices/:id/cancellation', `select id from invoice_body where organization_id = ?`, (s) => ({
      reason: 'Error',
      ...maybe(s, 0.4, { amount: amount(s) }),
      ...maybe(s, 0.3, { still_owed: true }),
    })),
  ],
  [
    3,
    about('PATCH /v1/instalments/:id', instalments, (s) =>
      s.chance.pick<Json>([{ amount: amount(s) }, { due_on: day(s, 0, 20) }, { amount: 0 }]),
    ),
  ],
  [1, sale],
  [0.3, async () => ({ route: 'POST /v1/customers', body: { name: 'Marie Neuve', address: ADDRESS } })],
  [
    3,
    about('PATCH /v1/contracts/:id', contracts, (s) =>
      s.chance.pick<Json>([
        { amount: amount(s), effective_on: day(s, -40, 10) },
        { ends_on: day(s, -10, 200) },
        { method: s.chance.pick(['cash', 'direct_debit']), effective_on: day(s, -30, 10) },
        { amount: amount(s), effective_on: day(s, -40, 10), facts: 'credited' },
      ]),
    ),
  ],
  [
    1,
    about('POST /v1/contracts/:id/cancellation', contracts, (s) => ({
      on: day(s, 0, 60),
      reason: 'Moves away',
      waive_notice: true,
      ...maybe(s, 0.4, { fee_amount: 2500 }),
      ...maybe(s, 0.4, { last_period: 'prorated' }),
    })),
  ],
  [1, about('DELETE /v1/contracts/:id/cancellation', contracts)],
  [0.3, about('DELETE /v1/contracts/:id', anyContract)],
  [
    3,
    about('POST /v1/contracts/:id/suspensions', contracts, (s) => ({
      starts_on: day(s, -30, 20),
      reason: 'Leg',
      beyond_limits: true,
      ...span(s),
      ...maybe(s, 0.3, { amount: s.chance.int(0, 30) * 100 }),
      ...maybe(s, 0.4, { facts: 'credited' }),
      ...maybe(s, 0.2, { renewals: 'move' }),
    })),
  ],
  [1, about('POST /v1/suspensions/:id/stop', suspensions, (s) => ({ on: day(s, -5, 20), beyond_limits: true }))],
  [1, about('PATCH /v1/suspensions/:id', suspensions, (s) => ({ ...span(s), beyond_limits: true }))],
  [1, about('DELETE /v1/suspensions/:id', suspensions, () => ({}))],
  [0.3, about('POST /v1/contracts/:id/extensions', contracts, () => ({ days: 10, reason: 'Geste commercial' }))],
  [
    0.5,
    about('POST /v1/contracts/:id/credits', contracts, (s) => ({ delta: s.chance.pick([-1, 2]), reason: 'Course' })),
  ],
  [3, async (s) => ({ route: 'POST /v1/collections', body: { until_on: day(s, 2, 40) } })],
  [
    6,
    about('POST /v1/collections/:id/release', `${collections('draft')} and line_count > 0`, () => ({
      confirm: ['lines', 'total', 'largest', 'new_accounts', 'nothing_to_compare', 'cannot_compute'],
    })),
  ],
  [1, about('POST /v1/collections/:id/sent', collections('released'))],
  [1, about('POST /v1/collections/:id/withdrawal', collections('released'), () => ({ reason: 'Too early' }))],
  [0.5, about('POST /v1/collections/:id/cancellation', collections('draft'))],
  [9, bankFile],
  [3, decision],
  [2, about('POST /v1/contracts/:id/reminders', contracts, () => ({}))],
  [0.5, about('POST /v1/customers/:id/promises', customers, (s) => ({ until_on: day(s, 1, 10) }))],
  [
    1,
    about('POST /v1/customers/:id/mandates', customers, (s) => ({
      iban: s.chance.pick([FRENCH, SWISS]),
      signed_on: s.today,
    })),
  ],
  [0.5, about('POST /v1/mandates/:id/suspension', mandates, () => ({}))],
  [2, about('POST /v1/mandates/:id/resumption', `${mandates} and state = 'suspended'`, () => ({}))],
  [0.1, about('POST /v1/customers/:id/erasure', customers)],
  [
    0.5,
    async (s) => ({
      route: 'POST /v1/closures',
      body: { starts_on: day(s, 1, 20), ends_on: day(s, 21, 40), reason: 'Works' },
    }),
  ],
  [0.5, about('DELETE /v1/closures/:id', 'select id from closure where organization_id = ?')],
  [4, async (s) => ({ route: 'POST /v1/test_clock/advance', body: { to: day(s, 1, 4) } })],
];

const weight = acts.reduce((all, [share]) => all + share, 0);
const routeOf = new Map(routes.map((route) => [nameOf(route), route]));

/** @returns what is done next; null: nothing is there that it could be done to. */
export async function drawAct(story: Story): Promise<Act | null> {
  let at = story.chance.next() * weight;
  for (const [share, draw] of acts) {
    at -= share;
    if (at >= 0) continue;
    const drawn = await draw(story);
    if (!drawn) return null;
    const route = routeOf.get(drawn.route);
    if (!route) throw new Error(`there is no route ${drawn.route}`);
    return { ...drawn, route };
  }
  return null;
}
