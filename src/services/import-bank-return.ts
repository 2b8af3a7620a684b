/**
 * Applies a bank's file: pain.002, camt.053 or camt.054.
 *
 * Always true:
 * - a whole file is applied in one transaction, or nothing of it;
 * - everything in it that may concern a debit is kept as it was told, then matched and weighed; other movements are
 *   only counted;
 * - one effect per return however often it is told, in this file or in others, because effects have unique keys;
 * - no account number is kept in clear: the debtor's as a keyed hash, those in running text masked.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { maskAccountNumbers } from '../domain/iban.ts';
import type { BankFileEntry } from '../formats/sepa/reader/entry.ts';
import { presentationEventOf } from '../formats/sepa/reader/presentation-event.ts';
import { type BankFile, openBankFile } from '../formats/sepa/reader/read-bank-file.ts';
import { readDay } from '../formats/sepa/reader/values.ts';
import { insertEntries, type NewBankEntry } from '../store/bank-entries.ts';
import { bytesOfMessage, lockBankMessage, markApplied } from '../store/bank-messages.ts';
import { ibanPurpose } from '../store/mandates.ts';
import { theSealer } from '../store/sealing.ts';
import { announce } from './announce.ts';
import { matchBankEntries } from './match-bank-entries.ts';

const ENTRIES_AT_ONCE = 2000;

/** @throws Refusal `not_found` and any `bank_file_…` */
export async function importBankReturn(ctx: Context, id: string): Promise<void> {
  const message = await lockBankMessage(ctx, id);
  if (message.state === 'applied') return;
  const file = openBankFile(bytesOfMessage(ctx.trx, ctx.organization.id, id));
  const kept = await keepEntries(ctx, id, file);
  const debits = kept === 0 ? 0 : await matchBankEntries(ctx);
  const { report } = file;
  const { message: kind, version } = report;
  await markApplied(ctx, id, {
    kind: version ? `${kind}.${version}` : kind,
    entries: kept,
    report: aboutFile(ctx, file),
  });
  await announce(ctx, { type: 'bank_return.applied', subjects: [id], data: { told: report.entries, kept, debits } });
}

/** What the file says of itself, for the report: without the accounts that it is about. */
function aboutFile(ctx: Context, { report }: BankFile): object {
  const { accounts, ...about } = report;
  const own = ctx.organization.settings.creditor?.iban;
  if (own !== undefined && accounts.length > 0 && !accounts.includes(own)) {
    about.findings = [...about.findings, { code: 'account_not_ours', path: '', params: {} }];
    about.findings_count += 1;
  }
  return JSON.parse(maskAccountNumbers(JSON.stringify(about))) as object;
}

async function keepEntries(ctx: Context, id: string, file: BankFile): Promise<number> {
  let position = 0;
  let kept = 0;
  let rows: NewBankEntry[] = [];
  for await (const some of file.entries) {
    for (const entry of some) {
      position += 1;
      const kind = keptKind(entry);
      if (kind === null) continue;
      kept += 1;
      rows.push(entryRow(ctx, entry, kind, position, file.report.created_at));
    }
    if (rows.length < ENTRIES_AT_ONCE) continue;
    await insertEntries(ctx, id, rows);
    rows = [];
  }
  await insertEntries(ctx, id, rows);
  return kept;
}

/** Null: a movement that is no direct debit of ours, or one that is not final. */
function keptKind(entry: BankFileEntry): NewBankEntry['kind'] | null {
  const kind = presentationEventOf(entry);
  if (kind !== null) return kind;
  return entry.kind === 'unknown' || entry.kind === 'collection_reversed' ? 'unknown' : null;
}

function entryRow(
  ctx: Context,
  entry: BankFileEntry,
  kind: NewBankEntry['kind'],
  position: number,
  createdAt: string | null,
): NewBankEntry {
  const account = entry.debtor_iban;
  return {
    position,
    level: entry.level,
    covers_all: entry.covers_all,
    kind,
    on: bankDay(ctx, entry, createdAt),
    reason_code: clean(entry.reason_code, 40),
    amount: entry.amount,
    currency: clean(entry.currency, 10),
    charge: entry.charge_amount,
    end_to_end_id: clean(entry.end_to_end_id, 40),
    mandate_reference: clean(entry.mandate_reference, 40),
    account_index: account === null ? null : theSealer().index(account.slice(0, 40), ibanPurpose(ctx.organization.id)),
    original_message_id: clean(entry.original_message_id, 40),
    payment_information_id: clean(entry.payment_information_id, 40),
    detail: {
      kind: entry.kind,
      status: clean(entry.status, 40),
      reason_text: clean(entry.reason_text, 500),
      reason_hint: entry.reason_hint,
      debtor_name: clean(entry.debtor_name, 140),
      bank_code: clean(entry.bank_code, 80),
      transactions: entry.transactions_in_entry,
      path: entry.path.slice(0, 100),
    },
  };
}

/** Text of the bank's as it may be kept: no longer than it can mean something, and without account numbers. */
function clean(text: string | null, longest: number): string | null {
  return text === null ? null : maskAccountNumbers(text).slice(0, longest);
}

/** The bank's own day; where it gives none for an entry, that of the file; where that is none, our own. */
function bankDay(ctx: Context, entry: BankFileEntry, createdAt: string | null): Day {
  const own = entry.booked_on ?? entry.value_on;
  if (own !== null) return own;
  const created = createdAt === null ? null : readDay(createdAt);
  return created !== null && created <= ctx.today ? created : ctx.today;
}
