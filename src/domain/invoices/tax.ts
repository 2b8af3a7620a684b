/**
 * The tax inside tax-inclusive prices. What the customer pays is sacred; the tax is computed once per rate on the
 * sum at that rate, and the lines share the net among them.
 *
 * Always true:
 * - net + tax = gross per rate and in total, and the nets of the lines sum to the net of their rate, to the cent;
 * - where some net has `round(net × rate) + net = gross`, it is the one found; else (one gross amount in six
 *   at 20 %) the tax is still within one cent of net × rate, which EN 16931's own checks accept;
 * - the tax of parts, each reckoned as "tax of all so far less tax before", sums to the tax of the whole.
 */
import { type Cents, cents, ratio, sum } from '../money.ts';
import type { DocumentLine, TaxTotal, TaxTreatment } from './document.ts';

/** The tax inside an amount: 163.99 at 20 % holds 27.33. Rounds half away from zero. */
export function taxInside(gross: number, rateBps: number): Cents {
  return ratio(gross, rateBps, 10_000 + rateBps);
}

export function taxKey(tax: TaxTreatment): string {
  return `${tax.category}:${tax.rate_bps}`;
}

/**
 * Shares `net` among lines in proportion to their gross amounts, whatever their signs: each gets its exact share
 * rounded down, the cents left go to the largest remainders (then the earlier line).
 */
export function shareNet(net: number, grosses: readonly number[], rateBps: number): Cents[] {
  if (grosses.length === 0) return [];
  const divisor = 10_000 + rateBps;
  const shares = grosses.map((gross, at) => {
    const scaled = gross * 10_000; // an amount is below 10^12, so this is exact
    const remainder = ((scaled % divisor) + divisor) % divisor;
    return { at, floor: (scaled - remainder) / divisor, remainder };
  });
  const left = net - shares.reduce((total, share) => total + share.floor, 0);
  // A free line stays free, unless there is no other.
  const paying = shares.filter((share) => grosses[share.at] !== 0);
  const takers = paying.length > 0 ? paying : shares;
  takers.sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  const everyone = Math.floor(left / takers.length);
  const some = left - everyone * takers.length;
  const nets = shares.map((share) => share.floor);
  for (const [rank, share] of takers.entries()) nets[share.at] = share.floor + everyone + (rank < some ? 1 : 0);
  return nets.map((each) => cents(each + 0));
}

/**
 * Fills in the net amounts of lines and the totals per rate, in order of first appearance.
 * `before` is, per `taxKey`, the gross already credited: the tax is that of everything so far less that of before.
 */
export function closeTaxes<Line extends Pick<DocumentLine, 'gross_amount' | 'tax'>>(
  lines: readonly Line[],
  before: ReadonlyMap<string, number> = new Map(),
): { nets: Cents[]; taxes: TaxTotal[] } {
  const groups = new Map<string, number[]>();
  for (const [at, line] of lines.entries()) {
    const key = taxKey(line.tax);
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  }
  const nets: Cents[] = [];
  const taxes: TaxTotal[] = [];
  for (const [key, members] of groups) {
    const grosses = members.map((at) => lines[at]!.gross_amount);
    const gross = sum(grosses);
    const earlier = before.get(key) ?? 0;
    const rate = lines[members[0]!]!.tax.rate_bps;
    const tax = cents(taxInside(earlier + gross, rate) - taxInside(earlier, rate) + 0);
    const net = cents(gross - tax + 0);
    for (const [index, share] of shareNet(net, grosses, rate).entries()) nets[members[index]!] = share;
    taxes.push({
      tax: treatmentOf(members.map((at) => lines[at]!.tax)),
      net_amount: net,
      tax_amount: tax,
      gross_amount: gross,
    });
  }
  return { nets, taxes };
}

/** One category may stand once per document, so several reasons for exemption are told together. */
function treatmentOf(treatments: readonly TaxTreatment[]): TaxTreatment {
  const first = treatments[0]!;
  const reasons = new Set(treatments.map((tax) => tax.exemption_reason).filter((reason) => reason !== null));
  const codes = new Set(treatments.map((tax) => tax.exemption_code));
  return {
    ...first,
    exemption_reason: reasons.size === 0 ? null : [...reasons].join(' ; '),
    exemption_code: codes.size === 1 ? first.exemption_code : null,
  };
}
