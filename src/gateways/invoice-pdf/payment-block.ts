/** How the document was paid and how the rest will be; where a transfer may settle it, a QR code that fills it in. */
import { create as createQr } from 'qrcode';
import type { ComingDebit, InvoiceDocument } from '../../domain/invoices/document.ts';
import { labelled, sayAmount, sayDay } from '../../domain/wording.ts';
import { fill } from '../../errors/fill.ts';
import { epcPayload } from '../../formats/epc-qr.ts';
import { body, drawLines, heightOf, LEFT, PALE, QUIET, RIGHT, small, strong, WHITE, WIDTH } from './look.ts';
import type { Block } from './totals-block.ts';
import { methods, words } from './words.ts';
import { widthOf, wrapText } from './wrap-text.ts';

const QR_SIDE = 78;
/** White around the code, four modules of it, as scanners want. */
const QUIET_ZONE = 8.5;
const PADDING = 13;
const MAX_SETTLEMENTS = 4;
const fineLook = { ...body, size: 8.3, color: QUIET };

export function measurePayment(document: InvoiceDocument): Block {
  const { language } = document;
  const payload = transferPayload(document);
  const qr = payload === null ? null : createQr(payload, { errorCorrectionLevel: 'M' }).modules;
  const width = WIDTH - 2 * PADDING - (qr ? QR_SIDE + 2 * QUIET_ZONE + 12 : 0);
  const main = statements(document).flatMap((text) => wrapText(text, width, body, 2));
  const fine = details(document).flatMap((text) => wrapText(text, width, fineLook, 2));
  const text = 15 + heightOf(main.length, body) + (fine.length > 0 ? 3 : 0) + heightOf(fine.length, fineLook);
  const height = Math.max(text + 2 * PADDING - 6, qr ? QR_SIDE + 2 * QUIET_ZONE + 22 : 0);
  return {
    height,
    draw(sheet, top) {
      sheet.roundedBox(LEFT, top, WIDTH, height, 5, PALE);
      let y = drawLines(sheet, [words.payment[language]], LEFT + PADDING, top + PADDING - 2, strong) + 3;
      y = drawLines(sheet, main, LEFT + PADDING, y, body);
      drawLines(sheet, fine, LEFT + PADDING, y + 3, fineLook);
      if (!qr) return;
      const x = RIGHT - 8 - QUIET_ZONE - QR_SIDE;
      const y1 = top + 6 + QUIET_ZONE;
      sheet.roundedBox(x - QUIET_ZONE, top + 6, QR_SIDE + 2 * QUIET_ZONE, QR_SIDE + 2 * QUIET_ZONE, 3, WHITE);
      sheet.matrix(qr, x, y1, QR_SIDE);
      const scan = { ...small, size: 6.5 };
      const wide = widthOf(words.scan[language], scan);
      drawLines(sheet, [words.scan[language]], x + (QR_SIDE - wide) / 2, y1 + QR_SIDE + QUIET_ZONE + 2, scan);
    },
  };
}

/** Only what waits for the customer to act gets a code: a direct debit would be paid twice. */
function transferPayload(document: InvoiceDocument): string | null {
  const { seller, remainder } = document;
  if (document.kind !== 'invoice' || remainder?.how !== 'payment' || seller.iban === null) return null;
  return epcPayload({
    beneficiary: seller.name,
    iban: seller.iban,
    bic: seller.bic,
    amount: toPayOf(document),
    currency: document.currency,
    remittance: document.number,
  });
}

function statements(document: InvoiceDocument): string[] {
  const { language, remainder, totals, currency, settlements, kind } = document;
  const amount = (value: number) => sayAmount(value, currency, language);
  const done = words[kind === 'invoice' ? 'paid_on' : 'refunded_on'][language];
  const lines = settlements
    .slice(0, MAX_SETTLEMENTS)
    .map((each) =>
      labelled(
        `${fill(done, { day: sayDay(each.on, language) })} ${each.method === null ? words.from_credit[language] : methods[each.method][language]}`,
        amount(each.amount),
        language,
      ),
    );
  if (settlements.length > MAX_SETTLEMENTS)
    lines.push(fill(words.and_more[language], { count: settlements.length - MAX_SETTLEMENTS }));
  const due = amount(totals.due_amount);
  if (remainder === null) return lines.length > 0 ? lines : [words.nothing_to_pay[language]];
  if (remainder.how === 'invoiced_again') return [...lines, fill(words.invoiced_again[language], { amount: due })];
  if (remainder.how === 'offset') {
    const { kept_amount: kept } = remainder;
    const told = (text: string, part: number) => (part > 0 ? [fill(text, { amount: amount(part) })] : []);
    return [
      ...lines,
      ...told(words.no_longer_owed[language], totals.due_amount - kept),
      ...told(words.kept_on_account[language], kept),
    ];
  }
  const day = sayDay(remainder.how === 'payment' ? remainder.due_on : remainder.on, language);
  if (remainder.how === 'payment') {
    const toPay = amount(toPayOf(document));
    const by = remainder.due_on < document.issued_on ? words.pay_overdue : words.pay_by;
    const why = remainder.no_debit === 'no_mandate' ? words.no_mandate : words.debit_rejected;
    return [
      ...lines,
      fill(by[language], { amount: toPay, day }),
      ...(remainder.no_debit ? [why[language]] : []),
      ...(remainder.debit ? [debited(remainder.debit, remainder.debit.amount, document)] : []),
    ];
  }
  if (remainder.how === 'refund') return [...lines, fill(words.will_be_refunded[language], { amount: due, day })];
  return [...lines, debited(remainder, totals.due_amount, document)];
}

function debited(debit: ComingDebit, part: number, { language, currency }: InvoiceDocument): string {
  const amount = sayAmount(part, currency, language);
  const day = sayDay(debit.on, language);
  return fill(words.will_be_debited[language], { amount, day, ending: debit.account_ending });
}

/** What the customer has to see to: what is debited is not paid by hand as well. */
export function toPayOf({ remainder, totals }: InvoiceDocument): number {
  return totals.due_amount - (remainder?.how === 'payment' ? (remainder.debit?.amount ?? 0) : 0);
}

function details(document: InvoiceDocument): string[] {
  const { language, remainder, seller } = document;
  const debit = remainder?.how === 'direct_debit' ? remainder : remainder?.how === 'payment' ? remainder.debit : null;
  const creditor = seller.creditor_identifier;
  const ofDebit = debit
    ? [
        labelled(words.mandate[language], debit.mandate_reference, language),
        ...(creditor === null ? [] : [labelled(words.creditor[language], creditor, language)]),
      ]
    : [];
  if (document.kind !== 'invoice' || remainder?.how !== 'payment' || seller.iban === null) return ofDebit;
  const iban = seller.iban.replace(/(.{4})(?=.)/g, '$1 ');
  return [
    ...ofDebit,
    labelled(words.transfer_to[language], `IBAN ${iban}${seller.bic === null ? '' : ` · BIC ${seller.bic}`}`, language),
    labelled(words.transfer_reference[language], document.number, language),
  ];
}
