/** Notices of rejected payments, of invoices and of blocks: once per cause, with the facts of the moment they go out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadContext } from '../../src/context.ts';
import { type Context, writeContext } from '../../src/context.ts';
import { day } from '../../src/domain/day.ts';
import { type MailCatcher, startMailCatcher } from '../../src/gateways/mail-catcher.ts';
import type { CaughtMail } from '../../src/gateways/mailbox.ts';
import { MAX_ATTACHED_BYTES } from '../../src/services/attach-invoices.ts';
import { sweepBlocks, sweepInvoices, sweepRejectionNotices } from '../../src/services/send-notices.ts';
import { invoicesOf } from '../../src/store/invoices-to-send.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { fetchPdf, seller } from './invoicing.ts';
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

const ALL = ['rejection_notice', 'invoice', 'access_blocked'];
const fee = { label: 'Rejection fee', amount: 1000 };

const anneOf = (address: string, reminders: object, more: object = {}): Promise<LatePayer> =>
  latePayer(engine, '2010-01-05', {
    settings: { reminders: { stages: [], ...reminders }, ...more },
    customer: { email: address },
  });

async function mailsTo(address: string): Promise<CaughtMail[]> {
  const mails = await catcher.mailbox.list();
  return mails.filter((mail) => mail.recipients.includes(address)).toReversed();
}

const told = async (anne: LatePayer) =>
  (await anne.reminders()).map((one) =>
    [one.made_on, one.kind, one.stage, one.status, one.reason ?? '', one.amount].join(' '),
  );

/** Each mail is a job of its own, which may end after the day that made it. */
const allSent = (anne: LatePayer) =>
  until('all are sent', async () => (await anne.reminders()).every((one) => one.status === 'sent'));

type Sweep = (ctx: Context) => Promise<Record<string, number>>;

/** The daily work of a day, as many workers would do it at once. */
async function atOnce(anne: LatePayer, on: string, sweep: Sweep): Promise<number> {
  const organization = await findOrganization(engine.database, anne.desk.organization.id);
  if (!organization) throw new Error('no organization');
  const that = { ...organization, test_today: day(on) };
  const done = await Promise.all(
    Array.from({ length: 12 }, () =>
      engine.database.transaction((trx) => sweep(writeContext(trx, that, 'test', new Date()))),
    ),
  );
  return done.flatMap((one) => Object.values(one)).reduce((sum, count) => sum + count, 0);
}

async function reject(anne: LatePayer, on: string, given: object = {}): Promise<Json> {
  await anne.to(on);
  const { body } = await anne.desk.get(`/v1/payments?customer=${anne.customer.id}`);
  const payment = body.data.find((one: Json) => one.status === 'settled' || one.state === 'settled');
  return anne.desk.post(`/v1/payments/${payment.id}/rejection`, given);
}

describe('a payment that came back', () => {
  it('is told once, the morning after, with its fee and what is owed, by however many at once', async () => {
    const anne = await anneOf('back@members.example', { notices: ALL }, { rejections: { fee }, grace_days: 30 });
    await anne.pays('2010-01-05', '2010-01-05');
    await reject(anne, '2010-01-12', { reason_code: 'AM04' });
    expect(await atOnce(anne, '2010-01-13', sweepRejectionNotices)).toBe(1);
    await anne.to('2010-01-25');
    expect(await told(anne)).toEqual(['2010-01-13 rejection_notice 1 sent  6900']);
    const [mail, ...more] = await mailsTo('back@members.example');
    expect(more).toEqual([]);
    expect(mail?.parsed.subject).toBe('Your payment of €59.00 did not go through');
    expect(mail?.parsed.text).toContain('€69.00');
    expect(mail?.parsed.text).toContain('Insufficient funds');
  });

  it('is not told where it was paid, promised or held before the mail went out, nor after a death', async () => {
    const paid = await anneOf('back-paid@members.example', { notices: ALL });
    await paid.pays('2010-01-05', '2010-01-05');
    await reject(paid, '2010-01-12');
    await atOnce(paid, '2010-01-12', sweepRejectionNotices);
    const [made] = await paid.reminders();
    await until('it is sent', async () => (await paid.reminders())[0].status === 'sent');
    await engine.database('message').where({ id: made.id }).update({ state: 'refused', reason: 'server_refused' });
    await paid.pays('2010-01-05', '2010-01-12');
    await paid.desk.post(`/v1/reminders/${made.id}/resolution`, { outcome: 'send_again' });
    await until('it is skipped', async () => (await paid.reminders())[0].status === 'skipped');
    expect(await told(paid)).toEqual(['2010-01-12 rejection_notice 1 skipped paid 5900']);

    const held = await anneOf('back-held@members.example', { notices: ALL });
    await held.pays('2010-01-05', '2010-01-05');
    await reject(held, '2010-01-12');
    await held.desk.post(`/v1/customers/${held.customer.id}/holds`, {});
    await held.to('2010-01-14');
    expect(await told(held)).toEqual([]);

    const promised = await anneOf('back-promised@members.example', { notices: ALL });
    await promised.pays('2010-01-05', '2010-01-05');
    await reject(promised, '2010-01-12');
    await promised.desk.post(`/v1/customers/${promised.customer.id}/promises`, { until_on: '2010-01-14' });
    await promised.to('2010-01-14');
    expect(await told(promised), 'the promise holds').toEqual([]);
    await promised.to('2010-01-15');
    await allSent(promised);
    expect(await told(promised), 'it was not kept').toEqual([
      '2010-01-15 rejection_notice 1 sent  5900',
      '2010-01-15 access_blocked 1 sent  5900',
    ]);

    const died = await anneOf('back-died@members.example', { notices: ALL });
    await died.pays('2010-01-05', '2010-01-05');
    await reject(died, '2010-01-12', { reason_code: 'MD07' });
    await died.to('2010-01-20');
    expect(await told(died)).toEqual([]);
  });

  it('names the day on which it is collected again', async () => {
    const anne = await anneOf('again@members.example', { notices: ['rejection_notice'], prenotification_days: null });
    const mandate = { iban: 'FR7630006000011234567890189', signed_on: '2010-01-05' };
    await anne.desk.post(`/v1/customers/${anne.customer.id}/mandates`, mandate);
    await anne.pays('2010-01-05', '2010-01-05');
    await reject(anne, '2010-01-12', { representments: [{ due_on: '2010-02-06', method: 'direct_debit' }] });
    await anne.to('2010-01-13');
    const [mail] = await mailsTo('again@members.example');
    expect(mail?.parsed.text).toMatch(/We will collect €59.00 again on 8\sFebruary\s2010/);
  });
});

describe('a block for a debt', () => {
  it('is told on its first morning, once, and a new one anew', async () => {
    const anne = await anneOf('blocked@members.example', { notices: ALL });
    expect(await atOnce(anne, '2010-01-06', sweepBlocks), 'nobody is blocked yet').toBe(0);
    await anne.to('2010-01-06');
    expect(await atOnce(anne, '2010-01-06', sweepBlocks)).toBe(0);
    await anne.pays('2010-01-05', '2010-01-20');
    await anne.pays('2010-02-05', '2010-02-09');
    await anne.to('2010-02-20');
    expect(await told(anne)).toEqual([
      '2010-01-06 access_blocked 1 sent  5900',
      '2010-02-06 access_blocked 2 sent  5900',
    ]);
    const mails = await mailsTo('blocked@members.example');
    expect(mails.map((mail) => mail.parsed.subject)).toEqual(['Your access is blocked', 'Your access is blocked']);
    expect(mails[1]?.parsed.text).toContain('Gym, instalment 2');
  });

  it('is not told while a promise holds, and told when it was not kept', async () => {
    const anne = await anneOf('promised@members.example', { notices: ALL });
    await anne.desk.post(`/v1/customers/${anne.customer.id}/promises`, { until_on: '2010-01-08' });
    await anne.to('2010-01-08');
    expect(await told(anne)).toEqual([]);
    await anne.to('2010-01-10');
    await allSent(anne);
    expect(await told(anne)).toEqual(['2010-01-09 access_blocked 1 sent  5900']);
  });

  it('is not told once the customer may enter again', async () => {
    const anne = await anneOf('unblocked@members.example', { notices: ALL });
    await anne.to('2010-01-06');
    const [made] = await anne.reminders();
    await engine.database('message').where({ id: made.id }).update({ state: 'refused', reason: 'server_refused' });
    await anne.pays('2010-01-05', '2010-01-06');
    await anne.desk.post(`/v1/reminders/${made.id}/resolution`, { outcome: 'send_again' });
    await until('it is skipped', async () => (await anne.reminders())[0].status === 'skipped');
    expect(await told(anne)).toEqual(['2010-01-06 access_blocked 1 skipped not_blocked 5900']);
  });

  it('is not told of where a stage of the reminders brought it, nor without the setting', async () => {
    const stages = [{ after_days: 2, text: 'reminder_2', block: true }];
    const stage = await anneOf('stage@members.example', { notices: ALL, stages }, { grace_days: 90 });
    await stage.to('2010-01-12');
    expect(await told(stage)).toEqual(['2010-01-07 reminder 1 sent  5900']);
    const plain = await anneOf('plain@members.example', {});
    await plain.to('2010-01-12');
    expect(await told(plain)).toEqual([]);
  });
});

describe('an invoice', () => {
  const invoicing = { seller };
  const issue = (anne: LatePayer): Promise<Json> =>
    anne.desk.send('POST', '/v1/invoices', { contract: anne.contract.id }).then(({ body }) => body);

  it('is mailed once with its PDF, byte for byte as it was printed, and one that was taken back is not', async () => {
    const anne = await anneOf('invoice@members.example', { notices: ['invoice'] }, { invoicing });
    await anne.pays('2010-01-05', '2010-01-05');
    const invoice = await issue(anne);
    const { bytes } = await fetchPdf(engine, anne.desk, invoice.id);
    expect(await atOnce(anne, '2010-01-06', sweepInvoices)).toBe(1);
    await anne.to('2010-01-12');
    expect(await told(anne)).toEqual(['2010-01-06 invoice 1 sent  5900']);
    const [mail] = await mailsTo('invoice@members.example');
    expect(mail?.parsed.attachments.map((one) => [one.filename, one.mimeType])).toEqual([
      [`${invoice.number}.pdf`, 'application/pdf'],
    ]);
    expect(Buffer.from(mail?.parsed.attachments[0]?.content as ArrayBuffer).equals(bytes)).toBe(true);
    expect((await anne.reminders())[0].attached).toMatchObject([{ invoice: invoice.id, number: invoice.number }]);

    await anne.pays('2010-02-05', '2010-02-05');
    const second = await issue(anne);
    await anne.desk.send('POST', `/v1/invoices/${second.id}/cancellation`, { reason: 'Wrong person' });
    await anne.to('2010-02-08');
    expect(await told(anne)).toHaveLength(1);
  });

  it('of what is long due asks for it, and for no day that has passed', async () => {
    const anne = await anneOf('due-before@members.example', { notices: ['invoice'] }, { invoicing });
    await anne.to('2010-01-07');
    const { id } = await anne.instalment('2010-01-05');
    const invoice = await anne.desk.post('/v1/invoices', { contract: anne.contract.id, instalments: [id] });
    await fetchPdf(engine, anne.desk, invoice.id);
    await anne.to('2010-01-08');
    await allSent(anne);
    const [mail] = await mailsTo('due-before@members.example');
    expect(mail?.parsed.text).toMatch(/€59\.00\s+remains to be paid\./);
    expect(mail?.parsed.text).not.toMatch(/5\sJanuary/);
  });

  it('that is not printed yet is waited for, not dropped', async () => {
    const anne = await anneOf('waits@members.example', { notices: ['invoice'] }, { invoicing });
    await anne.pays('2010-01-05', '2010-01-05');
    const invoice = await issue(anne);
    await fetchPdf(engine, anne.desk, invoice.id);
    const [file] = await engine.database('invoice_file').where({ invoice_id: invoice.id });
    await engine.database.transaction(async (trx) => {
      await trx.raw('set local session_replication_role = replica');
      await trx('invoice_file').where({ invoice_id: invoice.id }).delete();
      await trx.raw(
        `update job set state = 'queued', due_at = now() + interval '1 hour', finished_at = null
                     where concerns = ? and name = 'print-invoice'`,
        [invoice.id],
      );
    });
    await anne.to('2010-01-08');
    expect(await told(anne)).toEqual(['2010-01-06 invoice 1 queued document_not_printed 5900']);
    expect(await mailsTo('waits@members.example')).toEqual([]);
    await engine.database('invoice_file').insert({ ...file, warnings: JSON.stringify(file.warnings) });
    await until('it is sent', async () => (await anne.reminders())[0].status === 'sent');
    expect((await mailsTo('waits@members.example'))[0]?.parsed.attachments).toHaveLength(1);
  });

  it('larger than a mail may be is refused, said so, and sent once it fits', async () => {
    const anne = await anneOf('large@members.example', { notices: ['invoice'] }, { invoicing });
    await anne.pays('2010-01-05', '2010-01-05');
    const invoice = await issue(anne);
    const { bytes } = await fetchPdf(engine, anne.desk, invoice.id);
    const becomes = (file: Buffer) =>
      engine.database.transaction(async (trx) => {
        await trx.raw('set local session_replication_role = replica');
        await trx('invoice_file').where({ invoice_id: invoice.id }).update({ bytes: file });
      });
    await becomes(Buffer.alloc(MAX_ATTACHED_BYTES + 1));
    await anne.to('2010-01-06');
    await until('it is refused', async () => (await anne.reminders())[0]?.status === 'refused');
    expect(await told(anne)).toEqual(['2010-01-06 invoice 1 refused attachment_too_large 5900']);
    expect(await mailsTo('large@members.example')).toEqual([]);
    await becomes(bytes);
    const [made] = await anne.reminders();
    await anne.desk.post(`/v1/reminders/${made.id}/resolution`, { outcome: 'send_again' });
    await until('it is sent', async () => (await anne.reminders())[0].status === 'sent');
    expect(await mailsTo('large@members.example')).toHaveLength(1);
  });

  it('is looked for by payment and by debt on one connection', async () => {
    const anne = await anneOf('looked-for@members.example', {}, { invoicing });
    const due = await anne.instalment('2010-01-05');
    const invoice = await anne.desk.post('/v1/invoices', { contract: anne.contract.id, instalments: [due.id] });
    const found = await engine.database.transaction(async (trx) => {
      const ctx = { reader: trx, organization: anne.desk.organization } as unknown as ReadContext;
      return [await invoicesOf(ctx, { debt: due.id }), await invoicesOf(ctx, { payment: 'pay_none' })];
    });
    expect(found).toEqual([[invoice.id], []]);
  });

  it('goes with the receipt of what it was made of, and with the stage that says so', async () => {
    const stages = [{ after_days: 3, text: 'reminder_1', attach_invoice: true }];
    const settings = { stages, receipts_for: ['cash'], receipt_with_invoice: true };
    const anne = await anneOf('brings@members.example', settings, { invoicing });
    const due = await anne.instalment('2010-01-05');
    const invoice = await anne.desk.post('/v1/invoices', { contract: anne.contract.id, instalments: [due.id] });
    await fetchPdf(engine, anne.desk, invoice.id);
    await anne.pays('2010-01-05', '2010-01-09');
    await anne.to('2010-01-11');
    await allSent(anne);
    expect(await told(anne)).toEqual(['2010-01-08 reminder 1 sent  5900', '2010-01-10 receipt 1 sent  5900']);
    const mails = await mailsTo('brings@members.example');
    expect(mails.map((mail) => mail.parsed.attachments.map((one) => one.filename))).toEqual([
      [`${invoice.number}.pdf`],
      [`${invoice.number}.pdf`],
    ]);
  });
});
