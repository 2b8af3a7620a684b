/** Reminders over the whole road, with the clock: who is told what, on which day, and what of it is a mail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeContext } from '../../src/context.ts';
import { day } from '../../src/domain/day.ts';
import { type MailCatcher, startMailCatcher } from '../../src/gateways/mail-catcher.ts';
import { sweepReminders } from '../../src/services/send-reminders.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type LatePayer, latePayer, until } from './late-payer.ts';

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

async function mailsTo(address: string): Promise<Json[]> {
  const mails = await catcher.mailbox.list();
  return mails.filter((mail) => mail.recipients.includes(address)).toReversed();
}

/** Each message as `day kind stage channel status amount of due day`. */
const inOrder = (messages: Json[]) =>
  messages.map((one) =>
    [one.made_on, one.kind, one.stage, one.channel, one.status, one.amount, 'of', one.due_on].join(' '),
  );

const asClub = async (member: LatePayer) => {
  const organization = await findOrganization(engine.database, member.desk.organization.id);
  if (!organization) throw new Error('no organization');
  return organization;
};

describe('a year of a member who pays late', () => {
  it('brings exactly these mails and letters, in this order', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'year@members.example' } });
    await anne.pays('2010-01-05', '2010-01-05');
    await anne.pays('2010-02-05', '2010-02-07');
    await anne.pays('2010-03-05', '2010-03-10');
    await anne.pays('2010-04-05', '2010-04-20');
    await anne.pays('2010-05-05', '2010-06-01');
    // A promise that is kept.
    await anne.to('2010-06-07');
    await anne.desk.post(`/v1/customers/${anne.customer.id}/promises`, { until_on: '2010-06-20' });
    await anne.pays('2010-06-05', '2010-06-20');
    // One that is not: the stages begin when it is broken, and keep their distance.
    await anne.to('2010-07-07');
    await anne.desk.post(`/v1/customers/${anne.customer.id}/promises`, { until_on: '2010-07-20', amount: 5900 });
    await anne.pays('2010-07-05', '2010-07-30');
    // A hold.
    await anne.to('2010-08-06');
    const hold = { until_on: '2010-08-31', note: 'In hospital' };
    await anne.desk.post(`/v1/customers/${anne.customer.id}/holds`, hold);
    await anne.pays('2010-08-05', '2010-09-02');
    await anne.pays('2010-09-05', '2010-09-05');
    // One by hand, before the engine would.
    await anne.to('2010-10-06');
    await anne.desk.post(`/v1/contracts/${anne.contract.id}/reminders`);
    await anne.pays('2010-10-05', '2010-10-07');
    // Her address is erased: what would have been a mail is a letter.
    await anne.to('2010-11-06');
    await engine.database('customer').where({ id: anne.customer.id }).update({ email: null });
    await anne.pays('2010-11-05', '2010-11-09');
    await anne.pays('2010-12-05', '2010-12-05');
    await anne.to('2010-12-31');

    // Nobody posted the letters before their debt was paid: they are taken back.
    expect(inOrder(await anne.reminders())).toEqual([
      '2010-03-08 reminder 1 email sent 5900 of 2010-03-05',
      '2010-04-08 reminder 1 email sent 5900 of 2010-04-05',
      '2010-04-15 reminder 2 email sent 5900 of 2010-04-05',
      '2010-05-08 reminder 1 email sent 5900 of 2010-05-05',
      '2010-05-15 reminder 2 email sent 5900 of 2010-05-05',
      '2010-05-26 reminder 3 letter skipped 5900 of 2010-05-05',
      '2010-07-21 reminder 1 email sent 5900 of 2010-07-05',
      '2010-07-28 reminder 2 email sent 5900 of 2010-07-05',
      '2010-09-01 reminder 1 email sent 5900 of 2010-08-05',
      '2010-10-06 payment_reminder 1 email sent 5900 of 2010-10-05',
      '2010-11-08 reminder 1 letter skipped 5900 of 2010-11-05',
    ]);
    const mails = await mailsTo('year@members.example');
    expect(mails.map((mail) => mail.parsed.subject)).toEqual([
      'A friendly reminder: €59.00 to pay',
      'A friendly reminder: €59.00 to pay',
      'Second reminder: €59.00 to pay',
      'A friendly reminder: €59.00 to pay',
      'Second reminder: €59.00 to pay',
      'A friendly reminder: €59.00 to pay',
      'Second reminder: €59.00 to pay',
      'A friendly reminder: €59.00 to pay',
      'Your payment of €59.00',
    ]);
    expect(mails[0].parsed.text).toContain('Gym, instalment 3');
  }, 180_000);
});

describe('a reminder', () => {
  it('is one mail, however often it is chosen and by however many jobs it is sent', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'twice@members.example' } });
    await anne.to('2010-01-08');
    const organization = await asClub(anne);
    const sweep = () =>
      engine.database.transaction((trx) => sweepReminders(writeContext(trx, organization, 'test', new Date())));
    expect((await Promise.all(Array.from({ length: 12 }, sweep))).every((done) => done.reminders === 0)).toBe(true);
    const [reminder] = await anne.reminders();
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        engine.database.raw(
          `insert into job (id, organization_id, name, lane, payload, concerns, actor, state, attempts, starts_unfinished, queued_at, due_at)
           select left(id, -3) || 'U' || lpad(?, 2, '0'), organization_id, name, lane, payload, concerns, actor, 'queued', 0, 0, queued_at, queued_at
           from job where concerns = ? limit 1`,
          [String(n), reminder.id],
        ),
      ),
    );
    await until('the jobs are done', async () => {
      const { body } = await anne.desk.get(`/v1/jobs?concerns=${reminder.id}`);
      return body.data.length === 13 && body.data.every((job: Json) => job.state === 'done' || job.status === 'done');
    });
    expect(await mailsTo('twice@members.example')).toHaveLength(1);
  });

  it('is made once by twelve sweeps that run at the same time', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'race@members.example' } });
    await anne.to('2010-01-07');
    const organization = { ...(await asClub(anne)), test_today: day('2010-01-08') };
    const sweep = () =>
      engine.database.transaction((trx) => sweepReminders(writeContext(trx, organization, 'test', new Date())));
    const made = (await Promise.all(Array.from({ length: 12 }, sweep))).map((done) => done.reminders);
    expect(made.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await anne.reminders()).toHaveLength(1);
  });

  it('left by a worker that died while sending is unknown, shown, and sent again only by a person', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'died@members.example' } });
    await anne.to('2010-01-08');
    const [reminder] = await anne.reminders();
    expect(reminder.status).toBe('sent');
    // As the worker left it: claimed, and no more.
    await engine
      .database('message')
      .where({ id: reminder.id })
      .update({ state: 'sending', sending_job_id: 'job_of_the_dead', ended_on: null });
    await anne.to('2010-01-09');
    const found = (await anne.reminders())[0];
    expect(found).toMatchObject({ status: 'unknown', reason: 'interrupted', message_id: reminder.message_id });
    await anne.to('2010-01-12');
    expect(await mailsTo('died@members.example')).toHaveLength(1);
    await anne.desk.post(`/v1/reminders/${reminder.id}/resolution`, { outcome: 'send_again' });
    await until('it is sent', async () => (await anne.reminders())[0].status === 'sent');
    const mails = await mailsTo('died@members.example');
    expect(mails).toHaveLength(2);
    expect(mails[0].parsed.messageId, 'the same Message-ID').toBe(mails[1].parsed.messageId);
  });

  it('is not sent when the debt was paid between the choice and the sending', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'paid@members.example' } });
    await anne.to('2010-01-08');
    const [reminder] = await anne.reminders();
    await anne.pays('2010-01-05', '2010-01-08');
    await engine.database('message').where({ id: reminder.id }).update({ state: 'refused', reason: 'server_refused' });
    await anne.desk.post(`/v1/reminders/${reminder.id}/resolution`, { outcome: 'send_again' });
    const skipped = await until('it is skipped', async () => {
      const [now] = await anne.reminders();
      return now.status === 'skipped' ? now : null;
    });
    expect(skipped).toMatchObject({ reason: 'paid' });
    expect(await mailsTo('paid@members.example')).toHaveLength(1);
  });

  it('follows a rejection: one message for the amount and its fee, stopped by the representment that is paid', async () => {
    const anne = await latePayer(engine, '2010-01-05', {
      settings: { rejections: { fee: { label: 'Rejection fee', amount: 1000 } } },
      customer: { email: 'rejected@members.example' },
    });
    await anne.pays('2010-01-05', '2010-01-05');
    const { body } = await anne.desk.get(`/v1/payments?customer=${anne.customer.id}`);
    await anne.to('2010-01-12');
    await anne.desk.post(`/v1/payments/${body.data[0].id}/rejection`, {});
    await anne.to('2010-01-16');
    expect(inOrder(await anne.reminders())).toEqual(['2010-01-15 reminder 1 email sent 6900 of 2010-01-12']);
    await anne.pays('2010-01-05', '2010-01-17');
    await anne.to('2010-02-04');
    expect((await anne.reminders()).filter((one) => one.amount >= 5900)).toHaveLength(1);
  });

  it('is never sent once the bank has reported a death', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'death@members.example' } });
    await anne.pays('2010-01-05', '2010-01-05');
    const { body } = await anne.desk.get(`/v1/payments?customer=${anne.customer.id}`);
    await anne.to('2010-01-12');
    await anne.desk.post(`/v1/payments/${body.data[0].id}/rejection`, { reason_code: 'MD07' });
    await anne.to('2010-02-20');
    expect(await anne.reminders()).toEqual([]);
    const byHand = await anne.desk.send('POST', `/v1/contracts/${anne.contract.id}/reminders`);
    expect(byHand).toMatchObject({ status: 409, body: { code: 'reminder_customer_deceased' } });
  });

  it('may carry a fee and a block: both begin when it goes out, and end with the payment', async () => {
    const stages = [{ after_days: 5, text: 'reminder_2', fee_amount: 500, block: true }];
    const anne = await latePayer(engine, '2010-01-05', {
      settings: { grace_days: 60, reminders: { stages } },
      customer: { email: 'fee@members.example' },
    });
    const path = `/v1/customers/${anne.customer.id}`;
    await anne.to('2010-01-09');
    expect((await anne.desk.get(`${path}/access`)).body.state).toBe('active');
    await anne.to('2010-01-10');
    expect((await anne.desk.get(`${path}/access`)).body).toMatchObject({ state: 'blocked', reason: 'reminder_stage' });
    expect((await anne.desk.get(`${path}/ledger`)).body.owed_amount).toBe(6400);
    expect((await mailsTo('fee@members.example'))[0].parsed.subject).toBe('Second reminder: €64.00 to pay');
    await anne.to('2010-01-30');
    expect(
      (await anne.reminders()).map((one) => one.stage),
      'the fee brings no reminder of its own',
    ).toEqual([1]);
    await anne.desk.post(`${path}/promises`, { until_on: '2010-02-02' });
    expect((await anne.desk.get(`${path}/access`)).body.state).toBe('active');
  });

  it('by hand is previewed, sent, and sent once a day', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'hand@members.example' } });
    await anne.to('2010-01-06');
    const path = `/v1/contracts/${anne.contract.id}/reminders`;
    const preview = await anne.desk.send('POST', `${path}?dry_run=true`);
    expect(preview.body.changes[0]).toMatchObject({
      channel: 'email',
      amount: 5900,
      subject: 'Your payment of €59.00',
    });
    expect(await anne.reminders()).toEqual([]);
    const answer = await anne.desk.send('POST', `${path}?preview_token=${preview.body.preview_token}`);
    expect(answer).toMatchObject({ status: 201, body: { kind: 'payment_reminder', object: 'reminder' } });
    await until('it is sent', async () => (await anne.reminders())[0].status === 'sent');
    expect(await anne.desk.send('POST', path)).toMatchObject({ status: 409, body: { code: 'reminder_already_today' } });
    const text = await anne.desk.get(`/v1/reminders/${answer.body.id}/text`);
    const [mail] = await mailsTo('hand@members.example');
    expect(text.body.subject).toBe(mail.parsed.subject);
    await anne.pays('2010-01-05', '2010-01-07');
    expect(await anne.desk.send('POST', path)).toMatchObject({ status: 409, body: { code: 'reminder_nothing_due' } });
  });
});

describe('the texts of an organization', () => {
  it('are kept in versions, used from then on, and refused when broken, with line and column', async () => {
    const anne = await latePayer(engine, '2010-01-05', { customer: { email: 'texts@members.example' } });
    const path = '/v1/mail_templates/reminder_1/en';
    const first = await anne.desk.get(path);
    expect(first.body).toMatchObject({ version: 0, versions: [] });
    const broken = await anne.desk.send('PUT', path, { subject: 'Hello', body: 'Dear\n{{ custommer_name }}' });
    expect(broken).toMatchObject({ status: 422, body: { code: 'mail_text_unknown_variable' } });
    expect(broken.body.errors).toMatchObject([{ pointer: '/body' }]);
    expect(broken.body.detail).toMatch(/^(?:Ligne|Line|Zeile) 2, \S+ 4/);
    const mine = { subject: 'Ahem: {{ amount }}', body: 'Dear {{ customer_name }},\n\nplease pay {{ amount }}.' };
    expect((await anne.desk.send('PUT', path, mine)).body).toMatchObject({ version: 1, subject: mine.subject });
    await anne.to('2010-01-08');
    const [mail] = await mailsTo('texts@members.example');
    expect(mail.parsed.subject).toBe('Ahem: €59.00');
    await anne.desk.send('PUT', path, { ...mine, subject: 'Another: {{ amount }}' });
    const preview = await anne.desk.post(`${path}/preview`, { customer: anne.customer.id });
    expect(preview).toMatchObject({ subject: 'Another: €59.00', made_up: false });
    const [reminder] = await anne.reminders();
    const said = await anne.desk.get(`/v1/reminders/${reminder.id}/text`);
    expect(said.body.subject, 'what was said stays what was said').toBe('Ahem: €59.00');
    expect((await anne.desk.get(path)).body.versions.map((one: Json) => one.version)).toEqual([2, 1]);
  });
});
