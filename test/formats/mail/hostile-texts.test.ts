import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanOrNull, cleanText } from '../../../src/domain/clean-text.ts';
import { emailAddress } from '../../../src/domain/email-address.ts';
import { type TextKind, textKinds } from '../../../src/domain/reminders/kinds.ts';
import { type Language, languages } from '../../../src/errors/language.ts';
import { Refusal } from '../../../src/errors/refusal.ts';
import { compileMailText } from '../../../src/formats/mail/compile.ts';
import { type RenderedMail, renderMail } from '../../../src/formats/mail/render.ts';
import { type MailFacts, sampleFacts, variableNames } from '../../../src/formats/mail/variables.ts';
import { type MailCatcher, startMailCatcher } from '../../../src/gateways/mail-catcher.ts';
import { createMailer, type Mailer, messageIdOf } from '../../../src/gateways/mailer.ts';

const sender = { name: 'Club', contact: 'club@club.example', lines: ['Nantes'] };

/** What people put into name fields to see what happens. */
const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></head><body onload=alert(1)>',
  '<!--',
  '-->',
  '<![CDATA[',
  '&lt;b&gt;',
  '&#60;b&#62;',
  '<a href="https://evil.example">ici</a>',
  '<style>*{display:none}</style>',
  '<iframe src="//evil.example">',
  '<svg/onload=alert(1)>',
  '<b',
  '<\u0000b>',
  'x\r\nBcc: evil@evil.example',
  'x\nSubject: y',
  'x\r\n\r\n<html>',
  '\r\n.\r\nMAIL FROM:<a@b.example>',
  'a\u2028Bcc: b\u2029',
  '=?utf-8?q?=0D=0ABcc:_evil@evil.example?=',
  '=?utf-8?b?PGI+?=',
  '\u0085Bcc: x',
  '\u000bCc: x',
  '{{ 7 }}',
  '{% include "/etc/passwd" %}',
  '{{ customer_name }}',
  '}}{{ amount }}{{',
  '{%raw%}',
  '{% if true %}',
  '**gras**',
  '[cliquez](https://evil.example)',
  '[x](javascript:alert(1))',
  '- liste',
  '\n\n- a\n- b',
  '](https://evil.example)',
  'a\n\n[Payer](https://evil.example)\n\n',
  '**',
  '](',
  ')[',
  '`x`',
  '# titre',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '\ufeff',
  '\ue02a\ue02ax\ue02a\ue02a',
  '\ue05bx\ue05d\ue028https://evil.example\ue029',
  '\uf8ff',
  '\ud800',
  '\udfff x',
  'Z\u0351a\u0348l\u0356g\u0317o\u032b'.repeat(30),
  '\u{1F469}\u200d\u{1F4BB}',
  'مريم',
  '日本語',
  'a'.repeat(100_000),
  '<'.repeat(50_000),
  '**'.repeat(30_000),
  '['.repeat(30_000),
  '\n'.repeat(50_000),
  '{{'.repeat(20_000),
  'javascript:alert(1)',
  'data:text/html,<script>',
  'https://evil.example/',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  '#{7*7}',
  '$& $1 $` $$',
  '%0d%0aBcc:x',
];
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...attacks) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...attacks), fc.constantFrom(...attacks)).map(([a, b]) => `Marie ${a}${b}`),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'<>"\'&*[]()-{}%|\r\n\0 ab:/'), maxLength: 60 }) },
);

/** The elements of a page in order, with the attributes that a text could reach: what is left when all text is gone. */
function skeleton(html: string): string[] {
  return html.match(/<[^>]*>/g) ?? [];
}
const linksOf = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);

/** Sample facts in which every text is replaced. */
function poisoned<Kind extends TextKind>(kind: Kind, texts: string[]): MailFacts<Kind> {
  const facts: Record<string, unknown> = { ...sampleFacts(kind, true, 'fr') };
  let at = 0;
  for (const name of Object.keys(facts))
    if (typeof facts[name] === 'string' && !name.endsWith('_on') && !/^(?:method|pay_by|pay_url)$/.test(name)) {
      facts[name] = cleanOrNull(texts[at % texts.length], 200) === null ? 'x' : texts[at % texts.length];
      at += 1;
    }
  return facts as MailFacts<Kind>;
}

describe('hostile texts in what a mail speaks of', () => {
  let catcher: MailCatcher;
  let mailer: Mailer;
  const from = emailAddress('club@club.example');
  beforeAll(async () => {
    catcher = await startMailCatcher({ keep: 5 });
    mailer = createMailer({ smtp_url: catcher.url, from });
  });
  afterAll(async () => {
    mailer.close();
    await catcher.close();
  });

  it('stay text: 300 mails, no markup, no header, no other recipient', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...textKinds),
        fc.constantFrom(...languages),
        fc.array(hostile, { minLength: 1, maxLength: 5 }),
        hostile,
        async (kind, language, texts, name) => {
          const clean = renderMail({ kind, language, currency: 'EUR', facts: poisoned(kind, ['x']), sender });
          const mail = renderMail({
            kind,
            language,
            currency: 'EUR',
            facts: poisoned(kind, texts),
            sender: { name: `x${name}`, contact: name, lines: [`x${name}`] },
          });
          expect(skeleton(mail.html)).toEqual(skeleton(clean.html));
          expect(mail.text.split('\n-- \n')[1]).toContain(cleanText(`x${name}`, 200));
          expect(mail.subject).not.toMatch(/[\r\n\0]/);
          expect(mail.subject.length).toBeLessThanOrEqual(400);
          expect(mail.html.length).toBeLessThan(60_000);

          const outcome = await mailer.send({
            message_id: messageIdOf(`msg_${sent}`, from),
            to: emailAddress('marie@example.com'),
            from_name: name,
            reply_to: null,
            ...mail,
            language,
            list: 'reminders.org_01',
          });
          sent += 1;
          expect(outcome.outcome).toBe('accepted');
          const [caught] = await catcher.mailbox.list();
          expect(caught?.recipients).toEqual(['marie@example.com']);
          const headers = caught?.parsed.headers.map(({ key }) => key).sort();
          expect(headers).toEqual(HEADERS);
          expect(caught?.parsed.to).toEqual([{ name: '', address: 'marie@example.com' }]);
          expect(caught?.parsed.from?.address).toBe(from);
          expect(caught?.parsed.attachments).toEqual([]);
          expect(caught?.parsed.html?.trim()).toBe(mail.html.trim());
        },
      ),
      { numRuns: 300 },
    );
    expect(sent).toBe(300);
  });

  it('make no link: an address that is not https stays a label', () => {
    const facts = sampleFacts('reminder_1', true, 'fr');
    for (const pay_url of [
      ...attacks,
      'https://a.example/" onclick="x',
      'https://a.example/<b>',
      'HTTPS://A.example',
      'https://',
    ]) {
      const { html } = renderMail({
        kind: 'reminder_1',
        language: 'fr',
        currency: 'EUR',
        facts: { ...facts, pay_url },
        sender,
      });
      for (const link of linksOf(html)) expect(link).toMatch(/^https:\/\/[^\s"'<>\\]+$/);
    }
    const good = { ...facts, pay_url: 'https://pay.example/a?b=1&c=(2)*3' };
    const { html, text } = renderMail({ kind: 'reminder_1', language: 'fr', currency: 'EUR', facts: good, sender });
    expect(linksOf(html)).toEqual(['https://pay.example/a?b=1&amp;c=(2)*3']);
    expect(text).toContain(good.pay_url);
  });
});

const HEADERS = [
  'auto-submitted',
  'content-language',
  'content-type',
  'date',
  'from',
  'list-id',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-auto-response-suppress',
];

describe('hostile texts as an organization’s own', () => {
  const piece = fc.oneof(
    { weight: 3, arbitrary: hostile.map((text) => text.slice(0, 2000)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'Bonjour ',
        '\n\n',
        '{{ amount }}',
        '{% if fee %}',
        '{% endif %}',
        '{% else %}',
        '{{ customer_name | upcase }}',
        '{{ label | default: "{{" }}',
        '{% case fee %}',
        '{% when 1 %}',
        '{% endcase %}',
        '{% comment %}',
        '{% endcomment %}',
        '[a]({{ pay_url }})',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{% for i in (1..1e9) %}x{% endfor %}',
        '{% if (1..99999999) contains 1 %}',
        '{{ (1..9999) }}',
        '{% tablerow x in y %}',
        '{% cycle 1 %}',
        '{% increment a %}',
        '{{ amount | times: 1e308 }}',
        '{{ "a" | split: "" }}',
        '{{ amount[0][1][2] }}',
        '{{ amount.size.size }}',
        '{% # x %}',
        '{%- -%}',
        '{{- -}}',
        '{% if a == b or c and d %}',
      ),
    },
  );

  it('are refused with their place, or say only text: 300 texts', () => {
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.boolean(), (pieces, inSubject) => {
        const hostileText = pieces.join('');
        const text = inSubject ? { subject: hostileText, body: 'x' } : { subject: 'x', body: hostileText };
        let mail: RenderedMail;
        try {
          compileMailText('reminder_2', text);
          const facts = sampleFacts('reminder_2', true, 'fr');
          mail = renderMail({
            kind: 'reminder_2',
            language: 'fr' satisfies Language,
            currency: 'EUR',
            facts,
            sender,
            text,
          });
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          const { code, params, pointer } = error as Refusal;
          expect(code).toMatch(/^mail_/);
          expect(pointer).toBe(inSubject ? '/subject' : '/body');
          if (!/empty|too_long|one_line/.test(code)) expect(params.line).toBeGreaterThan(0);
          expect(JSON.stringify(params).length).toBeLessThan(1000);
          refused += 1;
          return;
        }
        accepted += 1;
        const tags = new Set(skeleton(mail.html).map((tag) => (/^<\/?([a-z!]+)/i.exec(tag)?.[1] ?? tag).toLowerCase()));
        for (const tag of tags) expect(KNOWN_TAGS).toContain(tag);
        for (const link of linksOf(mail.html)) expect(link).toMatch(/^(?:https:\/\/|mailto:|tel:)/);
        expect(mail.html).not.toMatch(/<[^>]*\son\w+\s*=/i);
        expect(mail.subject).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(300);
    expect(accepted).toBeGreaterThan(100);
  });

  it('cannot reach what they were not given', () => {
    for (const name of [
      'process',
      'global',
      'this',
      'globalThis',
      'require',
      '__proto__',
      'constructor',
      'toString',
      'forloop',
    ])
      expect(() => compileMailText('receipt', { subject: 'x', body: `{{ ${name} }}` })).toThrow(Refusal);
    for (const name of variableNames('receipt'))
      for (const path of ['constructor', '__proto__', 'size', 'length', '[0]'])
        expect(() => compileMailText('receipt', { subject: 'x', body: `{{ ${name}.${path} }}` })).toThrow(Refusal);
  });
});

const KNOWN_TAGS = [
  '!doctype',
  'html',
  'head',
  'meta',
  'title',
  'style',
  'body',
  'div',
  'table',
  'tr',
  'td',
  'p',
  'br',
  'strong',
  'ul',
  'li',
  'a',
];
