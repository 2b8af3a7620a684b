/**
 * Money: whole minor units (cents) of one currency.
 *
 * Always true:
 * - an amount is a safe integer; there are no fractions and no floats for money anywhere;
 * - splitting and spreading give back exactly what went in;
 * - a percentage is in basis points (1 % = 100) and rounds half away from zero.
 */
declare const centsBrand: unique symbol;
export type Cents = number & { readonly [centsBrand]: true };

/** The largest amount the engine takes anywhere: 999,999,999.99, the limit of a SEPA transaction. */
export const MAX_AMOUNT = 99_999_999_999;

/** Reads an amount. @throws RangeError when it is not a safe integer. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not an amount in minor units: ${amount}`);
  return amount as Cents;
}

export const ZERO = 0 as Cents;

export function sum(amounts: Iterable<number>): Cents {
  let total = 0;
  for (const amount of amounts) total += amount;
  return cents(total);
}

/** Splits into `parts` amounts that differ by a cent at most, the larger ones first: 69.01 in 3 is 23.01, 23.00, 23.00. */
export function split(amount: number, parts: number): Cents[] {
  if (!Number.isSafeInteger(parts) || parts < 1) throw new RangeError(`cannot split into ${parts}`);
  const sign = amount < 0 ? -1 : 1;
  const size = Math.abs(cents(amount));
  const base = Math.floor(size / parts);
  const rest = size - base * parts;
  return Array.from({ length: parts }, (_, at) => ((base + (at < rest ? 1 : 0)) * sign + 0) as Cents);
}

/**
 * Spreads an amount in proportion to weights (largest remainder first, then the earlier one).
 * The result always sums to `amount`. @throws RangeError when no weight is positive.
 */
export function spread(amount: number, weights: readonly number[]): Cents[] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0) || weights.some((w) => w < 0 || !Number.isSafeInteger(w)))
    throw new RangeError('no weight to spread by');
  const sign = amount < 0 ? -1n : 1n;
  const size = BigInt(Math.abs(cents(amount)));
  const all = BigInt(total);
  const parts = weights.map((weight, at) => {
    const product = size * BigInt(weight);
    return { at, base: product / all, remainder: product % all };
  });
  let rest = size - parts.reduce((a, p) => a + p.base, 0n);
  for (const part of [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1,
  )) {
    if (rest === 0n) break;
    part.base += 1n;
    rest -= 1n;
  }
  return parts.map((part) => cents(Number(part.base * sign)));
}

/** `amount` × `numerator` / `denominator`, rounded once, half away from zero. Exact for any safe integers. */
export function ratio(amount: number, numerator: number, denominator: number): Cents {
  const product = BigInt(cents(amount)) * BigInt(cents(numerator));
  const by = BigInt(cents(denominator));
  if (by === 0n) throw new RangeError('division by zero');
  const negative = product < 0n !== by < 0n;
  const p = product < 0n ? -product : product;
  const b = by < 0n ? -by : by;
  const rounded = (p * 2n + b) / (b * 2n);
  return cents(Number(negative ? -rounded : rounded) + 0);
}

/** A share in basis points: `percentage(5000, 4000)` is 40 % of 50.00. Rounds half away from zero. */
export function percentage(amount: number, rateBps: number): Cents {
  return ratio(amount, rateBps, 10_000);
}

/** Cents as the decimal text of files and documents, by slicing: 5900 is `59.00`, -5 is `-0.05`. */
export function decimal(amount: number): string {
  const digits = String(Math.abs(cents(amount))).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Reads `59`, `59.0` or `59.00`; null when the text is not an amount with at most two decimals. */
export function fromDecimal(text: string): Cents | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const size = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  return Number.isSafeInteger(size) ? cents(match[1] ? -size : size) : null;
}
