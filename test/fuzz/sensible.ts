/**
 * Bodies that a person at the desk could send: where a schema allows what the rules of the business do not (two ways to
 * say how long, a plan of one kind with the fields of another), the recipe of the route says what goes together.
 */
import type { FindingCode } from '../../src/domain/collections/plausibility.ts';
import { FRENCH } from '../http/collecting.ts';
import { seller } from '../http/invoicing.ts';
import type { Generator, Value } from './generate.ts';
import { extensions } from './pools.ts';

/** What people of these tests sign in with. */
export const PASSWORD = 'sept-girafes-au-gymnase';
/** The account that collections are paid to. */
export const creditor = { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR1420041010050500013M02606' };
const address = { street: '8 rue des Lilas', postcode: '44300', town: 'Nantes', country: 'FR' };
const desk = ['card', 'cash', 'cheque', 'transfer'];
const findings: FindingCode[] = ['lines', 'total', 'largest', 'new_accounts', 'nothing_to_compare', 'cannot_compute'];
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

type Recipe = (make: Generator) => Value;

/** How long a pause lasts, said in one way. */
function span(make: Generator): object {
  const { chance } = make;
  return chance.pick([
    () => ({ days: chance.int(8, 60) }),
    () => ({ ends_on: make.near(45, 90) }),
    () => ({ unlimited: true }),
  ])();
}

/** One of some of the fields, so that changes are small. */
function some(make: Generator, fields: Record<string, () => Value>): Value {
  const names = Object.keys(fields);
  const first = make.chance.pick(names);
  const second = make.chance.chance(0.3) ? make.chance.pick(names) : first;
  return Object.fromEntries([first, second].map((name) => [name, fields[name]?.()]));
}

function plan(make: Generator): Value {
  const { chance } = make;
  const shared = { name: 'Gym', amount: chance.int(1, 200) * 100, tax_rate_bps: chance.pick([0, 550, 2000]) };
  return chance.pick<() => object>([
    () => ({ ...shared, kind: 'membership', interval_months: chance.pick([1, 3]), notice_days: chance.pick([0, 30]) }),
    () => ({ ...shared, kind: 'membership', term_months: 12, auto_renew: chance.chance(0.5) }),
    () => ({ ...shared, kind: 'membership', instalments: chance.int(1, 12), term_months: 12 }),
    () => ({ ...shared, kind: 'credits', credits: 10, validity_days: 90 }),
    () => ({ ...shared, kind: 'issues', issues: chance.int(1, 6), publication: make.id('pub') }),
  ])();
}

const presented = ['pending'];
const toTheBank = ['released'];

/** Of what kind or in what state somebody at the desk would name the objects of a path, by its parameters. */
export const named: Record<string, Record<string, readonly string[]>> = {
  'POST /v1/contracts/:id/incidents': { id: ['issues'] },
  'DELETE /v1/contracts/:id/incidents/:incident': { id: ['issues'], incident: ['incident'] },
  'DELETE /v1/contracts/:id/extensions/:extension': {
    id: ['has_extension'],
    extension: extensions,
  },
  'GET /v1/contracts/:id/changes': { id: ['was_prolonged'] },
  'POST /v1/contracts/:id/credits': { id: ['credits'] },
  'POST /v1/bank_returns/:id/decisions': { id: ['undecided'] },
  'POST /v1/collections/:id/release': { id: ['draft_with_lines'] },
  'POST /v1/collections/:id/cancellation': { id: ['draft'] },
  'POST /v1/collections/:id/sent': { id: toTheBank },
  'POST /v1/collections/:id/withdrawal': { id: toTheBank },
  'GET /v1/collections/:id/file': { id: toTheBank },
  'PATCH /v1/payments/:id': { id: presented },
  'DELETE /v1/payments/:id': { id: presented },
  'POST /v1/payments/:id/settlement': { id: presented },
  'POST /v1/payments/:id/rejection': { id: ['settled', 'collecting'] },
  'POST /v1/payments/:id/refund': { id: ['settled'] },
  'POST /v1/mandates/:id/resumption': { id: ['suspended'] },
  'POST /v1/jobs/:id/retry': { id: ['failed'] },
};

export const recipes: Record<string, Recipe> = {
  'POST /v1/sandboxes': (make) => ({ name: 'Sandbox', today: make.near(-30, 30) }),
  'POST /v1/restore/confirmation': () => ({ note: 'Compared with the bank' }),
  'POST /v1/test_clock/advance': (make) => ({ to: make.near(0, 2) }),
  'PATCH /v1/organization': (make) =>
    make.chance.pick<Value>([
      { name: 'Club' },
      { locale: make.chance.pick(['fr', 'en', 'de']) },
      { settings: { grace_days: make.chance.int(0, 30) } },
      { settings: { invoicing: { seller } } },
      { settings: { creditor } },
    ]),
  'POST /v1/sessions': (make) => ({ ...make.ids.person, password: PASSWORD, carried_by: 'token' }),
  'POST /v1/people': (make) => ({ name: 'Camille', email: make.email(), role: 'viewer' }),
  'POST /v1/invitations/acceptance': (make) => ({
    token: make.ids.invitations.pop() ?? 'none-so-far',
    password: PASSWORD,
  }),
  'POST /v1/session/password': () => ({ current_password: PASSWORD, new_password: PASSWORD }),
  'PATCH /v1/people/:id': (make) => ({ name: 'Camille Roux', role: make.chance.pick(['viewer', 'desk']) }),
  'PUT /v1/organization/logo': () => ({ image: PIXEL }),
  'POST /v1/customers': (make) => ({
    name: 'Anne Martin',
    ...(make.chance.chance(0.6) ? { email: make.email() } : {}),
    ...(make.chance.chance(0.7) ? { address } : {}),
    ...(make.chance.chance(0.3) ? { badge: make.badge() } : {}),
  }),
  'PATCH /v1/customers/:id': (make) =>
    some(make, {
      name: () => 'Anne Petit',
      email: () => make.email(),
      address: () => address,
      badge: () => make.badge(),
      collections_stopped: () => make.chance.chance(0.3),
    }),
  'POST /v1/plans': plan,
  'PATCH /v1/plans/:id': (make) =>
    some(make, { name: () => 'Gym and pool', amount: () => make.chance.int(10, 90) * 100 }),
  'POST /v1/contracts': (make) => {
    const customer = make.id('cus');
    const method = make.chance.pick(['direct_debit', 'cash', 'card', 'transfer']);
    return { customer, plan: make.id('pln'), starts_on: make.near(-60, 30), method };
  },
  'PATCH /v1/contracts/:id': (make) =>
    some(make, {
      amount: () => make.chance.int(10, 90) * 100,
      ends_on: () => make.near(60, 400),
      method: () => make.chance.pick(['cash', 'direct_debit']),
    }),
  'POST /v1/contracts/:id/cancellation': (make) => ({ on: make.near(0, 90), reason: 'Moves away', waive_notice: true }),
  'DELETE /v1/contracts/:id/cancellation': () => ({}),
  'POST /v1/contracts/:id/extensions': (make) => ({
    ...(make.chance.chance(0.7) ? { days: make.chance.int(1, 30) } : { issues: make.chance.int(1, 3) }),
    reason: 'Geste commercial',
  }),
  'DELETE /v1/contracts/:id/extensions/:extension': () => ({}),
  'PATCH /v1/instalments/:id': (make) =>
    some(make, { amount: () => make.chance.int(0, 90) * 100, due_on: () => make.near(1, 40), note: () => 'Agreed' }),
  'POST /v1/contracts/:id/suspensions': (make) => ({
    starts_on: make.near(-10, 40),
    ...span(make),
    reason: 'Leg',
    ...(make.chance.chance(0.2) ? { amount: make.chance.int(0, 20) * 100 } : {}),
    ...(make.chance.chance(0.3) ? { facts: make.chance.pick(['kept', 'credited']) } : {}),
    ...(make.chance.chance(0.5) ? { beyond_limits: true } : {}),
  }),
  'POST /v1/suspensions/:id/stop': (make) => ({ on: make.near(0, 60), beyond_limits: true }),
  'PATCH /v1/suspensions/:id': (make) => ({
    ...(make.chance.chance(0.3) ? { starts_on: make.near(0, 30) } : {}),
    ...span(make),
    ...(make.chance.chance(0.5) ? { beyond_limits: true } : {}),
  }),
  'DELETE /v1/suspensions/:id': () => ({}),
  'POST /v1/publications/:id/issues': (make) => ({
    rhythm: { first_on: make.near(-40, 200), count: make.chance.int(1, 6), every_months: 1 },
  }),
  'POST /v1/contracts/:id/incidents': (make) => ({
    from_on: make.near(-40, -1),
    to_on: make.near(0, 60),
    reason: 'Erreur de livraison',
  }),
  'POST /v1/closures': (make) => ({
    starts_on: make.near(1, 30),
    ends_on: make.near(31, 60),
    reason: 'Works',
    ...(make.chance.chance(0.6) ? { plan: make.id('pln') } : {}),
  }),
  'POST /v1/contracts/:id/credits': (make) => ({ delta: make.chance.pick([-1, 1, 3]), reason: 'Course' }),
  'POST /v1/instalments/:id/payments': (make) => ({ paid_on: make.near(-5, 0), method: make.chance.pick(desk) }),
  'POST /v1/customers/:id/payments': (make) => ({
    paid_on: make.near(-5, 0),
    method: make.chance.pick(desk),
    amount: make.chance.int(1, 200) * 100,
  }),
  'POST /v1/payments/:id/settlement': (make) => ({ paid_on: make.near(-5, 0), method: make.chance.pick(desk) }),
  'POST /v1/payments/:id/rejection': (make) => ({
    received_on: make.near(-5, 0),
    reason_code: make.chance.pick(['AM04', 'MD07', 'AC04', 'MS02']),
    ...(make.chance.chance(0.5) ? { fee_amount: 1500 } : {}),
  }),
  'POST /v1/payments/:id/refund': (make) => ({ method: make.chance.pick(desk), on: make.near(-3, 0), reason: 'Twice' }),
  'PATCH /v1/payments/:id': (make) => some(make, { label: () => 'Second try', due_on: () => make.near(3, 30) }),
  'POST /v1/debts/:id/write_off': () => ({ reason: 'Gone' }),
  'POST /v1/fees/:id/waiver': () => ({ reason: 'Goodwill' }),
  'POST /v1/customers/:id/mandates': (make) => ({ iban: FRENCH, signed_on: make.near(-100, 0) }),
  'POST /v1/collections': (make) => ({ until_on: make.near(3, 40) }),
  'POST /v1/collections/:id/release': () => ({ confirm: findings }),
  'POST /v1/bank_returns/:id/decisions': (make) => ({
    reason_code: make.ids.undecided.get(make.subject) ?? make.chance.pick(['ZZZZ', 'MS02', null]),
    represent: make.chance.chance(0.6),
    fee: make.chance.chance(0.6),
  }),
  'POST /v1/invoices': (make) => {
    const contract = make.id('ctr');
    return { contract, ...(make.chance.chance(0.7) ? { instalments: [make.id('ins')] } : {}) };
  },
  'POST /v1/invoices/:id/cancellation': (make) => ({
    reason: 'Error',
    ...(make.chance.chance(0.3) ? { amount: make.chance.int(1, 20) * 100 } : {}),
  }),
  'POST /v1/contracts/:id/reminders': () => ({}),
  'POST /v1/letters/posted': (make) => ({ letters: [make.id('rem')] }),
  'PUT /v1/mail_templates/:kind/:locale': () => ({ subject: 'A word', body: 'Please come and see us.' }),
  'POST /v1/mail_templates/:kind/:locale/preview': (make) => ({ customer: make.id('cus') }),
  'POST /v1/customers/:id/promises': (make) => ({ until_on: make.near(1, 10), note: 'On the phone' }),
  'POST /v1/customers/:id/holds': (make) => ({ until_on: make.near(1, 20) }),
  'POST /v1/jobs/retry': () => ({}),
  'POST /v1/jobs/:id/discard': () => ({ reason: 'Known' }),
};
