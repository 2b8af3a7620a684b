import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { creditInvoice } from '../../../src/domain/invoices/credit-note.ts';
import type { InvoiceDocument, Remainder } from '../../../src/domain/invoices/document.ts';
import { makeStatement } from '../../../src/domain/invoices/statement.ts';
import { cents } from '../../../src/domain/money.ts';
import { facturX } from '../../../src/formats/factur-x.ts';
import { renderPdf } from '../../../src/gateways/invoice-pdf/render.ts';
import {
  club,
  company,
  creditIssue,
  invoiceOf,
  member,
  monthly,
  on,
  taxed,
  untaxed,
} from '../../domain/invoices/samples.ts';
import { jpeg, png } from './pictures.ts';
import { faultsOf, readPdf } from './read-pdf.ts';

const debit: Remainder = {
  how: 'direct_debit',
  on: on('2026-08-05'),
  account_ending: '0189',
  mandate_reference: 'RUM-42',
};
const transfer: Remainder = { how: 'payment', due_on: on('2026-07-31'), method: 'transfer' };
const print = (document: InvoiceDocument, more: { logo?: Uint8Array } = {}) =>
  renderPdf({ kind: 'invoice', document, ...more });

/** Spaces of every width are one space. */
const plain = (text: string) => text.replace(/\s+/g, ' ');

describe('an invoice on paper', () => {
  const invoice = invoiceOf(
    [
      monthly,
      {
        label: 'Bonnet de bain',
        nature: 'goods',
        quantity: 2,
        amount: cents(1998),
        discount: { label: 'Fidélité', amount: cents(200) },
        tax: taxed(2000),
      },
      { label: 'Boisson', quantity: 3, amount: cents(700), tax: taxed(550) },
      { label: 'Frais de rejet', amount: cents(1000), tax: untaxed('O') },
    ],
    { remainder: debit, contract_reference: 'Aqua Premium' },
  );

  it('tells all that the law and the member want to read', async () => {
    const { pdf } = print(invoice);
    expect(faultsOf(pdf)).toEqual([]);
    const text = plain((await readPdf(pdf)).text);
    for (const expected of [
      'Facture',
      'F2026-00001',
      '05/07/2026',
      'Aquaforme SAS',
      'SIRET 55210055400013',
      'RCS Lyon 552 100 554',
      'TVA FR79552100554',
      'Zoé Lefèvre-Müller',
      '8 rue de la République',
      'Abonnement Aqua Premium',
      'Du 05/07/2026 au 04/08/2026',
      '49,17',
      '20 %',
      '5,5 %',
      'Remise Fidélité',
      'Hors champ d’application de la TVA',
      'Total HT',
      '80,79 €',
      '13,19 €',
      '93,98 €',
      'Catégorie de l’opération',
      'Page 1 sur 1',
    ])
      expect(text).toContain(expected);
  });

  it('says when and from where it will be debited, without the account itself', async () => {
    const text = plain((await readPdf(print(invoice).pdf)).text);
    expect(text).toContain('93,98 € seront prélevés le 05/08/2026 sur votre compte se terminant par 0189.');
    expect(text).toContain('RUM-42');
    expect(text).toContain('FR72ZZZ123456');
    expect(text).not.toContain('Scannez');
  });

  it('says what was paid and how', async () => {
    const paid = invoiceOf([monthly], {
      buyer: company,
      settlements: [
        { on: on('2026-07-05'), amount: cents(2000), method: 'cash' },
        { on: on('2026-07-06'), amount: cents(3900), method: 'card' },
      ],
    });
    const text = plain((await readPdf(print(paid).pdf)).text);
    expect(text).toContain('Payée');
    expect(text).toContain('Réglé le 05/07/2026 en espèces : 20,00 €');
    expect(text).toContain('Réglé le 06/07/2026 par carte bancaire : 39,00 €');
    expect(text).toContain('Indemnité forfaitaire pour frais de recouvrement');
    expect(text).toContain('SIREN 732829320');
  });

  it('offers a transfer and its QR code only where the customer is to pay', async () => {
    const due = print(invoiceOf([monthly], { remainder: transfer }));
    const text = plain((await readPdf(due.pdf)).text);
    expect(text).toContain('59,00 € à régler au plus tard le 31/07/2026.');
    expect(text).toContain('IBAN FR76 3000 6000 0112 3456 7890 189');
    expect(text).toContain('Scannez pour payer');
    const late = print(invoiceOf([monthly], { remainder: { ...transfer, due_on: on('2026-07-04') } }));
    expect(plain((await readPdf(late.pdf)).text), 'issued on the 5th, after its due day').toContain(
      '59,00 € à régler dès réception : l’échéance du 04/07/2026 est passée.',
    );
    const swiss = print(invoiceOf([monthly], { remainder: transfer, currency: 'CHF' }));
    expect(plain((await readPdf(swiss.pdf)).text)).not.toContain('Scannez');
  });

  it.each([
    ['en', 'Invoice', '€49.17', 'will be debited on 5 Aug 2026', 'Page 1 of 1'],
    ['de', 'Rechnung', '49,17 €', 'werden am 05.08.2026 von Ihrem Konto', 'Seite 1 von 1'],
  ] as const)('speaks %s', async (language, ...expected) => {
    const { pdf } = print(invoiceOf([monthly], { language, remainder: debit }));
    expect(faultsOf(pdf)).toEqual([]);
    const text = plain((await readPdf(pdf)).text);
    for (const words of expected) expect(text).toContain(words);
  });

  it('holds the Factur-X file, byte for byte, and says so', async () => {
    const { pdf, xml } = print(invoice);
    expect(xml).toBe(facturX(invoice));
    const read = await readPdf(pdf);
    const file = read.attachments['factur-x.xml'];
    expect(Buffer.from(file!.content).toString('utf8')).toBe(xml);
    expect(read.xmp).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
    expect(pdf.toString('latin1')).toContain('/AFRelationship /Data');
    expect(pdf.toString('latin1')).toContain('/Subtype /text#2Fxml');
  });

  it('gives the same bytes every time, and other bytes for another document', () => {
    const hash = (document: InvoiceDocument) => createHash('sha256').update(print(document).pdf).digest('hex');
    const first = hash(invoice);
    hash(invoiceOf([monthly], { language: 'de' }));
    expect(hash(structuredClone(invoice))).toBe(first);
    expect(hash({ ...invoice, number: 'F2026-00002' })).not.toBe(first);
  });

  it('credits by a document that names the invoice', async () => {
    const note = creditInvoice(invoice, [], [{ line: 2, quantity: 1 }], creditIssue, { reason: 'Retour' });
    const { pdf } = print(note);
    expect(faultsOf(pdf)).toEqual([]);
    const text = plain((await readPdf(pdf)).text);
    for (const expected of [
      'Avoir',
      'A2026-00001',
      'F2026-00001 du 05/07/2026',
      'Retour',
      '8,99 €',
      'restent à valoir',
    ])
      expect(text).toContain(expected);
    expect(text).not.toContain('Remise');
  });
});

describe('a long invoice', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...monthly, label: `Cours ${at + 1}`, amount: cents(1000) }));

  it('runs over pages, repeats its head and carries its totals', async () => {
    const { pdf, pages } = print(invoiceOf(lines(40), { remainder: transfer }));
    expect(pages).toBeGreaterThan(1);
    expect(faultsOf(pdf)).toEqual([]);
    const read = await readPdf(pdf);
    for (const [at, page] of read.pages.entries()) {
      expect(page).toContain('Désignation');
      expect(plain(page)).toContain(`Page ${at + 1} sur ${pages}`);
      if (at > 0) expect(page).toContain('Report');
      if (at < pages - 1) expect(page).toContain('À reporter');
    }
    const carried = /À reporter\s+([\d ,]+?)\s{2,}/.exec(read.pages[0]!.replace(/\u202f/g, ''));
    expect(carried).not.toBeNull();
    for (let line = 1; line <= 40; line++) expect(read.text).toContain(`Cours ${line} `);
    expect(plain(read.pages.at(-1)!)).toContain('400,00 €');
  });

  it('of four hundred lines is still whole', async () => {
    const { pdf, pages } = print(invoiceOf(lines(400)));
    expect(faultsOf(pdf)).toEqual([]);
    const read = await readPdf(pdf);
    expect(read.pages).toHaveLength(pages);
    expect(read.text).toContain('Cours 400 ');
  });

  it('never leaves the totals without room, whatever the number of lines', async () => {
    for (let count = 8; count < 30; count++) {
      const { pdf, pages } = print(invoiceOf(lines(count), { remainder: transfer, note: 'Merci. '.repeat(60) }));
      const read = await readPdf(pdf);
      expect(read.pages).toHaveLength(pages);
      expect(plain(read.pages.slice(-2).join(' '))).toContain('Net à payer');
    }
  });
});

describe('whatever people type', () => {
  const hostile: Record<string, string> = {
    markup: '<b>Dupont & Fils</b> "quoted" \'it\' <script>alert(1)</script>',
    'brackets and backslashes': '(((\\ ) \\n \\(',
    'an emoji family': '🏊‍♀️ Zoé 👨‍👩‍👧‍👦 🇫🇷 ☺ 😀',
    Arabic: 'محمد بن عبد الله (مسبح) 123',
    'Hebrew with English': 'שלום John (גן) 42!',
    'Persian with joiners': 'می\u200cخواهم',
    'Chinese, Hindi, Thai': '漢字 नमस्ते ภาษาไทย',
    'Greek, Cyrillic, Vietnamese': 'Παπαδόπουλος Иванов Nguyễn Thị Hồng',
    'accents piled up': `Z${'\u0301\u0302\u0308\u0323'.repeat(300)}oe`,
    'accents in two parts': 'e\u0301te\u0301 n\u0303',
    'control characters': '\u0000\u0001\u0008\u001b[31mrouge\u007f\u0085\u009f',
    'lone surrogates and non-characters': '\ud800 \udc00 \ufffe \uffff \u{1fffe}',
    'direction overrides': '\u202eabc\u202c \u2066def\u2069',
    'nothing visible': '\u200b\u00ad\ufeff',
    'line breaks': 'a\nb\r\nc\u2028d\td',
    'private use': '\ue000\u{f0000}',
    'one very long word': 'Donaudampfschifffahrts'.repeat(9091),
    'one very long Arabic word': 'محمد'.repeat(50_000),
    'a hundred thousand words': 'mot '.repeat(100_000),
    'a hundred thousand emoji': '🏊'.repeat(100_000),
  };

  it.each(Object.entries(hostile))('%s gives a whole document', async (_, text) => {
    const address = { lines: [text, text, text], postal_code: text, city: text, country: 'FR' };
    const document = invoiceOf(
      [{ ...monthly, label: text, detail: text, discount: { label: text, amount: cents(100) } }],
      {
        seller: {
          ...club,
          name: `x${text}`,
          trade_name: text,
          legal_form: text,
          register_entry: text,
          email: text,
          phone: text,
          website: text,
          address,
        },
        buyer: { ...member, name: text, attention: text, customer_number: text, address },
        remainder: { ...debit, mandate_reference: text },
        contract_reference: text,
        note: text,
        terms: { late_penalty: text, early_payment_discount: text },
      },
    );
    const { pdf } = print(document);
    expect(faultsOf(pdf)).toEqual([]);
    const read = await readPdf(pdf);
    expect(read.text).toContain('F2026-00001');
    expect(plain(read.text)).toContain('58,00 €');
    expect(Buffer.from(read.attachments['factur-x.xml']!.content).toString('utf8')).toBe(facturX(document));
  });

  it('is drawn whole even where a frozen document was not cleaned', () => {
    const document = structuredClone(invoiceOf([monthly], { remainder: debit }));
    for (const text of Object.values(hostile)) {
      document.lines[0]!.label = text;
      document.buyer.name = text;
      document.seller.trade_name = text;
      document.number = text.slice(0, 500);
      document.note = text;
      document.mentions = [{ subject: null, text }];
      expect(faultsOf(print(document).pdf)).toEqual([]);
    }
  });

  it('can be copied out of the document as it was typed', async () => {
    const names = ['Dupont & Fils <SARL>', 'Παπαδόπουλος', 'Иванов', 'Nguyễn Thị Hồng', 'Łukasz Żółć', 'O’Brien'];
    for (const name of names) {
      const { pdf } = print(invoiceOf([monthly], { buyer: { ...member, name } }));
      expect(plain((await readPdf(pdf)).text)).toContain(name);
    }
  });

  it('shows a box for what no font has', async () => {
    const { pdf } = print(invoiceOf([monthly], { buyer: { ...member, name: '漢字 Zoé 🧿' } }));
    expect(plain((await readPdf(pdf)).text)).toContain('□□ Zoé □');
  });

  it('reads right to left where it is written so', async () => {
    const { pdf } = print(invoiceOf([monthly], { buyer: { ...member, name: 'שלום עולם' } }));
    const { text } = await readPdf(pdf);
    expect(text.includes('שלום עולם') || text.includes('םולע םולש')).toBe(true);
  });

  it('may be amounts as large as the engine takes', async () => {
    const { pdf } = print(invoiceOf([{ ...monthly, amount: cents(99_999_999_999) }], { remainder: transfer }));
    expect(faultsOf(pdf)).toEqual([]);
    expect(plain((await readPdf(pdf)).text)).toContain('999 999 999,99 €');
  });
});

describe('a logo', () => {
  const invoice = invoiceOf([monthly]);
  const good: Record<string, Buffer> = {
    'a colour PNG with transparency': png({ width: 300, height: 90 }),
    'a grey PNG of one bit': png({ width: 33, height: 7, depth: 1, color: 0 }),
    'a PNG of sixteen bits': png({ width: 20, height: 20, depth: 16, color: 2 }),
    'an indexed PNG': png({ width: 20, height: 20, depth: 4, color: 3, palette: new Uint8Array(48) }),
    'an interlaced PNG': png({ width: 8, height: 8, interlaced: true, raw: Buffer.alloc(8 * 8 * 4 + 15) }),
    'a large PNG': png({ width: 1900, height: 1900 }),
    'a JPEG': jpeg,
  };
  it.each(Object.entries(good))('may be %s', (_, logo) => {
    const { pdf, warnings } = print(invoice, { logo });
    expect(warnings).toEqual([]);
    expect(faultsOf(pdf)).toEqual([]);
    expect(pdf.toString('latin1')).toContain('/Subtype /Image');
  });

  const cmyk = Buffer.from(jpeg);
  cmyk[
    cmyk.indexOf(Buffer.from([0xff, 0xc0])) < 0
      ? cmyk.indexOf(Buffer.from([0xff, 0xc0, 0x00])) + 9
      : cmyk.indexOf(Buffer.from([0xff, 0xc0])) + 9
  ] = 4;
  const bad: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    text: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'a PNG cut short': png({ width: 300, height: 90 }).subarray(0, 60),
    'a PNG that inflates to more than it says': png({ width: 10, height: 10, raw: Buffer.alloc(50_000_000) }),
    'a PNG that inflates to less': png({ width: 100, height: 100, raw: Buffer.alloc(10) }),
    'a PNG of a milliard pixels': png({ width: 65_000, height: 65_000, raw: Buffer.alloc(10) }),
    'a PNG of no width': png({ width: 0, height: 10, raw: Buffer.alloc(10) }),
    'a PNG with an unknown filter': png({ width: 1, height: 1, raw: Buffer.from([9, 0, 0, 0, 0]) }),
    'an indexed PNG without a palette': png({ width: 4, height: 4, color: 3 }),
    'a PNG whose indices leave the palette': png({
      width: 1,
      height: 1,
      color: 3,
      palette: new Uint8Array(3),
      raw: Buffer.from([0, 200]),
    }),
    'a JPEG cut short': jpeg.subarray(0, jpeg.length - 8),
    'a JPEG header alone': Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00]),
    'a JPEG for print (CMYK)': cmyk,
    'two megabytes': new Uint8Array(2_000_000).fill(0xff),
  };
  it.each(Object.entries(bad))('is left out with a warning where it is %s', (_, logo) => {
    const { pdf, warnings } = print(invoice, { logo });
    expect(warnings).toEqual(['logo_unreadable']);
    expect(faultsOf(pdf)).toEqual([]);
    expect(pdf.toString('latin1')).not.toContain('/Subtype /Image');
  });
});

describe('a statement of account', () => {
  it('lists sales and settlements with the balance after each', async () => {
    const document = makeStatement(
      {
        issued_on: on('2026-08-01'),
        language: 'fr',
        currency: 'EUR',
        seller: club,
        buyer: member,
        period: { from_on: on('2026-07-01'), to_on: on('2026-07-31') },
        opening: cents(1000),
      },
      [
        { on: on('2026-07-05'), kind: 'sale', label: 'Abonnement', amount: cents(5900), paid: false },
        { on: on('2026-07-05'), kind: 'settlement', label: 'Prélèvement', amount: cents(5900), paid: true },
        { on: on('2026-07-12'), kind: 'settlement', label: 'Rejet du prélèvement', amount: cents(-5900), paid: true },
        { on: on('2026-07-12'), kind: 'sale', label: 'Frais de rejet', amount: cents(1000), paid: false },
        { on: on('2026-08-05'), kind: 'settlement', label: 'Représentation', amount: cents(6900), paid: false },
      ],
    );
    expect(document.lines.map((line) => line.balance)).toEqual([6900, 1000, 6900, 7900, 7900]);
    expect(document).toMatchObject({ sales: 6900, settlements: 0, closing: 7900 });
    const { pdf, xml } = renderPdf({ kind: 'statement', document });
    expect(xml).toBeNull();
    expect(faultsOf(pdf)).toEqual([]);
    const text = plain((await readPdf(pdf)).text);
    for (const expected of [
      'Relevé de compte',
      'Solde précédent',
      'Frais de rejet',
      '-59,00',
      'non réglé',
      'Solde au 31/07/2026',
      '79,00 €',
    ])
      expect(text).toContain(expected);
  });
});
