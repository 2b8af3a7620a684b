import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmailAddress, emailAddress } from '../../src/domain/email-address.ts';
import type { MailOutcome } from '../../src/gateways/mail-outcome.ts';
import { createMailer, type Mailer, messageIdOf, type OutgoingMail } from '../../src/gateways/mailer.ts';
import { hostileAddress } from '../domain/hostile-addresses.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-smtp.ts';

const from = emailAddress('club@club.example');
const mail: OutgoingMail = {
  message_id: messageIdOf('msg_01', from),
  to: emailAddress('marie@example.com'),
  from_name: 'Club Nautique',
  reply_to: emailAddress('accueil@club.example'),
  subject: 'Petit rappel : 59,00 € à régler',
  text: 'Bonjour Marie,\n\n59,00 €\n.\nfin',
  html: '<p>Bonjour Marie</p>',
  language: 'fr',
  list: 'reminders.org_01',
};
const big: OutgoingMail = {
  ...mail,
  attachments: [{ filename: 'facture.pdf', content: Buffer.alloc(8_000_000, 7), content_type: 'application/pdf' }],
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(script: Script = {}, limits = {}): Promise<{ server: ScriptedServer; mailer: Mailer }> {
  const server = await startScriptedServer(script);
  const mailer = createMailer({ smtp_url: server.url, from, ...limits });
  open.push(mailer, server);
  return { server, mailer };
}

async function send(
  script: Script,
  given = mail,
  limits = {},
): Promise<{ outcome: MailOutcome; server: ScriptedServer }> {
  const { server, mailer } = await start(script, limits);
  return { outcome: await mailer.send(given), server };
}

describe('a mail that the server takes', () => {
  it('is accepted with the reply and the queue id', async () => {
    const { outcome, server } = await send({});
    expect(outcome).toEqual({ outcome: 'accepted', reply: '250 2.0.0 queued as A1B2C3', server_id: null });
    expect(server.recipients).toEqual(['marie@example.com']);
    expect(server.messages).toHaveLength(1);
  });

  it('is accepted however late the reply comes', async () => {
    const { outcome, server } = await send({ end: { reply: '250 at last', after_ms: 400 } });
    expect(outcome).toMatchObject({ outcome: 'accepted', reply: '250 at last' });
    expect(server.messages).toHaveLength(1);
  });

  it('has one From, To, Reply-To and Subject, the given Message-ID, and says that a machine wrote it', async () => {
    const { server } = await send(
      {},
      {
        ...big,
        attachments: [
          { filename: '../a\r\nb/fac\u202eture.pdf', content: Buffer.from('%PDF'), content_type: 'application/pdf' },
        ],
      },
    );
    const sent = await PostalMime.parse(server.messages[0] as string);
    const header = (name: string) => sent.headers.filter(({ key }) => key === name).map(({ value }) => value);
    expect(sent.from).toEqual({ name: 'Club Nautique', address: 'club@club.example' });
    expect(sent.to).toEqual([{ name: '', address: 'marie@example.com' }]);
    expect(sent.replyTo).toEqual([{ name: '', address: 'accueil@club.example' }]);
    expect(sent.messageId).toBe('<msg_01@club.example>');
    expect(sent.subject).toBe(mail.subject);
    for (const name of ['from', 'to', 'subject', 'reply-to', 'message-id', 'date'])
      expect(header(name)).toHaveLength(1);
    expect(header('auto-submitted')).toEqual(['auto-generated']);
    expect(header('content-language')).toEqual(['fr']);
    expect(header('list-id')).toEqual(['<reminders.org_01.club.example>']);
    expect(header('cc').concat(header('bcc'), header('sender'))).toEqual([]);
    expect(sent.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['..-a b-facture.pdf', 'application/pdf'],
    ]);
    expect(sent.text?.trim()).toBe(mail.text);
  });

  it('goes over a connection that stays open for the next one', async () => {
    const { server, mailer } = await start();
    for (let n = 0; n < 5; n += 1) expect((await mailer.send(mail)).outcome).toBe('accepted');
    expect(server.connections).toBe(1);
    expect(server.messages).toHaveLength(5);
  });

  it('is handed over once although the server hung up between two mails', async () => {
    const { server, mailer } = await start({ afterwards: 'die' });
    const first = await mailer.send(mail);
    expect(['accepted', 'unknown']).toContain(first.outcome);
    server.script = {};
    expect((await mailer.send(mail)).outcome).toBe('accepted');
    expect(server.messages).toHaveLength(2);
  });

  it('does not take a header from a name, a subject or a file name', async () => {
    const evil = 'x\r\nBcc: evil@evil.example\r\n\r\n<script>';
    const { server } = await send(
      {},
      {
        ...mail,
        from_name: evil,
        subject: evil,
        attachments: [{ filename: evil, content: Buffer.from('x'), content_type: 'text/plain' }],
      },
    );
    expect(server.recipients).toEqual(['marie@example.com']);
    const sent = await PostalMime.parse(server.messages[0] as string);
    expect(sent.bcc).toBeUndefined();
    expect(sent.headers.some(({ key }) => key === 'bcc')).toBe(false);
    expect(sent.subject).toBe('x Bcc: evil@evil.example <script>');
  });
});

describe('a mail that the server refuses', () => {
  const refused = (code: number, about: string, suppress: boolean) => ({ outcome: 'refused', about, suppress, code });
  it.each<[string, Script, object]>([
    ['no such user: the address is suppressed', { rcpt: '550 5.1.1 no such user' }, refused(550, 'recipient', true)],
    ['no enhanced code, 550', { rcpt: '550 mailbox unavailable' }, refused(550, 'recipient', true)],
    ['mailbox disabled', { rcpt: '550 5.2.1 disabled' }, refused(550, 'recipient', true)],
    ['a full mailbox is nobody’s wrong address', { rcpt: '552 5.2.2 over quota' }, refused(552, 'recipient', false)],
    [
      'our server is on a list: not the address’s fault',
      { rcpt: '550 5.7.1 blocked, see list' },
      refused(550, 'recipient', false),
    ],
    ['the sender is refused', { mail: '550 5.1.8 bad sender' }, refused(550, 'sender', false)],
    ['DATA is refused', { data: '554 5.5.1 no valid recipients' }, refused(554, 'message', false)],
    ['the content is refused', { end: '554 5.7.1 looks like spam' }, refused(554, 'message', false)],
    ['greylisted', { rcpt: '450 4.2.0 try later' }, { outcome: 'deferred', code: 450 }],
    ['storage full', { end: '452 4.3.1 no room' }, { outcome: 'deferred', code: 452 }],
    ['a mailbox busy at the end', { end: '451 4.3.0 aborted' }, { outcome: 'deferred', code: 451 }],
    ['bad sequence is about the connection', { mail: '503 5.5.1 sequence' }, { outcome: 'deferred', code: 503 }],
    ['shutting down', { mail: '421 4.3.2 closing' }, { outcome: 'unavailable', why: 'closed' }],
    ['shutting down after the message', { end: '421 4.3.2 closing' }, { outcome: 'unavailable', why: 'closed' }],
    ['wants no business with us', { greeting: '554 go away' }, { outcome: 'unavailable', why: 'rejects_us' }],
    ['says something that is no reply', { mail: 'what?' }, { outcome: 'unavailable', why: 'rejects_us' }],
    ['an answer that is no answer, at the end', { end: 'what?' }, { outcome: 'unknown' }],
  ])('%s', async (_, script, expected) => {
    const { outcome, server } = await send(script);
    expect(outcome).toMatchObject(expected);
    expect(server.recipients.every((to) => to === 'marie@example.com')).toBe(true);
    expect(server.messages.length).toBe('end' in script ? 1 : 0);
  });

  it('may go through the next time: 4xx, then ok', async () => {
    const { server, mailer } = await start({
      rcpt: ['451 4.7.1 greylisted', '250 ok'],
      end: ['452 4.3.1 full', '250 ok'],
    });
    expect((await mailer.send(mail)).outcome).toBe('deferred');
    expect((await mailer.send(mail)).outcome).toBe('deferred');
    expect((await mailer.send(mail)).outcome).toBe('accepted');
    expect(server.messages).toHaveLength(2);
    expect(new Set(server.messages.map((text) => /^Message-ID: .*$/m.exec(text)?.[0])).size).toBe(1);
  });

  it('does not hold up the others', async () => {
    const { mailer } = await start({ rcpt: ['550 5.1.1 unknown', '250 ok'] });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => mailer.send(mail)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(19).fill('accepted'), 'refused']);
  });

  it('for its password is no fault of the mail', async () => {
    const server = await startScriptedServer({ auth: '535 5.7.8 wrong password' });
    const mailer = createMailer({ smtp_url: server.url.replace('://', '://user:secret@'), from });
    open.push(mailer, server);
    const outcome = await mailer.send(mail);
    expect(outcome).toMatchObject({ outcome: 'unavailable', why: 'credentials' });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});

describe('a server that fails on the way', () => {
  const quick = { connect_ms: 800, reply_ms: 800, mail_ms: 2500 };
  it.each<[string, Script, string, object]>([
    ['dies before its greeting', { greeting: 'die' }, 'unavailable', {}],
    ['never greets', { greeting: 'stall' }, 'unavailable', { why: 'timeout' }],
    ['dies at EHLO', { ehlo: 'die' }, 'unavailable', {}],
    ['dies at MAIL', { mail: 'die' }, 'unavailable', { why: 'closed' }],
    ['dies at RCPT', { rcpt: 'die' }, 'unavailable', { why: 'closed' }],
    ['dies at DATA', { data: 'die' }, 'unavailable', { why: 'closed' }],
    ['stalls at RCPT', { rcpt: 'stall' }, 'unavailable', { why: 'timeout' }],
    ['tarpits RCPT with an endless reply', { rcpt: 'trickle' }, 'unavailable', { why: 'timeout' }],
    ['tarpits its greeting', { greeting: 'trickle' }, 'unavailable', {}],
    ['takes the message, then dies', { end: 'die' }, 'unknown', {}],
    ['takes the message, then stalls', { end: 'stall' }, 'unknown', {}],
    ['takes the message, then tarpits', { end: 'trickle' }, 'unknown', {}],
    ['takes the message, then dies in the middle of its yes', { end: '250 2.0.0 ok<EOF>' }, 'unknown', {}],
    ['takes the message, then dies in the middle of a word', { end: '25<EOF>' }, 'unknown', {}],
  ])('%s', async (_, script, expected, more) => {
    const { outcome, server } = await send(script, mail, quick);
    expect(outcome).toMatchObject({ outcome: expected, ...more });
    expect(server.messages.length).toBe('end' in script ? 1 : 0);
  });

  it.each([
    ['a small', mail, 50],
    ['a large', big, 100_000],
  ])('closes in the middle of the data of %s mail: what left may all have arrived', async (_, given, bytes) => {
    const { outcome, server } = await send({ within: { bytes, act: 'die' } }, given, quick);
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    expect(server.messages).toHaveLength(0);
  });

  it('says no in the middle of the data of a large mail', async () => {
    const { outcome } = await send({ within: { bytes: 100_000, act: '552 5.3.4 too big' } }, big, quick);
    expect(outcome).toMatchObject({ outcome: 'refused', about: 'message', suppress: false, code: 552 });
  });

  it('says beforehand that the mail is too large', async () => {
    const { outcome, server } = await send({ ehlo: '250-hello\r\n250 SIZE 1000', mail: '552 5.3.4 too big' }, big);
    expect(outcome).toMatchObject({ outcome: 'refused', suppress: false });
    expect(server.messages).toHaveLength(0);
  });

  it('is not there', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => gone.once('listening', done));
    const port = (gone.address() as AddressInfo).port;
    await new Promise((done) => gone.close(done));
    const mailer = createMailer({ smtp_url: `smtp://127.0.0.1:${port}`, from });
    open.push(mailer);
    expect(await mailer.send(mail)).toMatchObject({ outcome: 'unavailable', why: 'unreachable' });
  });

  it('has no name', async () => {
    const mailer = createMailer({ smtp_url: 'smtp://mail.invalid', from, connect_ms: 2000 });
    open.push(mailer);
    expect(await mailer.send(mail)).toMatchObject({ outcome: 'unavailable', why: 'unreachable' });
  });

  it('offers no encryption for a password that would leave this machine', async () => {
    const server = await startScriptedServer({ auth: '235 ok' });
    // Seen from here the server has a name; where that name leads is the loopback.
    const mailer = createMailer({ smtp_url: server.url.replace('://127.0.0.1', '://user:secret@0.0.0.0'), from });
    open.push(mailer, server);
    expect(await mailer.send(mail)).toMatchObject({ outcome: 'unavailable', why: 'tls' });
    expect(server.messages).toHaveLength(0);
  });

  it('comes back: the next mail goes through, over a new connection', async () => {
    const { server, mailer } = await start({ end: 'die' }, quick);
    expect((await mailer.send(mail)).outcome).toBe('unknown');
    server.script = {};
    expect((await mailer.send(mail)).outcome).toBe('accepted');
    expect(server.messages).toHaveLength(2);
  });

  it('never gets a mail twice out of one call, however it fails', async () => {
    const failures: Script[] = [{ end: 'die' }, { end: 'stall' }, { end: '250 ok<EOF>' }, { end: ['die', '250 ok'] }];
    for (const script of failures) {
      const { server, mailer } = await start({}, quick);
      await mailer.send(mail);
      server.script = script;
      await mailer.send(mail);
      expect(server.messages).toHaveLength(2);
    }
  });

  it('drops connections here and there under a load: no mail twice, none said unsent that arrived', async () => {
    const oneOf = <T>(n: number, acts: T[]) => acts[n % acts.length] as T;
    const { server, mailer } = await start({
      rcpt: Array.from({ length: 400 }, (_, n) =>
        oneOf(n, ['250 ok', '250 ok', '250 ok', 'die', '451 later', '250 ok', '250 ok']),
      ),
      end: Array.from({ length: 400 }, (_, n) =>
        oneOf(n, ['250 ok', '250 ok', 'die', '250 ok', '250 ok<EOF>', '452 later', '554 no', '250 ok']),
      ),
    });
    const ids = Array.from({ length: 150 }, (_, n) => messageIdOf(`msg_${n}`, from));
    const outcomes = await Promise.all(
      ids.map(async (message_id) => [message_id, (await mailer.send({ ...mail, message_id })).outcome] as const),
    );
    const arrived = server.messages.map((text) => /^Message-ID: (<.*>)\r?$/im.exec(text)?.[1]);
    expect(new Set(arrived).size).toBe(arrived.length);
    for (const [id, outcome] of outcomes) {
      if (outcome === 'accepted') expect(arrived).toContain(id);
      if (outcome === 'unavailable') expect(arrived).not.toContain(id);
    }
    const kinds = new Set(outcomes.map(([, outcome]) => outcome));
    expect([...kinds].sort()).toEqual(['accepted', 'deferred', 'refused', 'unavailable', 'unknown']);
  });
});

describe('10,000 hostile addresses', () => {
  it('reach the server as themselves, or not at all', { timeout: 120_000 }, async () => {
    const { server, mailer } = await start();
    let sent = 0;
    let refused = 0;
    const texts = fc.sample(hostileAddress, { numRuns: 10_000, seed: 20260101 });
    const next = texts.values();
    const send = async () => {
      for (const text of next) {
        let to: EmailAddress;
        try {
          to = emailAddress(text);
        } catch {
          // Nor does the mailer take it from somebody who skipped the check.
          await expect(mailer.send({ ...mail, to: text as EmailAddress })).rejects.toThrow();
          refused += 1;
          continue;
        }
        sent += 1;
        const outcome = await mailer.send({ ...mail, message_id: messageIdOf(`msg_${sent}`, from), to });
        expect(outcome.outcome).toBe('accepted');
        wanted.push(to);
      }
    };
    const wanted: string[] = [];
    await Promise.all(Array.from({ length: 5 }, send));
    expect(refused).toBeGreaterThan(4000);
    expect(sent).toBeGreaterThan(1000);
    expect(sent + refused).toBe(10_000);
    expect(server.recipients.toSorted()).toEqual(wanted.toSorted());
    expect(server.messages).toHaveLength(sent);
    for (const message of server.messages) expect(message.match(/^(?:to|cc|bcc):/gim)).toHaveLength(1);
  });
});

describe('a mistake of the program', () => {
  it('is thrown, not sent: a Message-ID, a list or an address that is none', async () => {
    const { server, mailer } = await start();
    await expect(mailer.send({ ...mail, message_id: 'x' })).rejects.toThrow('Message-ID');
    await expect(mailer.send({ ...mail, list: 'a b' })).rejects.toThrow('list');
    await expect(mailer.send({ ...mail, to: 'a@b.example, c@d.example' as never })).rejects.toThrow();
    expect(server.connections).toBe(0);
  });
});
