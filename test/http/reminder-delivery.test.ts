/** What becomes of mails when the mail server refuses, asks to wait, dies after taking one, or is away: over the real job road. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isEmailAddress } from '../../src/domain/email-address.ts';
import { hostileAddress } from '../domain/hostile-addresses.ts';
import { type Script, type ScriptedServer, startScriptedServer } from '../gateways/scripted-smtp.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type LatePayer, latePayer, until } from './late-payer.ts';

const running: { engine: TestEngine; server: ScriptedServer }[] = [];
afterEach(async () => {
  for (const { engine, server } of running.splice(0)) {
    await engine.stop();
    await server.close();
  }
});

async function clubBehind(script: Script, settings = {}): Promise<{ anne: LatePayer; server: ScriptedServer }> {
  const server = await startScriptedServer(script);
  const limits = { connect_ms: 500, reply_ms: 500, mail_ms: 2000 };
  const engine = await startTestEngine({ workersOptions: { mail: { demo_url: server.url, limits } } });
  running.push({ engine, server });
  return { anne: await latePayer(engine, '2010-01-05', { settings }), server };
}

const lastEngine = (): TestEngine => (running.at(-1) as { engine: TestEngine }).engine;

const first = async (anne: LatePayer): Promise<Json> => (await anne.reminders())[0];

async function jobOf(anne: LatePayer): Promise<Json> {
  const { body } = await anne.desk.get(`/v1/jobs?concerns=${(await first(anne)).id}`);
  return body.data[0];
}

const becomes = (anne: LatePayer, status: string) =>
  until(`the reminder is ${status}`, async () => {
    const reminder = await first(anne);
    return reminder?.status === status ? reminder : null;
  });

describe('a mail server that', () => {
  it('takes a mail and dies leaves it unknown, and it is not sent again', async () => {
    const { anne, server } = await clubBehind({ end: 'die' });
    await anne.to('2010-01-08');
    expect(await becomes(anne, 'unknown')).toMatchObject({ reason: 'no_answer', stage: 1 });
    await anne.to('2010-01-14');
    expect(server.messages).toHaveLength(1);
    server.script.end = '250 2.0.0 taken';
    await anne.to('2010-01-16');
    expect(
      (await anne.reminders()).map((one) => `${one.made_on} ${one.stage} ${one.status}`),
      'the next stage keeps its day',
    ).toEqual(['2010-01-08 1 unknown', '2010-01-15 2 sent']);
  });

  it('refuses the mailbox has its address suppressed: the customer gets a letter', async () => {
    const { anne, server } = await clubBehind({ rcpt: '550 5.1.1 no such mailbox' });
    await anne.to('2010-01-08');
    expect(await becomes(anne, 'refused')).toMatchObject({ reason: 'address_refused' });
    await anne.to('2010-01-09');
    expect(await becomes(anne, 'to_print')).toMatchObject({ channel: 'letter', stage: 1 });
    await anne.to('2010-01-20');
    expect(server.recipients, 'nothing is tried there again').toHaveLength(1);
    expect((await anne.reminders()).map((one) => [one.stage, one.channel])).toEqual([
      [1, 'letter'],
      [2, 'letter'],
    ]);
    const path = '/v1/suppressed_addresses';
    expect((await anne.desk.get(path)).body.data).toMatchObject([{ address: 'anne@members.example' }]);
    expect((await anne.desk.send('DELETE', `${path}/anne@members.example`)).status).toBe(204);
    expect((await anne.desk.get(path)).body.data).toEqual([]);
  });

  it('asks to wait is asked again later, visibly, while the queue goes on', async () => {
    const { anne, server } = await clubBehind({ rcpt: '451 4.3.0 later' });
    await anne.to('2010-01-08');
    const job = await jobOf(anne);
    expect(job).toMatchObject({ state: 'queued', reason: { code: 'unavailable' } });
    expect(await first(anne)).toMatchObject({ status: 'queued', reason: 'deferred', reply: '451 4.3.0 later' });
    server.script.rcpt = '250 2.1.5 ok';
    expect(await becomes(anne, 'sent')).toMatchObject({ stage: 1 });
    expect(server.messages).toHaveLength(1);
  });

  it('stalls before it takes anything is tried again, and the mail goes once', async () => {
    const { anne, server } = await clubBehind({ greeting: 'stall' });
    await anne.to('2010-01-08');
    expect(await first(anne)).toMatchObject({ status: 'queued', reason: 'unavailable' });
    server.script.greeting = '220 here again';
    await becomes(anne, 'sent');
    expect(server.messages).toHaveLength(1);
  });
});

describe('an address that somebody put into the database past every check', () => {
  it('brings no foreign recipient: it is written to by letter, or as one address', async () => {
    const { anne, server } = await clubBehind({});
    const plan = await anne.desk.post('/v1/plans', { name: 'Pool', kind: 'membership', amount: 2000, term_months: 12 });
    const texts = fc.sample(hostileAddress, { numRuns: 60, seed: 7 }).filter((text) => !/[\0\ud800-\udfff]/.test(text));
    for (const [at, text] of texts.entries()) {
      const customer = await anne.desk.post('/v1/customers', { name: `Member ${at}` });
      const contract = { customer: customer.id, plan: plan.id, starts_on: '2010-01-05', method: 'cash' };
      await anne.desk.post('/v1/contracts', contract);
      await lastEngine()
        .database('customer')
        .where({ id: customer.id })
        .update({ email: text.slice(0, 254) });
    }
    await anne.to('2010-01-08');
    const byMail = texts.map((text) => text.slice(0, 254)).filter(isEmailAddress);
    expect(server.recipients.toSorted()).toEqual([...byMail, 'anne@members.example'].toSorted());
    expect((await anne.reminders()).filter((one) => one.channel === 'letter')).toHaveLength(
      texts.length - byMail.length,
    );
  });
});

describe('of many mails', () => {
  it('the one that is deferred holds up nobody, is tried again with growing pauses, and goes once', async () => {
    const { anne, server } = await clubBehind({ rcpt: '250 2.1.5 ok' });
    const plan = await anne.desk.post('/v1/plans', { name: 'Pool', kind: 'membership', amount: 2000, term_months: 12 });
    for (const name of ['Ben', 'Cleo', 'Dora']) {
      const customer = await anne.desk.post('/v1/customers', { name, email: `${name.toLowerCase()}@members.example` });
      const contract = { customer: customer.id, plan: plan.id, starts_on: '2010-01-05', method: 'cash' };
      await anne.desk.post('/v1/contracts', contract);
    }
    const no = '451 4.7.1 greylisted';
    const yes = '250 2.1.5 ok';
    // One of the four is put off; the day waits for its second try, which is put off for longer.
    server.script.rcpt = [no, yes, yes, yes, no, yes];
    await anne.to('2010-01-08');
    const standing = async () => (await anne.reminders()).map((one) => one.status).toSorted();
    expect(await standing()).toEqual(['queued', 'sent', 'sent', 'sent']);
    const late = (await anne.reminders()).find((one) => one.status === 'queued');
    const job = async () => (await anne.desk.get(`/v1/jobs?concerns=${late?.id}`)).body.data[0];
    await until('it was tried twice', async () => (await job()).attempts >= 2);
    const row = await lastEngine().database('job').where({ concerns: late?.id }).first();
    expect(row.due_at - Date.now(), 'the second pause is longer than the first').toBeGreaterThan(1000);
    await until('it is sent', async () => (await standing()).every((status) => status === 'sent'));
    expect(server.messages).toHaveLength(4);
  });

  it('what a server says it took is sent, even if it hangs up at once; what it only half says is unknown', async () => {
    const { anne, server } = await clubBehind({ end: '250 2.0.0 taken', afterwards: 'die' });
    await anne.to('2010-01-08');
    expect(await becomes(anne, 'sent')).toMatchObject({ reply: '250 2.0.0 taken' });
    server.script.end = '250-2.0.0 ta<EOF>';
    await anne.to('2010-01-15');
    const second = await until('the second is unknown', async () =>
      (await anne.reminders()).find((one) => one.stage === 2 && one.status === 'unknown'),
    );
    expect(second).toMatchObject({ reason: 'no_answer' });
    await anne.to('2010-01-20');
    expect(server.messages).toHaveLength(2);
  });

  it('a server that says yes where it should ask for the text is not believed', async () => {
    const { anne, server } = await clubBehind({ data: '250 2.0.0 thank you, queued' });
    await anne.to('2010-01-08');
    const { status } = await first(anne);
    expect(['queued', 'refused']).toContain(status);
    expect(server.messages).toEqual([]);
  });

  it('one that the server refuses for its text is shown, suppresses nobody, and is not tried again by itself', async () => {
    const { anne, server } = await clubBehind({ end: '554 5.7.1 looks like spam' });
    await anne.to('2010-01-08');
    expect(await becomes(anne, 'refused')).toMatchObject({
      reason: 'server_refused',
      reply: '554 5.7.1 looks like spam',
    });
    await anne.to('2010-01-12');
    expect(server.messages).toHaveLength(1);
    expect((await anne.desk.get('/v1/suppressed_addresses')).body.data).toEqual([]);
  });
});

describe('a test organization', () => {
  it('never reaches the mail server that delivers', async () => {
    const server = await startScriptedServer();
    const mail = { smtp_url: server.url, from: 'club@club.example' };
    const engine = await startTestEngine({ workersOptions: { mail } });
    running.push({ engine, server });
    const anne = await latePayer(engine, '2010-01-05');
    await anne.to('2010-01-08');
    expect(await becomes(anne, 'sent')).toMatchObject({ reason: 'kept_here' });
    expect(server.connections).toBe(0);
  });
});
