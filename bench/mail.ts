/**
 * How fast reminders are written and handed over to a local mail server, against a bare nodemailer loop over a pool
 * of the same size that sends the same mail, written beforehand. The server is a process of its own, the two sides
 * take turns in this one. `node --import tsx bench/mail.ts [mails]`
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { emailAddress } from '../src/domain/email-address.ts';
import { cents } from '../src/domain/money.ts';
import { renderMail } from '../src/formats/mail/render.ts';
import { sampleFacts } from '../src/formats/mail/variables.ts';
import { createMailer, messageIdOf } from '../src/gateways/mailer.ts';
import { type BenchResult, median } from './ratio.ts';

const CONNECTIONS = 5;
const AT_ONCE = 50;
const ROUNDS = 3;
const from = emailAddress('club@club.example');
const sender = { name: 'Club Nautique', contact: 'accueil@club.example', lines: ['12 quai de la Fosse, Nantes'] };
const facts = sampleFacts('reminder_2', true, 'fr');
const recipient = (n: number) => emailAddress(`customer-${n}@example.com`);

function mailOf(n: number) {
  const own = { ...facts, customer_name: `Customer number ${n}`, amount: cents(5900 + n) };
  return renderMail({ kind: 'reminder_2', language: 'fr', currency: 'EUR', facts: own, sender });
}

/** `send(n)` for each of `count`, so many at once. */
async function inTurns(count: number, send: (n: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await send(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return performance.now() - start;
}

async function ours(url: string, count: number): Promise<number> {
  const mailer = createMailer({ smtp_url: url, from, connections: CONNECTIONS });
  const ms = await inTurns(count, async (n) => {
    const outcome = await mailer.send({
      ...mailOf(n),
      message_id: messageIdOf(`msg_${n}`, from),
      to: recipient(n),
      from_name: sender.name,
      reply_to: null,
      language: 'fr',
      list: 'reminders.bench',
    });
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  });
  mailer.close();
  return ms;
}

async function bare(url: string, count: number): Promise<number> {
  const { hostname: host, port } = new URL(url);
  const transport = nodemailer.createTransport({
    pool: true,
    host,
    port: Number(port),
    maxConnections: CONNECTIONS,
    maxMessages: 1000,
  });
  const mail = mailOf(1);
  const ms = await inTurns(count, async (n) => {
    await transport.sendMail({ ...mail, from: { name: sender.name, address: from }, to: recipient(n) });
  });
  transport.close();
  return ms;
}

function rendering(count: number): number {
  const start = performance.now();
  for (let n = 1; n <= count; n += 1) mailOf(n);
  return performance.now() - start;
}

export async function benchMail(count = 10_000): Promise<BenchResult[]> {
  const server = fork(fileURLToPath(import.meta.url), ['--server'], { execArgv: process.execArgv });
  const [url] = (await once(server, 'message')) as [string];
  try {
    await ours(url, 200);
    await bare(url, 200);
    const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.bare.push(await bare(url, count));
      times.ours.push(await ours(url, count));
    }
    const perSecond = (ms: number) => `${Math.round(count / (ms / 1000))}/s`;
    const written = rendering(count);
    return [
      {
        name: `${count} reminders written and handed to a local mail server, against a bare nodemailer loop`,
        ratio: median(times.bare) / median(times.ours),
        target: 0.7,
        detail: `ours ${perSecond(median(times.ours))}, bare ${perSecond(median(times.bare))}; writing alone ${perSecond(written)}`,
      },
    ];
  } finally {
    server.kill();
  }
}

async function serve(): Promise<void> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onData(stream, _session, done) {
      stream.resume();
      stream.on('end', () => done());
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  process.send?.(`smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--server') await serve();
  else console.log(JSON.stringify(await benchMail(Number(process.argv[2] ?? 10_000)), null, 2));
}
