/**
 * How fast reminders are written and handed over to a local mail server, against a bare nodemailer loop over a pool
 * of the same size that sends the same mail, written beforehand. The server is a process of its own, the two sides
 * take turns in this one, a thousand mails each, over the connections that they keep. `BENCH_MAILS` says how many (10,000).
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
import type { BenchResult } from './ratio.ts';

const CONNECTIONS = 5;
const AT_ONCE = 50;
const TURN = 1000;
const from = emailAddress('club@club.example');
const sender = { name: 'Club Nautique', contact: 'accueil@club.example', lines: ['12 quai de la Fosse, Nantes'] };
const facts = sampleFacts('reminder_2', true, 'fr');
const recipient = (n: number) => emailAddress(`customer-${n}@example.com`);

function mailOf(n: number) {
  const own = { ...facts, customer_name: `Customer number ${n}`, amount: cents(5900 + n) };
  return renderMail({ kind: 'reminder_2', language: 'fr', currency: 'EUR', facts: own, sender });
}

interface Side {
  send(n: number): Promise<void>;
  close(): void;
}

/** `send(n)` for each from `first` on, so many at once. @returns milliseconds. */
async function sendAll({ send }: Side, first: number, count: number): Promise<number> {
  const start = performance.now();
  let next = first;
  const worker = async () => {
    while (next < first + count) {
      const n = next;
      next += 1;
      await send(n);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return performance.now() - start;
}

function ours(url: string): Side {
  const mailer = createMailer({ smtp_url: url, from, connections: CONNECTIONS });
  return {
    async send(n) {
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
    },
    close: () => mailer.close(),
  };
}

function bare(url: string): Side {
  const { hostname: host, port } = new URL(url);
  const transport = nodemailer.createTransport({
    pool: true,
    host,
    port: Number(port),
    maxConnections: CONNECTIONS,
    maxMessages: 1000,
  });
  const mail = mailOf(1);
  return {
    async send(n) {
      await transport.sendMail({ ...mail, from: { name: sender.name, address: from }, to: recipient(n) });
    },
    close: () => transport.close(),
  };
}

function rendering(count: number): number {
  const start = performance.now();
  for (let n = 1; n <= count; n += 1) mailOf(n);
  return performance.now() - start;
}

export async function benchMail(count = Number(process.env.BENCH_MAILS ?? 10_000)): Promise<BenchResult[]> {
  const server = fork(fileURLToPath(import.meta.url), ['--server'], { execArgv: process.execArgv });
  const [url] = (await once(server, 'message')) as [string];
  const sides = { ours: ours(url), bare: bare(url) };
  try {
    await sendAll(sides.ours, 0, 200);
    await sendAll(sides.bare, 0, 200);
    const ms = { ours: 0, bare: 0 };
    for (let sent = 0; sent < count; sent += TURN) {
      const turn = Math.min(TURN, count - sent);
      ms.bare += await sendAll(sides.bare, sent, turn);
      ms.ours += await sendAll(sides.ours, sent, turn);
    }
    const perSecond = (mails: number, spent: number) => `${Math.round(mails / (spent / 1000))}/s`;
    const written = Math.min(count, TURN);
    return [
      {
        name: `${count} reminders written and handed to a local mail server, against a bare nodemailer loop`,
        ratio: ms.bare / ms.ours,
        target: 0.7,
        detail: `ours ${perSecond(count, ms.ours)}, bare ${perSecond(count, ms.bare)}; writing alone ${perSecond(written, rendering(written))}`,
      },
    ];
  } finally {
    sides.ours.close();
    sides.bare.close();
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

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === '--server') await serve();
