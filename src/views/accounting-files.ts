/** The accountant's files, in pieces: the two journals as CSV, and the French FEC. */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { accounts } from '../domain/ledger/accounts.ts';
import type { Journal, JournalEntry } from '../domain/ledger/journal.ts';
import { decimal } from '../domain/money.ts';
import { csvLine } from '../formats/csv.ts';
import { fecHeader, fecLines } from '../formats/fec.ts';
import { type JournalDay, journalDays } from './journal.ts';

function labelOf(entry: JournalEntry, day: JournalDay): string {
  return entry.claims.map((id) => day.claims.get(id)).find((label) => label !== undefined) ?? entry.entry;
}

function pieceOf(entry: JournalEntry, day: JournalDay): string {
  return day.documents.get(entry.entry) ?? entry.entry;
}

export async function* fecFile(ctx: ReadContext, from: Day, to: Day): AsyncGenerator<string> {
  yield fecHeader;
  let number = 0;
  for await (const day of journalDays(ctx, from, to)) {
    const customer = (id: string) => day.customers.get(id) ?? id;
    const settledOn = (claim: string) => day.settled.get(claim) ?? null;
    let piece = '';
    for (const entry of day.entries) {
      number += 1;
      piece += fecLines(entry, number, { piece: pieceOf(entry, day), label: labelOf(entry, day), customer, settledOn });
    }
    yield piece;
  }
}

const heads = ['day', 'entry', 'document', 'label', 'customer', 'customer_name', 'account', 'debit', 'credit'];

export async function* journalFile(ctx: ReadContext, journal: Journal, from: Day, to: Day): AsyncGenerator<string> {
  // The mark by which spreadsheets know UTF-8.
  yield `\ufeff${heads.join(',')}\r\n`;
  for await (const day of journalDays(ctx, from, to)) {
    let piece = '';
    for (const entry of day.entries) {
      if (entry.journal !== journal) continue;
      for (const line of entry.lines) {
        piece += csvLine([
          { text: entry.on },
          { text: entry.entry },
          { text: pieceOf(entry, day) },
          { text: labelOf(entry, day) },
          { text: line.customer ?? '' },
          { text: line.customer === null ? '' : (day.customers.get(line.customer) ?? '') },
          { text: accounts[line.account].default_number },
          { amount: decimal(line.debit) },
          { amount: decimal(line.credit) },
        ]);
      }
    }
    yield piece;
  }
}
