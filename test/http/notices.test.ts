/** Announcements of direct debits and receipts of payments, with the clock and a mailbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailCatcher, startMailCatcher } from '../../src/gateways/mail-catcher.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

const IBAN = 'FR7630006000011234567890189';

let engine: TestEngine;
let catcher: MailCatcher;
beforeAll(async () => {
  catcher = await startMailCatcher();
  engine = await startTestEngine({ workersOptions: { mail: { demo_url: catcher.url } } });
});
afterAll(async () => {
  await engine.stop();
  await catcher.close();
});

async function club(email: string, reminders: object = {}): Promise<{ desk: Client; contract: Json }> {
  const desk = await engine.sandbox('2010-01-05');
  const creditor = { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR1420041010050500013M02606' };
  const answer = await desk.send('PATCH', '/v1/organization', { settings: { creditor, reminders } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5900 });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin', email });
  const mandate = await desk.post(`/v1/customers/${customer.id}/mandates`, { iban: IBAN, signed_on: '2010-01-05' });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: '2010-01-05',
    first_due_on: '2010-02-06',
    method: 'direct_debit',
    mandate: mandate.id,
  });
  return { desk, contract };
}

async function to(desk: Client, on: string): Promise<void> {
  expect((await desk.send('POST', '/v1/test_clock/advance', { to: on })).status).toBe(200);
}

async function told(desk: Client): Promise<string[]> {
  const { body } = await desk.get('/v1/reminders?limit=100');
  return body.data
    .toReversed()
    .map((one: Json) => [one.made_on, one.kind, one.stage, one.status, one.amount, 'for', one.due_on].join(' '));
}

describe('a direct debit', () => {
  it('is announced 14 days before its collection day, once, with the account masked', async () => {
    const { desk } = await club('announced@members.example');
    await to(desk, '2010-01-24');
    expect(await told(desk)).toEqual([]);
    await to(desk, '2010-01-29');
    // The 6th is a Saturday: it is collected on Monday the 8th.
    expect(await told(desk)).toEqual(['2010-01-25 prenotification 1 sent 5900 for 2010-02-08']);
    const mails = (await catcher.mailbox.list()).filter((one) => one.recipients.includes('announced@members.example'));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.parsed.text).toContain('0189');
    expect(mails[0]?.parsed.text).not.toContain('3000 6000');
    const kept = await engine.database('message').where({ recipient: 'announced@members.example' });
    expect(JSON.stringify(kept)).not.toMatch(/FR76\s?3000/);
  });

  it('is announced anew when its amount changes, and its customer is not reminded while nobody collects it', async () => {
    const { desk, contract } = await club('anew@members.example');
    await to(desk, '2010-01-26');
    await desk.send('PATCH', `/v1/contracts/${contract.id}`, { amount: 4900 });
    await to(desk, '2010-02-22');
    expect(await told(desk)).toEqual([
      '2010-01-25 prenotification 1 sent 5900 for 2010-02-08',
      '2010-01-27 prenotification 2 sent 4900 for 2010-02-08',
      '2010-02-22 prenotification 1 sent 4900 for 2010-03-08',
    ]);
  });

  it('is not announced where the organization announces it otherwise', async () => {
    const { desk } = await club('otherwise@members.example', { prenotification_days: null });
    await to(desk, '2010-02-01');
    expect(await told(desk)).toEqual([]);
  });
});

describe('a payment', () => {
  it('has one receipt where the organization sends them for its means, and says what is still owed', async () => {
    const { desk, contract } = await club('receipt@members.example', {
      prenotification_days: null,
      receipts_for: ['card'],
    });
    await to(desk, '2010-02-06');
    const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
    const path = `/v1/instalments/${body.instalments[0].id}/payments`;
    await desk.post(path, { paid_on: '2010-02-06', method: 'card' });
    await to(desk, '2010-02-12');
    expect(await told(desk)).toEqual(['2010-02-07 receipt 1 sent 5900 for 2010-02-06']);
    const mail = (await catcher.mailbox.list()).find((one) => one.recipients.includes('receipt@members.example'));
    expect(mail?.parsed.subject).toContain('59');
  });
});
