/**
 * Invoices printed per second of processor time on one thread, Factur-X and PDF/A-3 included, against what the parts do:
 * pdfkit alone writing the same words at the same places with the same two fonts, parsed once; the same with the shaping of
 * every word it has met remembered between pages; a plain pdfkit page of lines in one font; and pdfmake laying out the same
 * invoice. Processor time, because the clock of a busy machine tells who else was running.
 *
 * pdfkit is slow here by one thing: for each page it has fontkit shape every word anew, through Inter's hundreds of
 * contextual rules. We shape once per thread and pair of letters, so the second of the four is the fair comparison.
 * `node --import tsx bench/invoice-pdf.ts [invoices per round]`
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { Day } from '../src/domain/day.ts';
import type { InvoiceDocument, TaxTreatment } from '../src/domain/invoices/document.ts';
import { issueInvoice } from '../src/domain/invoices/issue-invoice.ts';
import { cents } from '../src/domain/money.ts';
import { renderPdf } from '../src/gateways/invoice-pdf/render.ts';
import { Sheet, type TextLook } from '../src/gateways/invoice-pdf/sheet.ts';
import { club, member } from '../test/domain/invoices/samples.ts';
import { type BenchResult, median } from './ratio.ts';

const ROUNDS = 7;
const require = createRequire(import.meta.url);
const paths = {
  regular: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  semibold: require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
};

const names = ['Zoé Lefèvre', 'Jürgen Groß', 'Anna Kowalska', 'Noël Çelik', 'Léa Dùpont-Ângeli', 'Xavier Queyras'];
const taxed: TaxTreatment = { category: 'S', rate_bps: 2000, exemption_reason: null, exemption_code: null };

/** A membership's invoice as they are: one to four lines, a name and amounts of its own. */
function invoice(n: number): InvoiceDocument {
  const lines = [
    {
      label: 'Abonnement Aqua Premium',
      detail: `Échéance ${(n % 12) + 1} sur 12`,
      amount: cents(5900 + n),
      tax: taxed,
    },
    {
      label: 'Frais de rejet du prélèvement',
      amount: cents(1000),
      tax: { ...taxed, category: 'O' as const, rate_bps: 0 },
    },
    { label: 'Bonnet de bain en silicone', quantity: 2, amount: cents(1998), tax: taxed },
    { label: 'Boisson', quantity: 3, amount: cents(700 + n), tax: { ...taxed, rate_bps: 550 } },
  ].slice(0, (n % 4) + 1);
  return issueInvoice(
    {
      language: 'fr',
      currency: 'EUR',
      seller: club,
      buyer: {
        ...member,
        name: `${names[n % names.length]} ${n}`,
        customer_number: `C-${n}`,
        address: { ...member.address, lines: [`${n} rue de la République`] },
      },
      contract_reference: `CTR-2026-${n}`,
      lines,
      remainder: {
        how: 'direct_debit',
        on: '2026-08-05' as Day,
        account_ending: '0189',
        mandate_reference: `RUM-${n}`,
      },
    },
    { series: 'F', number: `F2026-${String(n + 1).padStart(5, '0')}`, issued_on: '2026-07-05' as Day },
  );
}

interface DrawnText {
  text: string;
  x: number;
  y: number;
  size: number;
  weight: 'regular' | 'semibold';
  align: string;
}

/** What our page says and where, so that the bare page says the same. */
function wordsOf(document: InvoiceDocument): DrawnText[] {
  const drawn: DrawnText[] = [];
  const original = Sheet.prototype.text;
  Sheet.prototype.text = function text(words: string, x: number, y: number, look: TextLook): number {
    if (words !== '')
      drawn.push({ text: words, x, y, size: look.size, weight: look.weight, align: look.align ?? 'left' });
    return original.call(this, words, x, y, look);
  };
  try {
    renderPdf({ kind: 'invoice', document });
  } finally {
    Sheet.prototype.text = original;
  }
  return drawn;
}

const parsed: Record<'regular' | 'semibold', Font> = {
  regular: create(readFileSync(paths.regular)),
  semibold: create(readFileSync(paths.semibold)),
};

function finished(pdf: PDFKit.PDFDocument): Promise<number> {
  return new Promise((resolve) => {
    let bytes = 0;
    pdf.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    pdf.on('end', () => resolve(bytes));
    pdf.end();
  });
}

/** The font, with the shape of every piece of text kept. pdfkit scales the positions it is given, so each gets its own. */
function remembering(font: Font): Font {
  const known = new Map<string, { glyphs: unknown[]; positions: { xAdvance: number }[] }>();
  const layout = (text: string, features?: unknown) => {
    const key = `${JSON.stringify(features ?? null)} ${text}`;
    let run = known.get(key);
    if (!run) {
      const { glyphs, positions } = font.layout(text, features as never);
      run = { glyphs, positions: positions.map((position) => ({ ...position })) };
      known.set(key, run);
    }
    const positions = run.positions.map((position) => ({ ...position }));
    return {
      glyphs: run.glyphs,
      positions,
      get advanceWidth() {
        return positions.reduce((all, { xAdvance }) => all + xAdvance, 0);
      },
    };
  };
  return Object.create(font, { layout: { value: layout } }) as Font;
}

const remembered = { regular: remembering(parsed.regular), semibold: remembering(parsed.semibold) };

/** pdfkit as its guide has it. Fonts are registered by name: by object it compares whole name tables at each use. */
function barePage(texts: readonly DrawnText[], fonts: Record<'regular' | 'semibold', Font>): Promise<number> {
  const pdf = new PDFDocument({ size: 'A4', margin: 0, font: '' });
  for (const weight of ['regular', 'semibold'] as const)
    pdf.registerFont(weight, fonts[weight] as unknown as PDFKit.Mixins.PDFFontSource);
  for (const { text, x, y, size, weight, align } of texts) {
    pdf.font(weight).fontSize(size);
    const left = align === 'right' ? x - pdf.widthOfString(text) : x;
    pdf.text(text, left, y - size, { lineBreak: false });
  }
  return finished(pdf);
}

/** Forty lines of text, one font, no measuring: the least that can be called a page. */
function plainPage(texts: readonly DrawnText[]): Promise<number> {
  const pdf = new PDFDocument({ size: 'A4', margin: 40, font: '' });
  pdf.registerFont('regular', parsed.regular as unknown as PDFKit.Mixins.PDFFontSource);
  pdf.font('regular').fontSize(9);
  for (let line = 0; line < 40; line++) {
    const words = texts.slice(line, line + 2).map((each) => each.text);
    pdf.text(words.join(' ').slice(0, 80), 40, 40 + line * 18, { lineBreak: false });
  }
  return finished(pdf);
}

interface PdfMake {
  setFonts(fonts: object): void;
  setUrlAccessPolicy(allow: () => boolean): void;
  setLocalAccessPolicy(allow: () => boolean): void;
  createPdf(definition: object): { getBuffer(): Promise<Buffer> };
}

function pdfMake(): (texts: readonly DrawnText[], document: InvoiceDocument) => Promise<number> {
  const make = require('pdfmake') as PdfMake;
  make.setFonts({ Inter: { normal: paths.regular, bold: paths.semibold } });
  make.setUrlAccessPolicy(() => false);
  make.setLocalAccessPolicy(() => true);
  return async (texts, document) => {
    const cell = ({ text, size, weight }: DrawnText) => ({ text, fontSize: size, bold: weight === 'semibold' });
    const inTable = document.lines.length * 6 + 6;
    const start = texts.findIndex((each) => each.text === 'Désignation');
    const rows: object[][] = [];
    const figures = texts.slice(start, start + inTable);
    for (let at = 0; at < inTable; at += 6) rows.push(figures.slice(at, at + 6).map(cell));
    const definition = {
      defaultStyle: { font: 'Inter' },
      content: [
        { columns: [texts.slice(0, 8).map(cell), texts.slice(8, start).map(cell)] },
        { table: { headerRows: 1, widths: ['*', 34, 56, 36, 60, 66], body: rows }, layout: 'lightHorizontalLines' },
        ...texts.slice(start + inTable).map(cell),
      ],
    };
    return (await make.createPdf(definition).getBuffer()).length;
  };
}

export async function benchInvoicePdf(count = Number(process.env.BENCH_PRINTS ?? 40)): Promise<BenchResult[]> {
  const documents = Array.from({ length: count }, (_, n) => invoice(n));
  const texts = documents.map(wordsOf);
  const withPdfMake = pdfMake();
  const sides = {
    ours: async (n: number) => void renderPdf({ kind: 'invoice', document: documents[n]! }),
    bare: async (n: number) => void (await barePage(texts[n]!, parsed)),
    remembering: async (n: number) => void (await barePage(texts[n]!, remembered)),
    plain: async (n: number) => void (await plainPage(texts[n]!)),
    pdfmake: async (n: number) => void (await withPdfMake(texts[n]!, documents[n]!)),
  };
  const rates: Record<keyof typeof sides, number[]> = { ours: [], bare: [], remembering: [], plain: [], pdfmake: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of Object.keys(sides) as (keyof typeof sides)[]) {
      const before = process.cpuUsage();
      for (let n = 0; n < count; n++) await sides[side](n);
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0) rates[side].push((count * 1_000_000) / (user + system));
    }
  }
  const [ours, bare, remembering, plain, pdfmake] = [
    median(rates.ours),
    median(rates.bare),
    median(rates.remembering),
    median(rates.plain),
    median(rates.pdfmake),
  ];
  const say = (rate: number) => `${rate.toFixed(0)}/s of processor time`;
  return [
    {
      name: 'invoices with Factur-X on one core, against bare pdfkit with the same words and fonts',
      ratio: ours / bare,
      target: 0.6,
      detail: `ours ${say(ours)}, bare ${say(bare)}`,
    },
    {
      name: 'invoices with Factur-X on one core, against bare pdfkit that remembers how every word is shaped',
      ratio: ours / remembering,
      target: 0.6,
      detail: `ours ${say(ours)}, bare ${say(remembering)}`,
    },
    {
      name: 'invoices with Factur-X on one core, against a plain pdfkit page of forty lines in one font',
      ratio: ours / plain,
      target: 0.6,
      detail: `ours ${say(ours)}, plain ${say(plain)}`,
    },
    {
      name: 'invoices with Factur-X on one core, against pdfmake',
      ratio: ours / pdfmake,
      target: 1.5,
      detail: `ours ${say(ours)}, pdfmake ${say(pdfmake)}`,
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await benchInvoicePdf(Number(process.argv[2] ?? 60)), null, 2));
