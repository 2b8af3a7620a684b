/**
 * The SEPA creditor identifier (in France: ICS), by which a debtor's bank knows who collects.
 *
 * Always true:
 * - it is: country, two check digits, three characters of the creditor's own choice, national part; 35 at most;
 * - the check (ISO 7064 mod 97-10) leaves the three business characters out, so FR72ZZZ123456 and FR72ABC123456
 *   are the same creditor.
 */
import type { RefusalCode } from '../errors/catalogue/index.ts';
import { Refusal } from '../errors/refusal.ts';

declare const creditorIdentifierBrand: unique symbol;
export type CreditorIdentifier = string & { readonly [creditorIdentifierBrand]: true };

/** Whole lengths that are fixed nationally, where we are sure of them. */
const LENGTH: Readonly<Record<string, number>> = { FR: 13, DE: 18, AT: 18, NL: 19, LU: 26, ES: 16, IT: 23 };

/** ISO 7064 mod 97-10 over digits and letters (A is 10 … Z is 35). */
export function mod97(text: string): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) rest = (rest * 10 + code - 48) % 97;
    else rest = (rest * 100 + code - 55) % 97;
  }
  return rest;
}

export function compactCreditorIdentifier(text: string): string {
  return text
    .slice(0, 100)
    .replace(/[\s\u00a0-]+/g, '')
    .toUpperCase();
}

/** What is wrong with this text as a creditor identifier; null when nothing is. */
export function creditorIdentifierFault(text: string): RefusalCode | null {
  const id = compactCreditorIdentifier(text);
  if (id.length > 35 || !/^[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]+$/.test(id)) return 'creditor_identifier_malformed';
  const length = LENGTH[id.slice(0, 2)];
  if (length !== undefined && length !== id.length) return 'creditor_identifier_malformed';
  return mod97(id.slice(7) + id.slice(0, 4)) === 1 ? null : 'creditor_identifier_check_digits';
}

/** Reads a creditor identifier. @throws Refusal that names the fault, at `pointer`. */
export function readCreditorIdentifier(text: string, pointer = '/creditor_identifier'): CreditorIdentifier {
  const fault = creditorIdentifierFault(text);
  if (fault) throw new Refusal(fault, {}, { pointer });
  return compactCreditorIdentifier(text) as CreditorIdentifier;
}

/** Do two identifiers name the same creditor (whatever their business characters)? */
export function sameCreditor(a: string, b: string): boolean {
  return a.slice(0, 4) + a.slice(7) === b.slice(0, 4) + b.slice(7);
}
