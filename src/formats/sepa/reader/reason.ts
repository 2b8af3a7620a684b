/**
 * The reason that a bank gives, wherever it put it: as a code, as its own word, or only in free text.
 *
 * Always true: a code of the standard outranks the bank's own word, which outranks free text; of several the first.
 */
import { isKnownReason, reasonCodeIn } from '../../../domain/return-reasons.ts';
import type { BankFileEntry } from './entry.ts';
import { joinText } from './values.ts';

export interface Reason {
  code: string | null;
  proprietary: string | null;
  text: string | null;
}

export function noReason(): Reason {
  return { code: null, proprietary: null, text: null };
}

export function isGiven(reason: Reason): boolean {
  return reason.code !== null || reason.proprietary !== null || reason.text !== null;
}

export function addReasonText(reason: Reason, text: string): void {
  reason.text = joinText(reason.text, text);
}

type ReasonFields = Pick<BankFileEntry, 'reason_code' | 'reason_source' | 'reason_text'>;

export function reasonFields(reason: Reason): ReasonFields {
  const { code, proprietary, text } = reason;
  if (code !== null) return { reason_code: code, reason_source: 'code', reason_text: text };
  if (proprietary !== null) {
    const known = isKnownReason(proprietary) ? proprietary : reasonCodeIn(proprietary);
    if (known !== null) return { reason_code: known, reason_source: 'proprietary', reason_text: text ?? proprietary };
  }
  const told = text === null ? null : reasonCodeIn(text);
  if (told !== null) return { reason_code: told, reason_source: 'text', reason_text: text };
  return { reason_code: proprietary, reason_source: proprietary === null ? null : 'proprietary', reason_text: text };
}
