import { describe, expect, it } from 'vitest';
import { type TextKind, textKinds } from '../../../src/domain/reminders/kinds.ts';
import { languages } from '../../../src/errors/language.ts';
import type { Refusal } from '../../../src/errors/refusal.ts';
import { compileMailText, MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH } from '../../../src/formats/mail/compile.ts';
import { composeLetter, defaultTexts, renderMail } from '../../../src/formats/mail/render.ts';
import { type MailFacts, sampleFacts, sayVariables, variableNames } from '../../../src/formats/mail/variables.ts';
import { readTables } from '../../golden/read-table.ts';

const sender = {
  name: 'Aquaclub Les Tritons',
  contact: 'accueil@tritons.example',
  lines: ['12 quai de la Fosse, 44000 Nantes'],
};
const everyText = textKinds.flatMap((kind) => languages.map((language) => [kind, language] as const));
const tables = readTables('mail-texts.md');
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('the texts that an organization starts with', () => {
  it.each(tables[0]?.rows.flatMap((row) => languages.map((language) => [row.kind, language, row[language]])) ?? [])(
    '%s in %s has the subject “%s”',
    (kind, language, subject) => {
      const facts = sampleFacts(kind as TextKind, true, language as 'fr');
      const mail = renderMail({ kind: kind as TextKind, language: language as 'fr', currency: 'EUR', facts, sender });
      expect(plain(mail.subject)).toBe(subject);
    },
  );

  /** What a text leaves unsaid on purpose, or says in another case only. */
  const unsaid: Partial<Record<TextKind, string[]>> = {
    reminder_1: ['days_late', 'block_on'],
    reminder_3: ['days_late'],
    payment_reminder: ['days_late', 'block_on'],
    rejection_notice: ['pay_url', 'pay_to'],
    access_blocked: ['pay_by'],
  };

  it.each(everyText)('%s in %s says all there is to say, and reads well with the least', (kind, language) => {
    for (const full of [true, false]) {
      const facts = sampleFacts(kind, full, language);
      const { subject, text, html } = renderMail({ kind, language, currency: 'EUR', facts, sender });
      for (const part of [subject, text, html])
        expect(part).not.toMatch(/\{\{|\}\}|\{%|%\}|null|undefined|\[object|NaN|[\ue000-\uf8ff]/);
      // No variable left a hole: no doubled spaces, no space before a comma, no empty brackets or quotes.
      for (const part of [subject, text.replace(/^-- $/m, '--')])
        expect(part).not.toMatch(/[^\S\n]{2}| $| [,.)]|\(\)|«\s*»|“”|„“/m);
      expect(text).toContain(sender.lines[0]);
      expect(html).toContain(`<html lang="${language}">`);
      const { organization_contact: _, ...said } = sayVariables(kind, facts, sender, 'EUR', language);
      for (const [name, value] of Object.entries(said))
        if (value !== null && !unsaid[kind]?.includes(name))
          expect([name, text]).toEqual([name, expect.stringContaining(`${value}`)]);
    }
  });

  it('knows every variable that it uses, and the French one puts its no-break spaces', () => {
    for (const [kind, language] of everyText)
      expect(() => compileMailText(kind, defaultTexts[language][kind])).not.toThrow();
    for (const kind of textKinds)
      for (const part of Object.values(defaultTexts.fr[kind])) expect(part).not.toMatch(/ [:;!?»]|« /);
  });

  it('says the representment or the means to pay, never both', () => {
    const facts = sampleFacts('rejection_notice', true, 'fr');
    const mail = (given: MailFacts<'rejection_notice'>) =>
      renderMail({ kind: 'rejection_notice', language: 'fr', currency: 'EUR', facts: given, sender }).text;
    expect(mail(facts)).not.toContain('virement');
    expect(mail({ ...facts, represented_on: null })).toContain('virement');
    expect(mail({ ...facts, represented_on: null })).not.toContain('prélèverons');
  });

  it('gives the same bytes each time', () => {
    const facts = sampleFacts('invoice', true, 'de');
    const once = () => renderMail({ kind: 'invoice', language: 'de', currency: 'CHF', facts, sender });
    expect(once()).toEqual(once());
    expect(plain(once().text)).toContain('59,00 CHF');
  });
});

describe('a text of an organization’s own', () => {
  const facts = sampleFacts('reminder_1', true, 'fr');
  const write = (body: string, subject = 'Rappel') =>
    composeLetter({ kind: 'reminder_1', language: 'fr', currency: 'EUR', facts, sender, text: { subject, body } });
  const refusalOf = (body: string, subject = 'Rappel') => {
    try {
      compileMailText('reminder_1', { subject, body });
      return null;
    } catch (error) {
      return error as Refusal;
    }
  };

  it('may use paragraphs, lists, strong words, links and a button', () => {
    expect(
      write(
        'Bonjour\nMarie,\n\n- **un** {{ label }}\n- deux\n\nvoir [ici](https://club.example/a?b=1&c=2).\n\n[Payer]({{ pay_url }})',
      ).blocks,
    ).toEqual([
      { kind: 'paragraph', lines: [[{ text: 'Bonjour' }], [{ text: 'Marie,' }]] },
      {
        kind: 'list',
        items: [[{ text: 'un', strong: true }, { text: ` ${facts.label}` }], [{ text: 'deux' }]],
      },
      {
        kind: 'paragraph',
        lines: [[{ text: 'voir ' }, { label: 'ici', href: 'https://club.example/a?b=1&c=2' }, { text: '.' }]],
      },
      { kind: 'button', label: 'Payer', href: facts.pay_url },
    ]);
  });

  it('may ask whether there is something to say, and choose', () => {
    const body =
      '{% if fee %}frais {{ fee }}{% else %}sans frais{% endif %} {% unless pay_url %}x{% endunless %}{% case days_late %}{% when 15 %}quinze{% else %}autre{% endcase %} {{ customer_name | upcase }} {{ organization_contact | default: "-" }}{% comment %}{{ not_checked }}{% endcomment %}';
    const [block] = write(body).blocks;
    expect(plain(JSON.stringify(block))).toContain('frais 10,00 € quinze MARIE DUPONT accueil@tritons.example');
  });

  const rows = tables.find((table) => table.title === 'What a text may not be')?.rows ?? [];
  it.each(rows.map((row) => [row.body, row['refused as'], row] as const))('%s is refused as %s', (_, code, row) => {
    const refusal = refusalOf((row.body as string).replaceAll('⏎', '\n'));
    expect(refusal?.code).toBe(code);
    expect(refusal?.pointer).toBe('/body');
    if (row.line) expect(refusal?.params).toMatchObject({ line: Number(row.line), column: Number(row.column) });
    for (const language of languages) {
      expect(refusal?.say(language)).not.toMatch(/\{line|\{column|\{known/);
      if (row.line) expect(refusal?.say(language)).toContain(row.line);
    }
  });

  it('is refused where its subject is wrong, at the subject', () => {
    expect(refusalOf('x', 'a\nb')).toMatchObject({ code: 'mail_subject_one_line', pointer: '/subject' });
    expect(refusalOf('x', '{{ nom }}')).toMatchObject({ code: 'mail_text_unknown_variable', pointer: '/subject' });
    expect(refusalOf('x', '')).toMatchObject({ code: 'mail_text_empty', pointer: '/subject' });
    expect(refusalOf('x', 'x'.repeat(MAX_SUBJECT_LENGTH + 1))).toMatchObject({ code: 'mail_text_too_long' });
    expect(refusalOf('x'.repeat(MAX_BODY_LENGTH + 1))).toMatchObject({ code: 'mail_text_too_long', pointer: '/body' });
    expect(refusalOf('x\r\ny {{ amount }}\r\n{{ nom }}')).toMatchObject({ params: { line: 3, column: 4 } });
  });

  it('is told which variables it may use', () => {
    const refusal = refusalOf('{{ nom }}');
    expect(refusal?.say('fr')).toContain('customer_name');
    expect(refusal?.params.known).toBe(variableNames('reminder_1').join(', '));
  });
});
