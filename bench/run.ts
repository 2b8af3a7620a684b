/**
 * `npm run bench [name …]`: ratios taken in one run. Absolute figures move between machines; the ratios are what counts.
 * Ends with 1 when a ratio is below its target.
 */

import { benchAccess } from './access.ts';
import { benchBankReturns } from './bank-returns.ts';
import { benchCamt } from './camt.ts';
import { benchClosure } from './closure.ts';
import { benchCollection } from './collection.ts';
import { benchDoctor } from './doctor.ts';
import { benchDoor } from './door.ts';
import type { BenchEnvironment } from './environment.ts';
import { startBenchEnvironment } from './environment.ts';
import { benchInvoiceNumbers } from './invoice-numbers.ts';
import { benchInvoicePdf } from './invoice-pdf.ts';
import { benchMail } from './mail.ts';
import { benchPain008 } from './pain008.ts';
import { benchPreview } from './preview.ts';
import type { BenchResult } from './ratio.ts';
import { benchFlatCost, benchRecalculation } from './recalculation.ts';
import { benchSchedule } from './schedule.ts';

const benches: Record<string, (environment: BenchEnvironment) => Promise<BenchResult[]>> = {
  recalculation: (environment) => benchRecalculation(environment),
  schedule: () => benchSchedule(),
  flat: (environment) => benchFlatCost(environment),
  preview: (environment) => benchPreview(environment),
  closure: (environment) => benchClosure(environment),
  access: (environment) => benchAccess(environment),
  collection: (environment) => benchCollection(environment),
  door: (environment) => benchDoor(environment),
  doctor: (environment) => benchDoctor(environment),
  pain008: () => benchPain008(),
  camt: async (environment) => [...(await benchCamt()), ...(await benchBankReturns(environment))],
  mail: () => benchMail(),
  invoices: () => benchInvoicePdf(),
  'invoice-numbers': (environment) => benchInvoiceNumbers(environment),
};

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(benches);
const unknown = names.filter((name) => !benches[name]);
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
const environment = await startBenchEnvironment();
let missed = 0;
try {
  for (const name of names) {
    for (const { name: what, ratio, target, detail } of await (benches[name] as (typeof benches)[string])(
      environment,
    )) {
      if (ratio < target) missed += 1;
      process.stdout.write(
        `${ratio >= target ? 'ok    ' : 'MISSED'} ${ratio.toFixed(2).padStart(7)} (target ${target})  ${what}: ${detail}\n`,
      );
    }
  }
} finally {
  await environment.stop();
}
process.exit(missed > 0 ? 1 : 0);
