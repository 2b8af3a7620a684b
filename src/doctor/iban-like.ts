/** Whether running text has an account number in it: something of its form whose check digits are right. */
import { ibanFault } from '../domain/iban.ts';

/** The shortest account numbers of the SEPA area have 15 characters, the longest 34. */
export function isIban(candidate: string): boolean {
  const text = candidate.replace(/ /g, '');
  // A candidate found in running text may have letters of the next word at its end.
  for (let length = Math.min(34, text.length); length >= 15; length -= 1) {
    if (ibanFault(text.slice(0, length)) === null) return true;
  }
  return false;
}
