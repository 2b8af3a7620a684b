/**
 * A seeded world of packs of visits: members who come, click twice, pause and come back, a club that closes and opens again, a
 * desk that gives credits or another last day by hand, told day by day to the engine's decisions and to the naive pack.
 */
import { createHash } from 'node:crypto';
import { addDays, type Day, day } from '../../src/domain/day.ts';
import { random } from '../storm/random.ts';
import { PackMember } from './pack-member.ts';
import type { WorldResult } from './world.ts';

const PACKS = 3;

/** @param most stops after so many happenings: a failing world is shrunk by lowering it. */
export function runPackWorld(seed: number, most = Number.POSITIVE_INFINITY): WorldResult {
  const chance = random(seed);
  const hash = createHash('sha256');
  let events = 0;
  for (let pack = 0; pack < PACKS; pack += 1) {
    const first = addDays(day('2010-01-01'), chance.int(0, 700));
    const valid = chance.chance(0.15) ? null : chance.int(20, 200);
    const member = new PackMember(chance.fork(), first, valid);
    const life = chance.fork();
    const over = addDays(first, (valid ?? 60) + 120);
    for (let today: Day = addDays(first, -5); today < over; today = addDays(today, 1)) {
      member.desk.today = today;
      if (events < most && life.chance(0.3)) {
        events += 1;
        member.happen();
      }
      const [ours, theirs] = member.both();
      hash.update(`${today} ${ours}\n`);
      if (ours === theirs) continue;
      const disagreement = `pack ${pack} on ${today}: ${ours} / naive ${theirs}; ${member.told.join('; ')}`;
      return { seed, hash: hash.digest('hex'), disagreement, events };
    }
  }
  return { seed, hash: hash.digest('hex'), disagreement: null, events };
}
