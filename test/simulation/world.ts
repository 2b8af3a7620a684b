/** A seeded world: members who join, are hurt, come back and pay, told day by day to the schedule function and to the naive model. */
import { createHash } from 'node:crypto';
import { addDays, type Day, day } from '../../src/domain/day.ts';
import { cents } from '../../src/domain/money.ts';
import { suspensionOn } from '../../src/domain/schedule/access.ts';
import type { Change } from '../../src/domain/schedule/changes.ts';
import type { Fact } from '../../src/domain/schedule/facts.ts';
import { schedule } from '../../src/domain/schedule/schedule.ts';
import { stop, suspend, terms } from '../domain/schedule/contracts.ts';
import { random } from '../storm/random.ts';
import { NaiveMember } from './naive-member.ts';

export interface WorldResult {
  seed: number;
  hash: string;
  /** Null where both models agree to the last day. */
  disagreement: string | null;
  events: number;
}

const DAYS = 400;

/** @param most stops after so many events: a failing world is shrunk by lowering it. */
export function runWorld(seed: number, most = Number.POSITIVE_INFINITY): WorldResult {
  const chance = random(seed);
  const hash = createHash('sha256');
  let events = 0;
  for (let member = 0; member < 3; member += 1) {
    const startsOn = addDays(day('2010-01-01'), chance.int(0, 700));
    const until = addDays(startsOn, DAYS + 200);
    const price = chance.pick([1999, 5000, 5900]);
    const every = chance.pick([1, 1, 2, 3, 6, 12]);
    const sold = terms(startsOn, null, { amount: cents(price), interval_months: every });
    const naive = new NaiveMember(startsOn, price, every, until);
    const changes: Change[] = [];
    let facts: Fact[] = [];
    /** Absences here follow one another: between two lies a day, for those that touch count as one. */
    let free: Day = startsOn;
    let away: string | null = null;
    for (let today: Day = startsOn; today < addDays(startsOn, DAYS); today = addDays(today, 1)) {
      if (away === null && today >= free && events < most && chance.chance(0.02)) {
        events += 1;
        const id = `s${events}`;
        const from = addDays(today, chance.int(0, 40));
        const days = chance.chance(0.25) ? null : chance.int(1, 150);
        const amount = chance.pick([0, 200, 1500]);
        changes.push(suspend(id, from, days === null ? null : `${days} days`, { amount: cents(amount) }));
        naive.suspend(id, from, days, amount);
        if (days === null) {
          away = id;
          free = addDays(from, chance.int(1, 200));
        } else free = addDays(from, days + 1);
      } else if (away !== null && today >= free) {
        events += 1;
        changes.push(stop(away, today));
        naive.back(away, today);
        away = null;
      }
      const computed = schedule(sold, changes, facts, until);
      const due = computed.instalments.filter((one) => one.due_on === today && one.status === 'scheduled');
      facts = [...facts, ...due.map((one) => ({ ...one, status: 'paid' }) as Fact)];
      naive.pay(today);
      const after = due.length > 0 ? schedule(sold, changes, facts, until) : computed;
      const ours = after.instalments.map((one) => `${one.number} ${one.due_on} ${one.amount} ${one.status}`);
      const theirs = naive.say();
      const enters = suspensionOn(after, today) === null;
      hash.update(`${today} ${enters} ${ours.join(',')}\n`);
      const at = ours.findIndex((line, index) => line !== theirs[index]);
      if (at >= 0 || ours.length !== theirs.length || enters !== naive.mayEnter(today)) {
        const told = changes.map((change) => JSON.stringify(change)).join('; ');
        const disagreement = `member ${member} on ${today}: ${ours[at]} / naive ${theirs[at]}, enters ${enters}; from ${startsOn} every ${every}; ${told}`;
        return { seed, hash: hash.digest('hex'), disagreement, events };
      }
    }
  }
  return { seed, hash: hash.digest('hex'), disagreement: null, events };
}
