/** PDF/A-3b, as far as it can be read off the file, for each kind of document; and that the reading sees what is wrong. */
import { describe, expect, it } from 'vitest';
import { creditInvoice } from '../../../src/domain/invoices/credit-note.ts';
import type { InvoiceDocument } from '../../../src/domain/invoices/document.ts';
import { cents } from '../../../src/domain/money.ts';
import { renderPdf } from '../../../src/gateways/invoice-pdf/render.ts';
import { club, company, creditIssue, invoiceOf, monthly, on } from '../../domain/invoices/samples.ts';
import { archiveFaults } from './archive-rules.ts';
import { png } from './pictures.ts';

const transfer = { how: 'payment' as const, due_on: on('2026-07-31'), method: null };
const ordinary = invoiceOf([monthly], { remainder: transfer });
const named = 'Dupont & Fils <SARL> « Ω » (1\\2) مرحبا';
const documents: Record<string, InvoiceDocument> = {
  ordinary,
  'of forty lines': invoiceOf(Array.from({ length: 40 }, () => monthly)),
  'in German to a business': invoiceOf([monthly], { language: 'de', buyer: company }),
  'with names that need escaping': invoiceOf([{ ...monthly, label: `${named} 🏊` }], {
    seller: { ...club, name: named },
    buyer: { ...company, name: named },
  }),
  'taking back an invoice': creditInvoice(ordinary, [], [{ line: 1, amount: cents(100) }], creditIssue),
};
const print = (document: InvoiceDocument, logo?: Uint8Array) =>
  renderPdf({ kind: 'invoice', document, ...(logo && { logo }) }).pdf;

describe('a document kept for ten years', () => {
  it.each(Object.keys(documents))('%s follows the rules of archives', (name) => {
    expect(archiveFaults(print(documents[name] as InvoiceDocument))).toEqual([]);
  });

  it('with a see-through logo follows them too', () => {
    expect(archiveFaults(print(ordinary, png({ width: 8, height: 8, color: 6 })))).toEqual([]);
  });
});

describe('the reading of the rules', () => {
  const good = print(ordinary).toString('latin1');
  const spoilt: [string, string | RegExp, string, string][] = [
    ['an identifier', /\/ID \[<[0-9a-f]+> <[0-9a-f]+>\]/i, '', '6.1.3'],
    ['the intent of output', '/S /GTS_PDFA1', '/S /GTS_PDFX', '6.2.3'],
    ['the map to glyphs', /\/CIDToGIDMap \/Identity/g, '', '6.2.11.3'],
    ['a width', /\/W \[0 \[(\d+) [\d.]+/g, '/W [0 [$1 1', '6.2.11.5'],
    ['an embedded font', /\/FontFile2 \d+ 0 R/g, '', '6.2.11.4'],
    ['how the XML belongs', '/AFRelationship /Data', '', '6.8'],
    ['its MIME type', '/Subtype /text#2Fxml', '', '6.8'],
    ['its checksum', /\/CheckSum \(..../, '/CheckSum (0000', '6.8'],
    ['a stream’s length', /\/Length (\d)(\d+)\n/, '/Length 1\n', '6.1.7.1'],
    ['what part it conforms to', '<pdfaid:part>3', '<pdfaid:part>1', '6.6.4'],
    ['its conformance', '<pdfaid:conformance>B', '<pdfaid:conformance>U', '6.6.4'],
    ['an extension schema', '<pdfaProperty:name>Version', '<pdfaProperty:name>Vorsion', '6.6.2.3'],
    ['the producer', '<pdf:Producer>', '<pdf:Producer>x', '6.6.2'],
    ['a page without annotations', '/Type /Page\n', '/Type /Page\n/Annots []\n', '6.3'],
  ];

  it.each(spoilt)('misses %s', (_what, from, to, clause) => {
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    let faults: string[];
    try {
      faults = archiveFaults(Buffer.from(bad, 'latin1'));
    } catch (error) {
      faults = [`${clause} unreadable: ${error}`];
      expect(clause).toBe('6.1.7.1');
    }
    expect(faults.join('\n')).toContain(clause);
  });
});
