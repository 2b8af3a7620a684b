/** What a clerk of the live desk does: takes payments, rejects them, collects, invoices, takes invoices back, reminds. */
import { addDays } from '../../src/domain/day.ts';
import type { Json } from '../harness/client.ts';
import { bankReturn, type ReturnedDebit } from './bank-file.ts';
import type { Outcome, Request } from './client.ts';
import type { Random } from './random.ts';
import type { Desk, StormContract } from './world.ts';

export type MoneyKind = 'pay' | 'sign' | 'reject' | 'return' | 'draft' | 'release' | 'invoice' | 'credit' | 'remind';

export interface Errand {
  kind: MoneyKind;
  request: Omit<Request, 'key'>;
  /** Debits that the bank says came back. */
  told?: string[];
  /** What the clerk keeps in mind, and what they do next with the answer. */
  next?: (outcome: Outcome) => Errand | undefined;
}

/** Draws what a clerk does next; what cannot be done yet gives way to a payment. */
export function drawMoney(desk: Desk, chance: Random): Errand {
  const having = (what: (contract: StormContract) => readonly string[]) => {
    const some = desk.contracts.filter((one) => what(one).length > 0);
    return some.length > 0 ? chance.pick(some) : null;
  };
  const die = chance.next();
  const wait = chance.chance(0.7) ? { wait: chance.pick([5, 30]) } : {};
  const post = (path: string, body: unknown) => ({ method: 'POST', path, body, ...wait });
  if (die < 0.1) {
    const until_on = addDays(desk.today, chance.int(0, 60));
    const request = { ...post('/v1/collections', { until_on }), wait: 30 };
    return { kind: 'draft', request, next: (outcome) => release(desk, chance, outcome) };
  }
  if (die < 0.25) return sign(desk, chance, post);
  if (die < 0.45)
    return { kind: 'remind', request: post(`/v1/contracts/${chance.pick(desk.contracts).id}/reminders`, {}) };
  const paid = having(({ payments }) => payments);
  if (die < 0.55 && paid) {
    // Once each: who asked for it is settled by what became of that payment.
    const payment = paid.payments.pop();
    return {
      kind: 'reject',
      request: post(`/v1/payments/${payment}/rejection`, { fee_amount: chance.pick([0, 500]) }),
    };
  }
  if (die < 0.72 && paid) {
    const next = keep((id) => paid.invoices.push(id));
    return { kind: 'invoice', request: post('/v1/invoices', { contract: paid.id }), next };
  }
  const invoiced = having(({ invoices }) => invoices);
  if (die < 0.82 && invoiced) {
    const invoice = invoiced.invoices.pop();
    return { kind: 'credit', request: post(`/v1/invoices/${invoice}/cancellation`, { reason: 'Wrong address' }) };
  }
  const contract = having(({ instalments }) => instalments) ?? desk.contracts[0]!;
  const instalment = contract.instalments.length > 1 ? contract.instalments.shift() : contract.instalments[0];
  const body = { paid_on: desk.today, method: chance.pick(['cash', 'card']) };
  const next = keep((id) => contract.payments.push(id));
  return { kind: 'pay', request: post(`/v1/instalments/${instalment}/payments`, body), next };
}

/** Signs somebody who has owed since last month; the even customers have a mandate. */
function sign(desk: Desk, chance: Random, post: (path: string, body: unknown) => Omit<Request, 'key'>): Errand {
  const at = chance.int(0, desk.customers.length - 1);
  const method = at % 2 === 0 ? 'direct_debit' : 'cash';
  const starts_on = addDays(desk.today, -chance.int(20, 60));
  const body = { customer: desk.customers[at], plan: chance.pick(desk.plans), starts_on, method };
  const next = keep((id) => desk.contracts.push({ id, instalments: [], suspensions: [], payments: [], invoices: [] }));
  return { kind: 'sign', request: post('/v1/contracts', body), next };
}

/** Remembers what was made. */
function keep(remember: (id: string) => void): NonNullable<Errand['next']> {
  return ({ status, body }) => {
    if (status === 201) remember(body.id);
    return undefined;
  };
}

/** A draft is released with everything confirmed that was found in it; then the bank returns some of it. */
function release(desk: Desk, chance: Random, { status, body }: Outcome): Errand | undefined {
  if (status !== 201) return undefined;
  const confirm = [...new Set((body.findings as Json[]).map(({ code }) => code))];
  const path = `/v1/collections/${body.id}/release`;
  const next = (outcome: Outcome) => returned(desk, chance, outcome);
  return { kind: 'release', request: { method: 'POST', path, body: { confirm }, wait: 30 }, next };
}

function returned(desk: Desk, chance: Random, { status, body }: Outcome): Errand | undefined {
  if (status !== 200) return undefined;
  const debits = (body.lines as Json[]).filter(({ status }) => status === 'in_flight' && chance.chance(0.4));
  if (debits.length === 0) return undefined;
  const xml = bankReturn(body.message_id, debits as ReturnedDebit[], desk.today);
  const told = debits.map(({ payment }) => payment as string);
  const request = { method: 'POST', path: '/v1/bank_returns', body: undefined, xml, wait: 30 };
  const errand: Errand = { kind: 'return', request, told };
  // Handed in again by somebody who does not know that it was.
  return chance.chance(0.5) ? { ...errand, next: () => errand } : errand;
}
