/**
 * The French "fichier des écritures comptables" (LPF art. A47 A-1): 18 columns in this order, separated by tabs, days
 * as YYYYMMDD, amounts with a comma, one line for each line of an entry, entries numbered without a gap in the order
 * of their days. Lines of a claim that is settled in whole by the end of the period bear its letters (its id) and the
 * day on which it was.
 */
import { cleanText } from '../domain/clean-text.ts';
import type { Day } from '../domain/day.ts';
import { type Account, accounts } from '../domain/ledger/accounts.ts';
import type { JournalEntry } from '../domain/ledger/journal.ts';
import { decimal } from '../domain/money.ts';

export const fecColumns = [
  'JournalCode',
  'JournalLib',
  'EcritureNum',
  'EcritureDate',
  'CompteNum',
  'CompteLib',
  'CompAuxNum',
  'CompAuxLib',
  'PieceRef',
  'PieceDate',
  'EcritureLib',
  'Debit',
  'Credit',
  'EcritureLet',
  'DateLet',
  'ValidDate',
  'Montantdevise',
  'Idevise',
] as const;

const journals = { sales: ['VE', 'Ventes'], settlements: ['RG', 'Règlements'] } as const;

const names: Record<Account, string> = {
  receivable: 'Clients',
  customer_credit: 'Clients, avances et acomptes',
  in_flight: 'Prélèvements en cours',
  bank: 'Banque',
  cash: 'Caisse',
  cheques: 'Chèques à encaisser',
  cards: 'Cartes à encaisser',
  revenue: 'Prestations de services',
  fee_income: 'Frais facturés',
  tax: 'TVA collectée',
  bank_charges: 'Frais bancaires',
  write_off: 'Pertes sur créances',
};

export interface Named {
  /** The document or event that proves it. */
  piece: string;
  label: string;
  /** The customer's name, by id. */
  customer: (id: string) => string;
  /** The day on which a claim was settled in whole; null: something of it is open. */
  settledOn: (claim: string) => Day | null;
}

export const fecHeader = `${fecColumns.join('\t')}\r\n`;

const compact = (on: Day) => on.replaceAll('-', '');
const amount = (value: number) => decimal(value).replace('.', ',');
/** No tab, no line break; the vertical bar is kept out too, as some readers take it for the separator. */
const text = (value: string, limit = 200) => cleanText(value, limit).replaceAll('|', '/');

export function fecLines(entry: JournalEntry, number: number, named: Named): string {
  const [code, journal] = journals[entry.journal];
  return entry.lines
    .map(({ account, customer, claim, debit, credit }) => {
      const settledOn = claim === null ? null : named.settledOn(claim);
      return [
        code,
        journal,
        String(number),
        compact(entry.on),
        accounts[account].default_number,
        names[account],
        customer ?? '',
        customer === null ? '' : text(named.customer(customer)),
        text(named.piece, 60),
        compact(entry.on),
        text(named.label),
        amount(debit),
        amount(credit),
        settledOn === null ? '' : (claim ?? ''),
        settledOn === null ? '' : compact(settledOn),
        compact(entry.recorded_on),
        '',
        '',
      ].join('\t');
    })
    .map((line) => `${line}\r\n`)
    .join('');
}
