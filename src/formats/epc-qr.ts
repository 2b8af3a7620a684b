/**
 * The text of a "scan to pay" QR code: a SEPA credit transfer as EPC069-12 version 3.1 writes it (service tag BCD,
 * version 002, UTF-8). A bank's app reads it and fills in the transfer.
 *
 * Always true:
 * - at most 331 bytes, lines ended by one line feed, no field holding a line break;
 * - null rather than a code that a bank would refuse: not euros, no IBAN, no name, an amount outside
 *   0.01 to 999,999,999.99.
 */
import { cleanText } from '../domain/clean-text.ts';
import { decimal, MAX_AMOUNT } from '../domain/money.ts';

export interface TransferRequest {
  beneficiary: string;
  iban: string;
  bic: string | null;
  amount: number;
  currency: string;
  /** What the payer's bank sends along: the number of the invoice. */
  remittance: string;
}

const MAX_BYTES = 331;
const encoder = new TextEncoder();

/** Cut to so many characters, and to so many bytes of UTF-8. */
function cut(text: string, characters: number, bytes: number): string {
  const kept = Array.from(cleanText(text, characters + 1)).slice(0, characters);
  while (encoder.encode(kept.join('')).length > bytes) kept.pop();
  return kept.join('').trim();
}

export function epcPayload(request: TransferRequest): string | null {
  const iban = request.iban.replace(/\s/g, '').toUpperCase();
  const name = cut(request.beneficiary, 70, 100);
  if (request.currency !== 'EUR' || name === '') return null;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return null;
  if (!Number.isSafeInteger(request.amount) || request.amount < 1 || request.amount > MAX_AMOUNT) return null;
  const bic = request.bic?.replace(/\s/g, '').toUpperCase() ?? '';
  const lines = [
    'BCD',
    '002',
    '1',
    'SCT',
    /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic) ? bic : '',
    name,
    iban,
    `EUR${decimal(request.amount)}`,
    '', // purpose
    '', // structured reference
    cut(request.remittance, 140, 140),
  ];
  const payload = lines.join('\n');
  return encoder.encode(payload).length <= MAX_BYTES ? payload : null;
}
