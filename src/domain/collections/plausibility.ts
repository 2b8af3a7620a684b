/**
 * Is this collection plausible? Compared with the last ones, before anybody's account is debited.
 *
 * Always true:
 * - the checks fail closed: what cannot be compared, or computed, must be confirmed by a person;
 * - a finding names the figure and the limit it passed; a release must confirm each finding by its name;
 * - small collections may vary freely: below the slack nothing is compared.
 */
import type { Cents } from '../money.ts';

export interface CollectionFigures {
  lines: number;
  total: Cents;
  /** The largest single line. */
  largest: Cents;
  /** Lines on an account never collected from before. */
  new_accounts: number;
}

export interface PlausibilityRules {
  /** How many times the largest figure of the last collections is still plausible, in basis points. */
  growth_bps: number;
  largest_growth_bps: number;
  new_accounts_bps: number;
  /** Differences up to these are never a finding. */
  slack_lines: number;
  slack_total: Cents;
  slack_largest: Cents;
  /** A first collection, with nothing to compare it with, may be this large. */
  first_lines: number;
  first_total: Cents;
}

export const usualPlausibility: PlausibilityRules = {
  growth_bps: 15_000,
  largest_growth_bps: 20_000,
  new_accounts_bps: 5_000,
  slack_lines: 25,
  slack_total: 250_000 as Cents,
  slack_largest: 50_000 as Cents,
  first_lines: 500,
  first_total: 5_000_000 as Cents,
};

export type FindingCode = 'lines' | 'total' | 'largest' | 'new_accounts' | 'nothing_to_compare' | 'cannot_compute';

export interface Finding {
  code: FindingCode;
  value: number;
  limit: number;
}

/** @param last the figures of the last released collections, in any order */
export function implausible(
  draft: CollectionFigures,
  last: readonly CollectionFigures[],
  rules: PlausibilityRules,
): Finding[] {
  const figures = [draft, ...last].flatMap((f) => [f.lines, f.total, f.largest, f.new_accounts]);
  if (![...figures, ...Object.values(rules)].every((n) => Number.isSafeInteger(n) && n >= 0))
    return [{ code: 'cannot_compute', value: 0, limit: 0 }];
  if (last.length === 0) {
    if (draft.lines > rules.first_lines)
      return [{ code: 'nothing_to_compare', value: draft.lines, limit: rules.first_lines }];
    if (draft.total > rules.first_total)
      return [{ code: 'nothing_to_compare', value: draft.total, limit: rules.first_total }];
    return [];
  }
  const findings: Finding[] = [];
  const check = (code: FindingCode, value: number, before: readonly number[], bps: number, slack: number) => {
    const most = Math.max(...before);
    const limit = Math.max(Math.floor((most * bps) / 10_000), most + slack);
    if (value > limit) findings.push({ code, value, limit });
  };
  const of = (name: keyof CollectionFigures) => last.map((figure) => figure[name]);
  check('lines', draft.lines, of('lines'), rules.growth_bps, rules.slack_lines);
  check('total', draft.total, of('total'), rules.growth_bps, rules.slack_total);
  check('largest', draft.largest, of('largest'), rules.largest_growth_bps, rules.slack_largest);
  const newLimit = Math.max(rules.slack_lines, Math.floor((draft.lines * rules.new_accounts_bps) / 10_000));
  if (draft.new_accounts > newLimit)
    findings.push({ code: 'new_accounts', value: draft.new_accounts, limit: newLimit });
  return findings;
}
