/** A worker is killed after a mail server has taken a mail and before it has said so: nobody knows, and nobody guesses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, day } from '../../src/domain/day.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import { type ScriptedServer, startScriptedServer } from '../gateways/scripted-smtp.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { until as untilSoon } from './late-payer.ts';

/** Programs are started here, on a machine that may be busy. */
const until: typeof untilSoon = (what, ask) => untilSoon(what, ask, 180_000);

let engine: TestEngine;
let server: ScriptedServer;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  // The first mail is taken and never answered for.
  server = await startScriptedServer({ end: ['stall', '250 2.0.0 taken'] });
  engine = await startTestEngine({ workers: false });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await engine.stop();
  await server.close();
});

function startWorker(): ChildProcess {
  const mail = { SMTP_URL: server.url, MAIL_FROM: 'club@club.example' };
  const env = { ...process.env, DATABASE_URL: engine.databaseUrl, REDIS_URL: '', LOG_LEVEL: 'error', ...mail };
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts'], { env, stdio: [...stdio] });
  workers.push(worker);
  return worker;
}

/** A live organization, whose mails leave, with members who are a week late. */
async function liveClub(members: number): Promise<Client> {
  const key = await engine.database.transaction(async (trx) => {
    const club = { name: 'Club', timezone: 'Europe/Paris', currency: 'EUR', locale: 'en' as const, test_today: null };
    const organization = await createOrganization(trx, club, new Date());
    const admin = { organization_id: organization.id, label: 'admin', role: 'admin' as const, is_operator: false };
    return createApiKey(trx, admin, new Date());
  });
  const desk = engine.client(key);
  const { today } = (await desk.get('/v1/organization')).body;
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5900, term_months: 12 });
  for (let at = 1; at <= members; at++) {
    const customer = await desk.post('/v1/customers', { name: `Member ${at}`, email: `member-${at}@members.example` });
    const starts_on = addDays(day(today), -7);
    await desk.post('/v1/contracts', { customer: customer.id, plan: plan.id, starts_on, method: 'cash' });
  }
  return desk;
}

it('is unknown, shown, never sent again by itself, and sent again by a person as the same mail', {
  timeout: 900_000,
}, async () => {
  const desk = await liveClub(3);
  const reminders = async (status?: string): Promise<Json[]> =>
    (await desk.get(`/v1/reminders${status ? `?status=${status}` : ''}`)).body.data;

  const doomed = startWorker();
  await until('the server has all three', async () => server.messages.length === 3);
  await until('two are sent', async () => (await reminders('sent')).length === 2);
  const [left] = await reminders('sending');
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');

  // The lease of its job runs out; then another worker finds the mail as it was left.
  await engine.database('job').where({ state: 'running' }).update({ lease_until: engine.database.fn.now() });
  startWorker();
  const [unknown] = await until('it is unknown', async () => {
    const found = await reminders('unknown');
    return found.length > 0 ? found : null;
  });
  expect(unknown).toMatchObject({ id: left?.id, reason: 'interrupted', stage: 1 });
  await until('its job is done', async () => {
    const { body } = await desk.get(`/v1/jobs?concerns=${left?.id}`);
    return body.data.every((job: Json) => job.state === 'done');
  });
  expect(server.messages, 'nothing was sent again').toHaveLength(3);

  expect((await desk.send('POST', `/v1/reminders/${left?.id}/resolution`, { outcome: 'send_again' })).status).toBe(200);
  await until('it is sent', async () => (await reminders('sent')).length === 3);
  expect(server.messages).toHaveLength(4);
  const ids = server.messages.map((message) => /^Message-ID: (.*)$/im.exec(message)?.[1]);
  expect(new Set(ids).size, 'the same Message-ID').toBe(3);
});
