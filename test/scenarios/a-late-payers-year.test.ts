/**
 * A year of a member who pays by direct debit, and often late, under the test clock: the whole list of what she was sent,
 * by mail and by post, in order. One message too many fails as surely as one too few.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailCatcher, startMailCatcher } from '../../src/gateways/mail-catcher.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { club } from '../http/collecting.ts';
import { advance } from '../http/late-payer.ts';

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

const settings = {
  creditor: { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR1420041010050500013M02606' },
  grace_days: 2,
  rejections: { fee: { label: 'Rejection fee', amount: 1000 } },
  reminders: {
    stages: [
      { after_days: 3, text: 'reminder_1' },
      { after_days: 10, text: 'reminder_2', fee_amount: 500 },
      { after_days: 21, text: 'reminder_3', channel: 'letter', block: true },
    ],
    receipts_for: ['cash'],
    notices: ['rejection_notice', 'access_blocked'],
  },
};

it('a year of a member who pays late: announcements, receipts, rejections, reminders, a block, letters', {
  timeout: 240_000,
}, async () => {
  const gym = await club(engine, { today: '2010-01-04', settings });
  const { desk } = gym;
  const to = (on: string) => advance(desk, on);
  const address = { street: '8 rue des Lilas', postcode: '44300', town: 'Nantes', country: 'FR' };
  const anne = await gym.debtor({
    customer: { email: 'year@members.example', address },
    contract: { starts_on: '2010-01-05', first_due_on: '2010-02-05' },
  });
  const paymentOf = async (amount: number, state: string): Promise<Json> => {
    const { body } = await desk.get(`/v1/payments?customer=${anne.customer.id}&limit=100`);
    return (body.data as Json[]).find((one) => one.amount === amount && one.status === state);
  };
  /** Everything due by a day goes to the bank three days before it. */
  const collect = async (on: string, due: string) => {
    await to(on);
    await gym.collect(due);
  };
  const comesBack = async (on: string, amount: number, given: object) => {
    await to(on);
    const payment = await paymentOf(amount, 'collecting');
    await desk.post(`/v1/payments/${payment.id}/rejection`, given);
  };
  const paysInCash = async (on: string, amount: number) => {
    await to(on);
    await desk.post(`/v1/customers/${anne.customer.id}/payments`, { paid_on: on, method: 'cash', amount });
  };

  const postAll = async () => {
    const { body } = await desk.get('/v1/letters?status=to_print');
    await desk.send('POST', '/v1/letters/posted', { letters: (body.data as Json[]).map(({ id }) => id) });
  };

  // February goes well.
  await collect('2010-02-02', '2010-02-05');
  // March comes back for lack of money: asked for again with April, which is collected after Easter.
  await collect('2010-03-02', '2010-03-05');
  await comesBack('2010-03-10', 5900, {
    reason_code: 'AM04',
    representments: [{ due_on: '2010-04-05', method: 'direct_debit' }],
  });
  await collect('2010-04-01', '2010-04-05');
  // May comes back and is left open for three weeks: reminders, a fee, a block, a letter; then she pays in cash.
  await collect('2010-04-30', '2010-05-05');
  await comesBack('2010-05-10', 5900, {});
  await to('2010-06-01');
  await postAll();
  await paysInCash('2010-06-02', 7400);
  // June goes well. In July her account is closed, and with it the mandate; she is in hospital for a month.
  await collect('2010-06-03', '2010-06-05');
  await collect('2010-07-01', '2010-07-05');
  await comesBack('2010-07-09', 5900, { reason_code: 'AC04' });
  await to('2010-07-11');
  await desk.post(`/v1/customers/${anne.customer.id}/holds`, { until_on: '2010-08-10', note: 'In hospital' });
  await paysInCash('2010-08-12', 12800);
  // Her mail is no longer read: what follows goes by post. She promises to pay September, and does.
  await desk.send('PATCH', `/v1/customers/${anne.customer.id}`, { email: null });
  await to('2010-09-07');
  await desk.post(`/v1/customers/${anne.customer.id}/promises`, { until_on: '2010-09-20' });
  await paysInCash('2010-09-20', 5900);
  // October is only paid after the first reminder; the letter is posted.
  await to('2010-10-08');
  await postAll();
  await paysInCash('2010-10-11', 5900);
  // A new account, and a new mandate: announced again, by letter only where the club wants it, which it does not.
  await desk.send('PATCH', `/v1/customers/${anne.customer.id}`, { email: 'year@members.example' });
  await desk.post(`/v1/customers/${anne.customer.id}/mandates`, {
    iban: 'FR1420041010050500013M02606',
    signed_on: '2010-10-11',
  });
  await collect('2010-11-02', '2010-11-05');
  await collect('2010-12-02', '2010-12-05');
  await to('2010-12-31');

  const { body } = await desk.get('/v1/reminders?limit=100');
  const told = (body.data as Json[])
    .toReversed()
    .map((one) => `${one.made_on} ${one.kind} ${one.stage} ${one.channel} ${one.status} ${one.amount} ${one.due_on}`);
  expect(told).toEqual([
    '2010-01-22 prenotification 1 email sent 5900 2010-02-05',
    '2010-02-19 prenotification 1 email sent 5900 2010-03-05',
    '2010-03-11 rejection_notice 1 email sent 6900 2010-03-10',
    '2010-03-23 prenotification 1 email sent 5900 2010-04-06',
    '2010-03-23 prenotification 1 email sent 6900 2010-04-06',
    '2010-04-21 prenotification 1 email sent 5900 2010-05-05',
    '2010-05-11 rejection_notice 1 email sent 6900 2010-05-10',
    '2010-05-13 reminder 1 email sent 6900 2010-05-10',
    '2010-05-13 access_blocked 1 email sent 6900 2010-05-13',
    '2010-05-20 reminder 2 email sent 7400 2010-05-10',
    '2010-05-24 prenotification 1 email sent 5900 2010-06-07',
    '2010-05-31 reminder 3 letter sent 7400 2010-05-10',
    '2010-06-03 receipt 1 email sent 7400 2010-06-02',
    '2010-06-21 prenotification 1 email sent 5900 2010-07-05',
    '2010-07-10 rejection_notice 1 email sent 6900 2010-07-09',
    '2010-08-11 reminder 1 email sent 6900 2010-07-09',
    '2010-08-11 reminder 1 email sent 5900 2010-08-05',
    '2010-10-08 reminder 1 letter sent 5900 2010-10-05',
    '2010-10-12 receipt 1 email sent 5900 2010-10-11',
    '2010-10-22 prenotification 1 email sent 5900 2010-11-05',
    '2010-11-22 prenotification 1 email sent 5900 2010-12-06',
    '2010-12-22 prenotification 1 email sent 5900 2011-01-05',
  ]);
  const mails = (await catcher.mailbox.list()).toReversed();
  expect(mails.every(({ recipients }) => recipients.join() === 'year@members.example')).toBe(true);
  // Mails of one day come in any order.
  const subjects = [
    'Direct debit of €59.00 on 5 February 2010',
    'Direct debit of €59.00 on 5 March 2010',
    'Your payment of €59.00 did not go through',
    'Direct debit of €59.00 on 6 April 2010',
    'Direct debit of €69.00 on 6 April 2010',
    'Direct debit of €59.00 on 5 May 2010',
    'Your payment of €59.00 did not go through',
    'A friendly reminder: €69.00 to pay',
    'Your access is blocked',
    'Second reminder: €74.00 to pay',
    'Direct debit of €59.00 on 7 June 2010',
    'Receipt: €74.00 on 2 June 2010',
    'Direct debit of €59.00 on 5 July 2010',
    'Your payment of €59.00 did not go through',
    'A friendly reminder: €69.00 to pay',
    'A friendly reminder: €59.00 to pay',
    'Receipt: €59.00 on 11 October 2010',
    'Direct debit of €59.00 on 5 November 2010',
    'Direct debit of €59.00 on 6 December 2010',
    'Direct debit of €59.00 on 5 January 2011',
  ];
  expect(mails.map(({ parsed }) => parsed.subject).toSorted()).toEqual(subjects.toSorted());
  const posted = (await desk.get('/v1/letters')).body.data as Json[];
  expect(posted.toReversed().map((one) => `${one.ready_on} ${one.kind} posted ${one.posted_on}`)).toEqual([
    '2010-05-31 reminder posted 2010-06-01',
    '2010-10-08 reminder posted 2010-10-08',
  ]);
  expect(await gym.owed(anne)).toBe(0);
});
