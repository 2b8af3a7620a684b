/**
 * A seeded world of contracts with an end, and their renewals: absences of every policy that overlap, are edited, stopped
 * and taken back, prices, gestures, cancellations, outages, clicks sent twice, and banks whose files come in any order.
 * Told day by day to the engine's decisions and to the naive model, which must agree.
 */
import { createHash } from 'node:crypto';
import { addDays, day } from '../../src/domain/day.ts';
import { random } from '../storm/random.ts';
import { Member } from './term-member.ts';
import type { WorldResult } from './world.ts';

const MEMBERS = 2;
const DAYS = 460;
/** First days that some months do not have. */
const MONTH_ENDS = ['2011-01-31', '2011-05-31', '2011-08-29', '2011-10-31', '2012-01-30', '2012-08-31'];

/** @param most stops after so many happenings: a failing world is shrunk by lowering it. */
export function runTermWorld(seed: number, most = Number.POSITIVE_INFINITY): WorldResult {
  const chance = random(seed * 7919);
  const hash = createHash('sha256');
  let events = 0;
  for (let index = 0; index < MEMBERS; index += 1) {
    const anyDay = addDays(day('2011-01-01'), chance.int(0, 800));
    const startsOn = chance.chance(0.25) ? day(chance.pick(MONTH_ENDS)) : anyDay;
    const member = new Member(chance.fork(), startsOn);
    const life = chance.fork();
    let outage = 0;
    for (let today = addDays(startsOn, -20); today < addDays(startsOn, DAYS); today = addDays(today, 1)) {
      member.desk.today = today;
      if (outage > 0) {
        outage -= 1;
        continue;
      }
      member.renew(today);
      let changed = false;
      if (events < most && life.chance(0.08)) {
        events += 1;
        changed = true;
        member.happen();
      }
      member.collect(today);
      member.readFiles(today);
      if (life.chance(0.01)) outage = life.int(1, 12);
      if (!changed && Number(today.slice(8)) % 10 !== 0) continue;
      const { ours, theirs } = member.both(today);
      hash.update(`${today} ${ours.join(',')}\n`);
      const at = Array.from({ length: Math.max(ours.length, theirs.length) }).findIndex(
        (_, place) => ours[place] !== theirs[place],
      );
      if (at >= 0) {
        const said = `member ${index} on ${today}: ${ours[at]} / naive ${theirs[at]}; ${member.told.join('; ')}`;
        return { seed, hash: hash.digest('hex'), disagreement: said, events };
      }
    }
  }
  return { seed, hash: hash.digest('hex'), disagreement: null, events };
}
