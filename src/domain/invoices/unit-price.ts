/**
 * The price of one unit without tax, before its discount, as the law wants it beside each line.
 *
 * Always true: unit price × quantity, rounded to the cent, is the line's net before discount; the price has as few
 * decimals as that takes (two where the net divides evenly) and is never negative.
 */
import type { DocumentLine } from './document.ts';

/** `68.33`, or `33.3333` where a cent does not divide. */
export function unitPrice(line: Pick<DocumentLine, 'quantity' | 'net_amount' | 'discount'>): string {
  const net = BigInt(Math.abs(line.net_amount + (line.discount?.net_amount ?? 0)));
  const quantity = BigInt(Math.abs(line.quantity));
  for (let decimals = 2; ; decimals += 2) {
    const scale = 10n ** BigInt(decimals - 2);
    const price = (net * scale * 2n + quantity) / (quantity * 2n);
    const off = price * quantity - net * scale;
    // Strictly within half a cent, so that every way of rounding gives the line's net back.
    const close = decimals === 2 ? off === 0n : (off < 0n ? -off : off) * 2n < scale;
    if (close) return written(price, decimals);
  }
}

function written(price: bigint, decimals: number): string {
  const digits = price.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
