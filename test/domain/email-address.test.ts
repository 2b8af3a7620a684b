import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { emailAddress, isEmailAddress, MAX_ADDRESS_LENGTH } from '../../src/domain/email-address.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { hostileAddress as hostile } from './hostile-addresses.ts';

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
