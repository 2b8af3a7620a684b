/** A club of three members with contracts of every kind of money, for what is done to it at random. */
import type { Client, TestEngine } from '../harness/engine.ts';
import { FRENCH } from '../http/collecting.ts';
import { seller } from '../http/invoicing.ts';
import type { Random } from '../storm/random.ts';
import { ADDRESS } from './money-acts.ts';
import { creditor } from './sensible.ts';

export const TODAY = '2010-08-02';

const stages = [
  { after_days: 3, text: 'reminder_1', channel: 'letter', attach_invoice: false, fee_amount: 500, block: false },
  { after_days: 20, text: 'reminder_3', channel: 'letter', attach_invoice: true, fee_amount: 1500, block: true },
];
const reasons = { MS02: { needs_person: true }, AM04: { represent: true, fee: true, max_representments: 3 } };
const membership = { kind: 'membership', amount: 5900 };
const plans = [
  { ...membership, name: 'Gym' },
  {
    ...membership,
    name: 'Year',
    term_months: 12,
    auto_renew: true,
    tax_rate_bps: 2000,
    freeze: { active: true, shift_end: true },
  },
  {
    ...membership,
    name: 'Half a year',
    amount: 3333,
    term_months: 6,
    instalments: 6,
    tax_rate_bps: 550,
    cancellation_amount: 3000,
    freeze: { active: true, discount_bps: 5000, instalment_rule: 'prorated' },
  },
  { name: 'Ten', kind: 'credits', amount: 9000, credits: 10, validity_days: 90, tax_rate_bps: 2000 },
];

export async function moneyWorld(engine: TestEngine, chance: Random): Promise<{ desk: Client; plans: string[] }> {
  const desk = await engine.sandbox(TODAY);
  const fee = { label: 'Rejection fee', amount: 1000, tax_rate_bps: chance.pick([0, 2000]) };
  const rejections = { fee, reasons, max_representments: 5 };
  const settings = { creditor, invoicing: { seller }, reminders: { stages }, rejections };
  const changed = await desk.send('PATCH', '/v1/organization', { settings });
  if (changed.status !== 200) throw new Error(JSON.stringify(changed.body));
  const sold: string[] = [];
  for (const plan of plans) sold.push((await desk.post('/v1/plans', plan)).id);
  const [monthly, ...others] = sold;
  for (const other of others) {
    const customer = await desk.post('/v1/customers', { name: 'Jean Petit', address: ADDRESS });
    await desk.post(`/v1/customers/${customer.id}/mandates`, { iban: FRENCH, signed_on: '2010-01-04' });
    for (const plan of [monthly, other])
      await desk.post('/v1/contracts', {
        customer: customer.id,
        plan,
        starts_on: '2010-06-05',
        first_due_on: '2010-07-05',
        method: chance.pick(['cash', 'direct_debit', 'direct_debit']),
      });
  }
  return { desk, plans: sold };
}
