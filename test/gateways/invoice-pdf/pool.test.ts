import { afterEach, describe, expect, it } from 'vitest';
import {
  openPrinter,
  type Printer,
  type PrinterOptions,
  PrintFailure,
} from '../../../src/gateways/invoice-pdf/pool.ts';
import { type PrintJob, renderPdf } from '../../../src/gateways/invoice-pdf/render.ts';
import { invoiceOf, monthly } from '../../domain/invoices/samples.ts';
import { png } from './pictures.ts';

const opened: Printer[] = [];
const open = (options: PrinterOptions = {}): Printer => {
  const printer = openPrinter(options);
  opened.push(printer);
  return printer;
};
afterEach(() => Promise.all(opened.splice(0).map((printer) => printer.close())));

const entry = new URL('./stuck-thread.mjs', import.meta.url);
const job = (note: string, number = 'F1'): PrintJob => ({
  kind: 'invoice',
  document: { ...invoiceOf([monthly]), note, number },
});
const reasonOf = (printing: Promise<unknown>): Promise<string> =>
  printing.then(
    () => 'printed',
    (failure: unknown) => (failure instanceof PrintFailure ? failure.reason : String(failure)),
  );

describe('the printer', () => {
  it('renders in a thread what is rendered here, byte for byte, and hashes it', async () => {
    const printer = open({ threads: 2 });
    const work: PrintJob = {
      kind: 'invoice',
      document: invoiceOf([monthly]),
      logo: png({ width: 30, height: 9 }),
      accent: '#0b7285',
    };
    const files = await Promise.all([printer.print(work), printer.print(work), printer.print(work)]);
    const here = renderPdf(work);
    for (const file of files) {
      expect(file.pdf.equals(here.pdf)).toBe(true);
      expect(file).toMatchObject({ xml: here.xml, pages: 1, warnings: [], sha256: files[0]!.sha256 });
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('ends a render that is stuck, says so, and prints the next document', async () => {
    const printer = open({ entry, limit_ms: 300 });
    const stuck = reasonOf(printer.print(job('hang')));
    const next = printer.print(job('', 'F2'));
    expect(await stuck).toBe('timeout');
    expect((await next).xml).toBe('F2');
  });

  it('outlives a thread that dies or eats all its memory', async () => {
    const printer = open({ entry, memory_mb: 32, limit_ms: 30_000 });
    expect(await reasonOf(printer.print(job('die')))).toBe('crashed');
    expect(await reasonOf(printer.print(job('eat')))).toBe('crashed');
    expect((await printer.print(job('', 'F3'))).xml).toBe('F3');
  });

  it('tells why a document could not be rendered, and keeps the thread', async () => {
    const printer = open({ entry });
    await expect(printer.print(job('throw'))).rejects.toThrow('a glyph went missing');
    expect((await printer.print(job('', 'F4'))).xml).toBe('F4');
  });

  it('refuses what is left when it is closed', async () => {
    const printer = open({ entry, limit_ms: 60_000 });
    const waiting = [reasonOf(printer.print(job('hang'))), reasonOf(printer.print(job('')))];
    await printer.close();
    expect(await Promise.all(waiting)).toEqual(['closed', 'closed']);
    expect(await reasonOf(printer.print(job('')))).toBe('closed');
  });
});
