import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { emailAddress } from '../../src/domain/email-address.ts';
import { startMailCatcher } from '../../src/gateways/mail-catcher.ts';
import { Mailbox, type MailboxOptions } from '../../src/gateways/mailbox.ts';
import { demoMailRoutes } from '../../src/gateways/mailbox-routes.ts';
import { createMailer, messageIdOf, type OutgoingMail } from '../../src/gateways/mailer.ts';

const from = emailAddress('club@club.example');
const mail: OutgoingMail = {
  message_id: messageIdOf('msg_01', from),
  to: emailAddress('marie@example.com'),
  from_name: 'Club Nautique',
  reply_to: null,
  subject: 'Été & <b>gras</b>',
  text: 'Bonjour <script>alert(1)</script>',
  html: '<p>Bonjour</p><script>alert(1)</script><img src="https://tracker.example/x.png">',
  language: 'fr',
  list: 'receipts.org_01',
  attachments: [
    { filename: 'facture.pdf', content: Buffer.from('%PDF-1.7'), content_type: 'application/pdf' },
    { filename: 'page.html', content: Buffer.from('<script>alert(2)</script>'), content_type: 'text/html' },
  ],
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: MailboxOptions = {}) {
  const catcher = await startMailCatcher(options);
  const mailer = createMailer({ smtp_url: catcher.url, from });
  const app = express().use('/demo/mail', demoMailRoutes(catcher.mailbox));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  open.push(
    () => catcher.close(),
    () => mailer.close(),
    () => new Promise((done) => server.close(done)),
  );
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo/mail`;
  return {
    catcher,
    mailer,
    get: (path = '', language = 'en') => fetch(base + path, { headers: { 'accept-language': language } }),
  };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
  open.push(() => rm(folder, { recursive: true }));
  return folder;
}

describe('the embedded mail server', () => {
  it('keeps what the engine sends, with the envelope’s recipient', async () => {
    const { catcher, mailer } = await start();
    const outcome = await mailer.send(mail);
    const [caught] = await catcher.mailbox.list();
    expect(outcome).toMatchObject({ outcome: 'accepted', reply: expect.stringContaining(caught?.id as string) });
    expect(caught).toMatchObject({ recipients: ['marie@example.com'], parsed: { subject: mail.subject } });
    expect(catcher.url).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
  });

  it('keeps the last ones only, in the order in which they came', async () => {
    const { catcher, mailer } = await start({ keep: 3 });
    for (let n = 1; n <= 5; n += 1) await mailer.send({ ...mail, subject: `n° ${n}` });
    expect((await catcher.mailbox.list()).map(({ parsed }) => parsed.subject)).toEqual(['n° 5', 'n° 4', 'n° 3']);
    await catcher.mailbox.clear();
    expect(await catcher.mailbox.list()).toEqual([]);
  });

  it('keeps them in a folder, where another process finds them', async () => {
    const folder = await newFolder();
    const { catcher, mailer } = await start({ folder, keep: 2 });
    for (let n = 1; n <= 3; n += 1) await mailer.send({ ...mail, subject: `n° ${n}` });
    await writeFile(join(folder, 'notes.txt'), 'not a mail');
    const elsewhere = new Mailbox({ folder, keep: 2 });
    const [newest, older] = await elsewhere.list();
    expect([newest?.parsed.subject, older?.parsed.subject]).toEqual(['n° 3', 'n° 2']);
    expect(newest?.recipients).toEqual(['marie@example.com']);
    expect(newest?.raw.equals((await catcher.mailbox.list())[0]?.raw as Buffer)).toBe(true);
    expect(Math.abs((newest?.received_at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await readdir(folder)).sort()).toEqual([`${older?.id}.eml`, `${newest?.id}.eml`, 'notes.txt']);
    await elsewhere.clear();
    expect(await readdir(folder)).toEqual(['notes.txt']);
    expect(await catcher.mailbox.list()).toEqual([]);
  });
});

describe('the demo mailbox in a browser', () => {
  it('lists the mails and shows one, escaped, in the reader’s language', async () => {
    const { catcher, mailer, get } = await start();
    expect(await (await get('', 'fr')).text()).toContain('Rien pour l’instant');
    await mailer.send(mail);
    const [caught] = await catcher.mailbox.list();
    const list = await (await get('', 'de-AT')).text();
    expect(list).toContain('Demo-Postfach');
    expect(list).toContain('Été &amp; &lt;b&gt;gras&lt;/b&gt;');
    expect(list).not.toContain('<script');
    const page = await (await get(`/${caught?.id}`)).text();
    expect(page).toContain('<iframe sandbox=""');
    expect(page).not.toContain('<script');
    expect(page).toContain('facture.pdf');
  });

  it('lets nothing run and nothing load from elsewhere', async () => {
    const { catcher, mailer, get } = await start();
    await mailer.send(mail);
    const id = (await catcher.mailbox.list())[0]?.id;
    for (const path of [
      '',
      `/${id}`,
      '/style.css',
      `/${id}/html`,
      `/${id}/source`,
      `/${id}/attachments/0`,
      '/mail_x',
    ]) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/script-src|https?:|\*/);
    }
    expect((await get(`/${id}/html`)).headers.get('content-security-policy')).toMatch(/^sandbox;/);
    for (const path of ['', `/${id}`])
      expect(await (await get(path)).text()).not.toMatch(/(?:src|href)="(?!\/demo\/mail)/);
  });

  it('hands out attachments and the source as downloads, never as a page', async () => {
    const { catcher, mailer, get } = await start();
    await mailer.send(mail);
    const id = (await catcher.mailbox.list())[0]?.id;
    const pdf = await get(`/${id}/attachments/0`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toMatch(/^attachment; filename="?facture\.pdf"?$/);
    expect(await pdf.text()).toBe('%PDF-1.7');
    const page = await get(`/${id}/attachments/1`);
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await get(`/${id}/source`)).text()).toContain('Message-ID: <msg_01@club.example>');
  });

  it('says so when a mail is not there', async () => {
    const { get } = await start({ folder: await newFolder() });
    for (const path of [
      '/mail_01',
      '/..%2f..%2fetc%2fpasswd',
      '/mail_01/html',
      '/mail_01/source',
      '/mail_01/attachments/0',
    ])
      expect((await get(path)).status).toBe(404);
  });
});
