/** Who collects, as its bank knows it: checked when it is entered, and again before anything is handed over. */
import { readCreditorIdentifier } from '../domain/creditor-identifier.ts';
import { readIban } from '../domain/iban.ts';
import type { OrganizationSettings } from '../schemas/organization-settings.ts';

type Creditor = OrganizationSettings['creditor'];

/** @throws Refusal `iban_…`, `creditor_identifier_malformed`, `creditor_identifier_check_digits` */
export function readCreditor(creditor: Creditor): Creditor {
  return (
    creditor && {
      ...creditor,
      iban: readIban(creditor.iban, '/settings/creditor/iban'),
      identifier: readCreditorIdentifier(creditor.identifier, '/settings/creditor/identifier'),
    }
  );
}
