/**
 * What can be wrong with a direct debit file, piece by piece: the writer refuses these, the check lists them.
 *
 * Always true:
 * - these are the faults that would make the file itself wrong or forge another field: identifiers, amounts,
 *   accounts, addresses, totals. What only the bank or the law minds is in pain008-check.ts;
 * - no fault carries an IBAN or a name.
 */
import { isDay } from '../../domain/day.ts';
import { debtorAddressRequired } from '../../domain/iban.ts';
import { decimal, MAX_AMOUNT } from '../../domain/money.ts';
import type { RefusalCode } from '../../errors/catalogue/index.ts';
import type { RefusalParams } from '../../errors/refusal.ts';
import {
  type MandateAmendment,
  type Pain008Group,
  type Pain008Header,
  type Pain008Row,
  pain008Versions,
  type SepaAddress,
  sddSchemes,
  sequenceTypes,
} from './pain008-message.ts';
import { isBic, isSepaIdentifier, MAX_NAME, MAX_TOWN, sepaText } from './text.ts';

export interface Pain008Fault {
  code: RefusalCode;
  params: RefusalParams;
  /** The field at fault, as named in the input. */
  field: string | null;
}

const IBAN_FORM = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;
const CREDITOR_IDENTIFIER_FORM = /^[A-Z]{2}\d{2}[A-Z0-9]{4,31}$/;
const COUNTRY_FORM = /^[A-Z]{2}$/;

function unusable(field: string): Pain008Fault {
  return { code: 'debit_identifier_unusable', params: { field }, field };
}

function missing(field: string): Pain008Fault {
  return { code: 'debit_field_missing', params: { field }, field };
}

function nothingPrintable(text: string, length: number): boolean {
  return sepaText(text, length) === '';
}

export function isCollectable(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 1 && amount <= MAX_AMOUNT;
}

function addressFault(address: SepaAddress, field: string): Pain008Fault | null {
  if (nothingPrintable(address.town, MAX_TOWN)) return missing(`${field}/town`);
  return COUNTRY_FORM.test(address.country) ? null : missing(`${field}/country`);
}

export function totalsFault(
  where: string,
  declared: { count: number; total: number },
  found: { count: number; total: number },
): Pain008Fault | null {
  if (declared.count === found.count && declared.total === found.total) return null;
  const say = (sums: { count: number; total: number }) => `${sums.count} / ${decimal(sums.total)}`;
  return {
    code: 'debit_totals_disagree',
    params: { where, declared: say(declared), found: say(found) },
    field: null,
  };
}

export function headerFault(header: Pain008Header, groups: readonly Pain008Group[]): Pain008Fault | null {
  if (!pain008Versions.includes(header.version)) return missing('version');
  if (!isSepaIdentifier(header.message_id)) return unusable('message_id');
  if (Number.isNaN(header.created_at.getTime())) return missing('created_at');
  if (nothingPrintable(header.initiator.name, MAX_NAME)) return missing('initiator/name');
  if (header.initiator.identifier && !isSepaIdentifier(header.initiator.identifier))
    return unusable('initiator/identifier');
  if (groups.length === 0) return missing('groups');
  const sums = { count: 0, total: 0 };
  for (const group of groups) {
    sums.count += group.count;
    sums.total += group.total;
  }
  return totalsFault('GrpHdr', header, sums);
}

export function groupFault(group: Pain008Group): Pain008Fault | null {
  if (!isSepaIdentifier(group.id)) return unusable('id');
  if (!sddSchemes.includes(group.scheme))
    return { code: 'debit_sequence_unknown', params: { found: String(group.scheme).slice(0, 20) }, field: 'scheme' };
  if (!sequenceTypes.includes(group.sequence))
    return {
      code: 'debit_sequence_unknown',
      params: { found: String(group.sequence).slice(0, 20) },
      field: 'sequence',
    };
  if (!isDay(group.collected_on)) return missing('collected_on');
  if (group.count < 1) return missing('count');
  const { creditor } = group;
  if (nothingPrintable(creditor.name, MAX_NAME)) return missing('creditor/name');
  if (!IBAN_FORM.test(creditor.iban)) return { code: 'iban_characters', params: {}, field: 'creditor/iban' };
  if (creditor.bic && !isBic(creditor.bic)) return { code: 'debit_bic_malformed', params: {}, field: 'creditor/bic' };
  if (!CREDITOR_IDENTIFIER_FORM.test(creditor.identifier))
    return { code: 'creditor_identifier_malformed', params: {}, field: 'creditor/identifier' };
  return creditor.address ? addressFault(creditor.address, 'creditor/address') : null;
}

function amendmentFault(amendment: MandateAmendment): Pain008Fault | null {
  if (amendment.former_reference && !isSepaIdentifier(amendment.former_reference))
    return unusable('amendment/former_reference');
  if (amendment.former_creditor_identifier && !CREDITOR_IDENTIFIER_FORM.test(amendment.former_creditor_identifier))
    return { code: 'creditor_identifier_malformed', params: {}, field: 'amendment/former_creditor_identifier' };
  return null;
}

export function rowFault(row: Pain008Row): Pain008Fault | null {
  if (!isSepaIdentifier(row.end_to_end_id)) return unusable('end_to_end_id');
  if (row.instruction_id && !isSepaIdentifier(row.instruction_id)) return unusable('instruction_id');
  if (!isCollectable(row.amount)) return { code: 'debit_amount_out_of_range', params: {}, field: 'amount' };
  if (!isSepaIdentifier(row.mandate_reference)) return unusable('mandate_reference');
  if (!isDay(row.mandate_signed_on)) return missing('mandate_signed_on');
  if (row.amendment) {
    const fault = amendmentFault(row.amendment);
    if (fault) return fault;
  }
  if (nothingPrintable(row.debtor_name, MAX_NAME)) return missing('debtor_name');
  if (!IBAN_FORM.test(row.debtor_iban)) return { code: 'iban_characters', params: {}, field: 'debtor_iban' };
  if (row.debtor_bic && !isBic(row.debtor_bic)) return { code: 'debit_bic_malformed', params: {}, field: 'debtor_bic' };
  if (!debtorAddressRequired(row.debtor_iban)) return null;
  if (!row.debtor_address) {
    const country = row.debtor_iban.slice(0, 2);
    return { code: 'debit_address_missing', params: { country }, field: 'debtor_address' };
  }
  return addressFault(row.debtor_address, 'debtor_address');
}
