/** What becomes of mails when the mail server refuses, asks to wait, dies after taking one, or is away: over the real job road. */
import { afterEach, describe, expect, it } from 'vitest';
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
