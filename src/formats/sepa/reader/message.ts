/** What the readers of both families of messages share: where entries go, and how values are read with findings. */
import type { Day } from '../../../domain/day.ts';
import { type Cents, decimal } from '../../../domain/money.ts';
import { Refusal } from '../../../errors/refusal.ts';
import { type BankFileEntry, type BankFileKind, type BankFileReport, bankFileKinds } from './entry.ts';
import { type FindingList, findingList } from './findings.ts';
import type { BankFileLimits } from './limits.ts';
import { readAmount, readDay } from './values.ts';

export interface MessageContext {
  report: BankFileReport;
  findings: FindingList;
  emit(entry: BankFileEntry): void;
  /** Reads an amount; an unreadable one, or one in another currency than the euro, is a finding. */
  amount(text: string, path: string, currency?: string): Cents | null;
  day(text: string, path: string): Day | null;
  /** An amount as text for a finding, however large. */
  say(amount: number): string;
}

export interface MessageOutput extends MessageContext {
  /** The entries told since the last call. */
  take(): BankFileEntry[];
}

export function messageOutput(limits: BankFileLimits): MessageOutput {
  const findings = findingList();
  let entries: BankFileEntry[] = [];
  const report: BankFileReport = {
    message: 'pain.002',
    version: null,
    message_id: null,
    created_at: null,
    original_message_id: null,
    original_message_name: null,
    accounts: [],
    declared: { count: null, total: null },
    entries: 0,
    entries_by_kind: Object.fromEntries(bankFileKinds.map((kind) => [kind, 0])) as Record<BankFileKind, number>,
    bytes: 0,
    encoding: 'UTF-8',
    findings: findings.list,
    findings_count: 0,
  };
  return {
    report,
    findings,
    emit(entry) {
      if (report.entries >= limits.max_entries)
        throw new Refusal('bank_file_beyond_limit', { what: 'entries', limit: limits.max_entries });
      report.entries += 1;
      report.entries_by_kind[entry.kind] += 1;
      entries.push(entry);
    },
    amount(text, path, currency) {
      const amount = readAmount(text);
      if (amount === null) findings.add('amount_unreadable', path, { found: text });
      if (currency !== undefined && currency !== '' && currency !== 'EUR')
        findings.add('currency_other', path, { found: currency });
      return amount;
    },
    day(text, path) {
      const on = readDay(text);
      if (on === null) findings.add('day_unreadable', path, { found: text });
      return on;
    },
    say: (amount) => (Number.isSafeInteger(amount) ? decimal(amount) : String(amount / 100)),
    take() {
      const taken = entries;
      entries = [];
      return taken;
    },
  };
}
