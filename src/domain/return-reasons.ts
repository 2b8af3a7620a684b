/**
 * Why a direct debit failed: the reason codes of banks (ISO 20022 external codes, SEPA subset), what each is in
 * words, and what we do by default. An organization may set another policy per code.
 *
 * Always true:
 * - every code has exactly one class, and every class a default policy;
 * - a code that is not in the table, or no code at all, is for a person to decide: nothing is guessed;
 * - only a lack of money or a late or failed settlement is represented by itself, and never without a limit;
 * - a death stops every reminder.
 */
import type { InEveryLanguage } from '../errors/language.ts';
import { reasonTable } from './return-reason-table.ts';

export const reasonClasses = [
  'RETRY',
  'RETRY_ONCE',
  'FIX_RETRY',
  'NEW_ACCOUNT',
  'NEW_MANDATE',
  'FIX_MANDATE',
  'FIX_CREDITOR',
  'FIX_DATA',
  'FIX_FILE',
  'HUMAN',
  'STOP',
] as const;
export type ReasonClass = (typeof reasonClasses)[number];

/** Where a code is seen: before settlement, after it, asked back by the debtor, on a whole file, on a reversal. */
export type ReasonSeen = 'reject' | 'return' | 'refund' | 'file' | 'reversal';

export interface ReturnReason {
  code: string;
  class: ReasonClass;
  seen: readonly ReasonSeen[];
  name: InEveryLanguage;
}

export interface ReasonPolicy {
  /** May the amount be asked for again by itself, with the next collection? */
  represent: boolean;
  /** How often at most, per debt; 0 where `represent` is false. */
  max_representments: number;
  /** Is the rejection fee sold to the customer? */
  fee: boolean;
  /** What becomes of the mandate. A suspended one collects nothing until it is mended; a closed one never again. */
  mandate: 'keep' | 'suspend' | 'close';
  /** Do no reminders go out for this debt? */
  stop_reminders: boolean;
  /** Must a person look before anything further happens? */
  needs_person: boolean;
}

const NOTHING: ReasonPolicy = {
  represent: false,
  max_representments: 0,
  fee: false,
  mandate: 'keep',
  stop_reminders: false,
  needs_person: false,
};

/** The default of each class. Fees are for what the debtor's side caused, never for our file's or the bank's fault. */
const policyOfClass: Readonly<Record<ReasonClass, ReasonPolicy>> = {
  RETRY: { ...NOTHING, represent: true, max_representments: 2, fee: true },
  RETRY_ONCE: { ...NOTHING, represent: true, max_representments: 1, fee: true },
  FIX_RETRY: { ...NOTHING, needs_person: true },
  NEW_ACCOUNT: { ...NOTHING, fee: true, mandate: 'suspend' },
  NEW_MANDATE: { ...NOTHING, mandate: 'suspend' },
  FIX_MANDATE: { ...NOTHING, mandate: 'suspend', needs_person: true },
  FIX_CREDITOR: { ...NOTHING, needs_person: true },
  FIX_DATA: { ...NOTHING, needs_person: true },
  FIX_FILE: { ...NOTHING, needs_person: true },
  HUMAN: { ...NOTHING, needs_person: true },
  STOP: { ...NOTHING, mandate: 'close', stop_reminders: true, needs_person: true },
};

/** Codes whose default is not quite that of their class. */
const policyOfCode: Readonly<Record<string, Partial<ReasonPolicy>>> = {
  // The settlement between banks failed, or the file came after the cut-off: not the debtor's doing.
  ED05: { fee: false },
  TM01: { fee: false },
  // A closed account closes the mandate; the customer signs another for the account they have now.
  AC04: { mandate: 'close' },
  // The debtor's bank cannot be reached by direct debit at all.
  DNOR: { fee: false },
};

const UNKNOWN_NAME: InEveryLanguage = {
  fr: 'Motif inconnu',
  en: 'Unknown reason',
  de: 'Unbekannter Grund',
};

const byCode: ReadonlyMap<string, ReturnReason> = new Map(reasonTable.map((reason) => [reason.code, reason]));

/** Every code in the table. */
export const returnReasons: readonly ReturnReason[] = reasonTable;

/** Is this code in the table? */
export function isKnownReason(code: string | null): boolean {
  return code !== null && byCode.has(code);
}

/** The reason of a code; an unknown or missing code is of class HUMAN. */
export function reasonOf(code: string | null): ReturnReason {
  const known = code === null ? undefined : byCode.get(code);
  return known ?? { code: code ?? '', class: 'HUMAN', seen: [], name: UNKNOWN_NAME };
}

/** What is done by default for a code (unknown or missing: a person decides). */
export function defaultPolicy(code: string | null): ReasonPolicy {
  const base = policyOfClass[reasonOf(code).class];
  const own = code === null ? undefined : policyOfCode[code];
  return own ? { ...base, ...own } : base;
}

/** Classes whose reason is about the customer's own account, and so says something to them. */
const toldToCustomers: ReadonlySet<ReasonClass> = new Set(['RETRY_ONCE', 'NEW_ACCOUNT', 'NEW_MANDATE']);

/** The reason as a customer may read it; null where it is none of their doing, or nothing to write to anybody. */
export function reasonToTell(code: string | null): InEveryLanguage | null {
  const { code: known, class: of, name } = reasonOf(code);
  return known === 'AM04' || (known !== 'MS03' && toldToCustomers.has(of)) ? name : null;
}

/** An organization's policy for a code: its own settings over the default. Representing never is without a limit. */
export function policyFor(
  code: string | null,
  settings: Readonly<Record<string, Partial<ReasonPolicy>>> = {},
): ReasonPolicy {
  const own = code !== null && Object.hasOwn(settings, code) ? settings[code] : undefined;
  if (!own) return defaultPolicy(code);
  const policy = { ...defaultPolicy(code), ...own };
  if (!policy.represent) return { ...policy, max_representments: 0 };
  return policy.max_representments > 0 ? policy : { ...policy, max_representments: 1 };
}

const CODE_IN_TEXT = /(?<![A-Z0-9])[A-Z]{2}(?:\d{2}|[A-Z]{2})(?![A-Z0-9])/g;

/**
 * The one known code that a bank's free text names: `/AM04/ PROVISION INSUFFISANTE` is AM04. Null where there is
 * none, or where two differ: nothing is guessed.
 */
export function reasonCodeIn(text: string): string | null {
  let found: string | null = null;
  for (const [word] of text.matchAll(CODE_IN_TEXT)) {
    if (!byCode.has(word) || word === 'NARR' || word === found) continue;
    if (found !== null) return null;
    found = word;
  }
  return found;
}
