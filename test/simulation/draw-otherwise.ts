/** Draws what a desk sets differently for one suspension: seldom much of it. */
import { instalmentRules } from '../../src/domain/schedule/terms.ts';
import type { Random } from '../storm/random.ts';
import type { NaivePolicy, Otherwise } from './naive-line.ts';

export function drawOtherwise(chance: Random): Otherwise {
  const policy: Partial<NaivePolicy> = {};
  if (chance.chance(0.4)) {
    if (chance.chance(0.4)) policy.active = chance.chance(0.6);
    if (chance.chance(0.4)) policy.shift_end = chance.chance(0.5);
    if (chance.chance(0.4)) policy.shift_instalments = chance.chance(0.5);
    const discount = chance.pick(['as planned', 'percent', 'amount']);
    if (discount === 'percent') policy.discount_bps = chance.pick([null, 2500]);
    if (discount === 'amount') policy.discount_amount = chance.pick([null, 900]);
    if (chance.chance(0.3)) policy.instalment_rule = chance.pick(instalmentRules);
  }
  const number = (share: number) => (chance.chance(share) ? chance.int(1, 12) : null);
  return { policy, first: number(0.12), last: number(0.12) };
}
