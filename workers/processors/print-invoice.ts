/**
 * Prints an issued document once: read, rendered in a thread outside of any transaction, kept with its hash. Rendering
 * gives the same bytes every time, so a worker that dies in between loses nothing.
 */
import { openPrinter } from '../../src/gateways/invoice-pdf/pool.ts';
import { findPrinted, keepPrinted, loadPrint } from '../../src/store/invoice-files.ts';
import type { Processor } from '../processor.ts';

/** Shared by all workers of this process; its threads start with the first document and keep no process alive. */
const printer = openPrinter();

export const printInvoice: Processor<'print-invoice'> = {
  kind: 'steps',
  async run(steps, { invoice }) {
    const print = await steps.transaction(async (ctx) =>
      (await findPrinted(ctx, invoice)) ? null : loadPrint(ctx, invoice),
    );
    if (print) {
      const file = await printer.print({ kind: 'invoice', ...print });
      await steps.transaction((ctx) => keepPrinted(ctx, invoice, file));
    }
    return steps.transaction((ctx) => findPrinted(ctx, invoice));
  },
};
