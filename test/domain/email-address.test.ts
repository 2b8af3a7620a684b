import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { emailAddress, isEmailAddress, MAX_ADDRESS_LENGTH } from '../../src/domain/email-address.ts';
import { Refusal } from '../../src/errors/refusal.ts';

function read(text: string): string | { refused: string } {
  try {
    return emailAddress(text);
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

/** The recipients that nodemailer would name to the server: from an explicit envelope, and from the To header. */
function addressed(to: string): { envelope: string[]; header: string[]; message: MailComposer } {
  const from = 'club@club.example';
  const explicit = new MailComposer({ from, to, envelope: { from, to: [to] }, text: 'x' });
  const envelope = explicit.compile().getEnvelope().to;
  const header = new MailComposer({ from, to, text: 'x' }).compile().getEnvelope().to;
  return { envelope, header, message: new MailComposer({ from, to, subject: 's', text: 'x' }) };
}

const separators = [',', ';', ':', ' ', '\t', '\r\n', '\n', '\r', '\0', '\u2028', '\u0085', '\v', '\u00a0', '\u3000'];
const wrappers: ((a: string, b: string) => string)[] = [
  (a, b) => `${a}, ${b}`,
  (a, b) => `${a}\r\nBcc: ${b}`,
  (a, b) => `${a}\nRCPT TO:<${b}>`,
  (a, b) => `${a}>\r\nRCPT TO:<${b}`,
  (a, b) => `"${a}" <${b}>`,
  (a, b) => `${a} <${b}>`,
  (a, b) => `<${a}><${b}>`,
  (a, b) => `group: ${a}, ${b};`,
  (a, b) => `(${a}) ${b}`,
  (a, b) => `${a}(${b})`,
  (a, b) => `"${a}"@${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `"${a},${b}"@club.example`,
  (a, b) => `@${b.split('@')[1] ?? 'evil.example'}:${a}`,
  (a, b) => `${a.replace('@', '%')}@${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `${b.split('@')[1] ?? 'evil.example'}!${a}`,
  (a, b) => `${a}@${b}`,
  (a) => `${a.split('@')[0]}@[127.0.0.1]`,
  (a, b) => `${a.split('@')[0]}@[x@${b.split('@')[1] ?? 'evil.example'}]`,
  (a, b) => `${a} .${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `=?utf-8?q?${a}=2C_${b}?=@club.example`,
  (a) => `mailto:${a}?bcc=evil@evil.example`,
  (a) => `${a}\\`,
  (a) => `'${a}'`,
  (a) => `${a}.`,
  (a) => ` ${a} `,
  (a) => `-oQ/tmp${a}`,
  (a) => a.replace('@', '\uff20'),
  (a) => a.replace('.', '\u3002'),
  (a) => a.replace('@', '@ex\u00adample.'),
  (a) => a.replace('@', '\u200d@'),
  (a) => `${'a'.repeat(70)}${a}`,
  (a) => a.replace('@', `@${'b'.repeat(64)}.`),
  (a) => `\ud800${a}`,
  (a) => a,
];

const goodLocal = fc.constantFrom('marie', "o'neil", 'jean.dupont+gym', 'x', 'A_B-c', 'a=b', '{x}', '#1');
const badLocal = fc.constantFrom('O\u2019Neil', 'a..b', '.a', 'é', '-rf', 'a%b', '$(id)');
const localPart = fc.oneof({ weight: 3, arbitrary: goodLocal }, { weight: 1, arbitrary: badLocal });
const goodDomain = fc.constantFrom(
  'example.com',
  'EXAMPLE.Co.Uk',
  'café.fr',
  'xn--caf-dma.fr',
  'bücher.example',
  'faß.de',
);
const badDomain = fc.constantFrom(
  'xn--a.fr',
  'localhost',
  '127.0.0.1',
  '0x7f.1',
  'example.123',
  'ｅｘample.com',
  'a_b.com',
  '-a.com',
  'münchen.de.',
);
const domainPart = fc.oneof({ weight: 3, arbitrary: goodDomain }, { weight: 1, arbitrary: badDomain });
const plausible = fc.tuple(localPart, domainPart).map(([local, domain]) => `${local}@${domain}`);
const wrapped = fc
  .tuple(plausible, plausible, fc.constantFrom(...wrappers))
  .map(([one, other, wrap]) => wrap(one, other));
/** An address with anything at all put into it, at any place. */
const injected = fc
  .tuple(
    plausible,
    fc.oneof(fc.constantFrom(...separators), fc.string({ unit: 'binary', maxLength: 4 }), wrapped),
    fc.nat(40),
  )
  .map(([address, what, at]) => `${address.slice(0, at)}${what}${address.slice(at)}`);
const soup = fc.string({
  unit: fc.constantFrom(
    ...'ab@.,;:<>()[]"\\\'!%=?+- \t\r\n\0éß\u202e\u200b\ufeff'.split(''),
    'example.com',
    '@b.example',
  ),
  maxLength: 24,
});
const hostile = fc.oneof(
  { weight: 3, arbitrary: wrapped },
  { weight: 4, arbitrary: injected },
  { weight: 2, arbitrary: soup },
  { weight: 1, arbitrary: fc.webUrl() },
  { weight: 2, arbitrary: fc.emailAddress({ size: '+1' }) },
  { weight: 2, arbitrary: plausible },
);

describe('an e-mail address', () => {
  it.each([
    ['marie@example.com', 'marie@example.com'],
    ['  marie@example.com ', 'marie@example.com'],
    ['Marie.Dupont+gym@EXAMPLE.com', 'Marie.Dupont+gym@example.com'],
    ["o'neil@example.co.uk", "o'neil@example.co.uk"],
    ['marie@café.fr', 'marie@xn--caf-dma.fr'],
    ['info@faß.de', 'info@xn--fa-hia.de'],
    ['a@xn--p1ai.xn--p1ai', 'a@xn--p1ai.xn--p1ai'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(emailAddress(typed)).toBe(kept);
    expect(isEmailAddress(kept)).toBe(true);
  });

  it.each([
    ['', 'email_malformed'],
    ['marie', 'email_malformed'],
    ['@example.com', 'email_malformed'],
    ['marie@', 'email_malformed'],
    ['marie@example.com,paul@example.com', 'email_not_one_address'],
    ['Marie <marie@example.com>', 'email_not_one_address'],
    ['marie@example.com\r\nBcc: evil@evil.example', 'email_not_one_address'],
    ['"a b"@example.com', 'email_not_one_address'],
    ['a@b@example.com', 'email_not_one_address'],
    ['a@[127.0.0.1]', 'email_not_one_address'],
    ['team:a@example.com;', 'email_not_one_address'],
    ['évelyne@example.com', 'email_local_part'],
    ['user%evil.example@example.com', 'email_local_part'],
    ['-rf@example.com', 'email_local_part'],
    ['a..b@example.com', 'email_local_part'],
    ['a@localhost', 'email_domain'],
    ['a@127.0.0.1', 'email_domain'],
    ['a@0x7f.1', 'email_domain'],
    ['a@exa_mple.com', 'email_domain'],
    ['a@-x.com', 'email_domain'],
    ['a@example.com.', 'email_domain'],
    ['a@ex\u00adample.com', 'email_domain'],
    ['a@evil\u3002com', 'email_domain'],
    ['a@xn--a.fr', 'email_domain'],
    [`${'a'.repeat(65)}@example.com`, 'email_too_long'],
    [
      `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}.com`,
      'email_too_long',
    ],
  ])('%j is refused as %s', (typed, code) => {
    expect(read(typed)).toEqual({ refused: code });
    expect(isEmailAddress(typed)).toBe(false);
  });

  it('says in every language what is wrong, at the field', () => {
    const refusal = (() => {
      try {
        return emailAddress('a@b.com, c@d.com', '/customer/email');
      } catch (error) {
        return error as Refusal;
      }
    })() as Refusal;
    expect(refusal.pointer).toBe('/customer/email');
    for (const language of ['fr', 'en', 'de'] as const) expect(refusal.say(language)).not.toContain('{');
  });

  it('is the only one that a mail would be addressed to, or was refused: 12,000 hostile texts', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(hostile, (text) => {
        const kept = read(text);
        if (typeof kept !== 'string') {
          refused += 1;
          return;
        }
        accepted += 1;
        expect(kept).not.toMatch(/[^\u0021-\u007e]/);
        expect(kept.length).toBeLessThanOrEqual(MAX_ADDRESS_LENGTH);
        expect(read(kept)).toBe(kept);
        expect(kept.slice(0, kept.indexOf('@'))).toBe(text.trim().split('@')[0]);
        const { envelope, header } = addressed(kept);
        expect(envelope).toEqual([kept]);
        expect(header).toEqual([kept]);
      }),
      { numRuns: 12_000 },
    );
    expect(accepted).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(5000);
  });

  it('leaves exactly one To header with that address in the message, and no other recipient header', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const kept = read(text);
        if (typeof kept !== 'string') return;
        const raw = await addressed(kept).message.compile().build();
        const mail = await PostalMime.parse(raw);
        expect(mail.to).toEqual([{ address: kept, name: '' }]);
        expect(
          mail.headers.map((header) => header.key).filter((key) => /^(to|cc|bcc|from|subject)$/.test(key)),
        ).toEqual(['from', 'to', 'subject']);
      }),
      { numRuns: 1000 },
    );
  });
});
