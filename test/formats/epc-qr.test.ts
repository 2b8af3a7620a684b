import { describe, expect, it } from 'vitest';
import { epcPayload, type TransferRequest } from '../../src/formats/epc-qr.ts';

const transfer: TransferRequest = {
  beneficiary: 'Aquaforme SAS',
  iban: 'FR76 3000 6000 0112 3456 7890 189',
  bic: 'AGRIFRPP',
  amount: 5900,
  currency: 'EUR',
  remittance: 'F2026-00001',
};

describe('the QR code of a transfer', () => {
  it('reads as EPC069-12 has it', () => {
    expect(epcPayload(transfer)?.split('\n')).toEqual([
      'BCD',
      '002',
      '1',
      'SCT',
      'AGRIFRPP',
      'Aquaforme SAS',
      'FR7630006000011234567890189',
      'EUR59.00',
      '',
      '',
      'F2026-00001',
    ]);
  });

  it('does without a BIC, or with one that is none', () => {
    expect(epcPayload({ ...transfer, bic: null })?.split('\n')[4]).toBe('');
    expect(epcPayload({ ...transfer, bic: 'no\nbic' })?.split('\n')[4]).toBe('');
  });

  it('lets no text add a line, and stays within 331 bytes', () => {
    const hostile = epcPayload({
      ...transfer,
      beneficiary: `Évil\nDE00\r\n${'é'.repeat(500)}`,
      remittance: '漢'.repeat(500),
    })!;
    expect(hostile.split('\n')).toHaveLength(11);
    expect(new TextEncoder().encode(hostile).length).toBeLessThanOrEqual(331);
    expect(hostile.split('\n')[5]).toMatch(/^Évil DE00 é+$/);
  });

  it('is left out rather than refused by a bank', () => {
    expect(epcPayload({ ...transfer, currency: 'CHF' })).toBeNull();
    expect(epcPayload({ ...transfer, iban: 'FR76' })).toBeNull();
    expect(epcPayload({ ...transfer, beneficiary: '\u0000' })).toBeNull();
    for (const amount of [0, -1, 1.5, 100_000_000_000]) expect(epcPayload({ ...transfer, amount })).toBeNull();
  });
});
