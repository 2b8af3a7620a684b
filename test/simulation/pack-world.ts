/**
 * A seeded world of packs of visits: members who come, click twice, pause, are given credits or another last day by hand,
 * told day by day to the schedule function and the rule of credits, and to the naive pack.
 */
import { createHash } from 'node:crypto';
import { decideMoveCredits } from '../../src/domain/contract-changes/move-credits.ts';
import { addDays, type Day, day } from '../../src/domain/day.ts';
import { cents } from '../../src/domain/money.ts';
import { suspensionOn } from '../../src/domain/schedule/access.ts';
import type { Change } from '../../src/domain/schedule/changes.ts';
import type { Schedule } from '../../src/domain/schedule/instalment.ts';
import { schedule } from '../../src/domain/schedule/schedule.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { suspend, terms } from '../domain/schedule/contracts.ts';
import { random } from '../storm/random.ts';
import { NaivePack } from './naive-pack.ts';
import type { WorldResult } from './world.ts';

const PACKS = 3;
const CREDITS = 10;

/** @param most stops after so many happenings: a failing world is shrunk by lowering it. */
export function runPackWorld(seed: number, most = Number.POSITIVE_INFINITY): WorldResult {
  const chance = random(seed);
  const hash = createHash('sha256');
  let events = 0;
  for (let pack = 0; pack < PACKS; pack += 1) {
    const first = addDays(day('2010-01-01'), chance.int(0, 700));
    const valid = chance.int(20, 200);
    const last = addDays(first, valid - 1);
    const putsOff = chance.chance(0.5);
    const freeze = { active: true, shift_end: putsOff };
    const sold = terms(first, last, { amount: cents(9000), instalments: 1, shift_unit: 'days', freeze });
    const naive = new NaivePack(first, last, CREDITS, putsOff);
    const changes: Change[] = [];
    const told: string[] = [];
    let left = CREDITS;
    let computed: Schedule = schedule(sold, changes, [], last);
    /** Pauses here follow one another: the next begins after the last is over. */
    let free: Day = first;
    for (let today = addDays(first, -5); today < addDays(first, valid + 120); today = addDays(today, 1)) {
      const disagrees = (ours: string, theirs: string): WorldResult => ({
        seed,
        hash: hash.copy().digest('hex'),
        disagreement: `pack ${pack} on ${today}: ${ours} / naive ${theirs}; ${first} to ${last}, puts off ${putsOff}; ${told.join('; ')}`,
        events,
      });
      const move = (delta: number): [boolean, boolean] => {
        events += 1;
        told.push(`${today} ${delta}`);
        const isDone = naive.move(today, delta);
        const away = suspensionOn(computed, today);
        const state = {
          starts_on: computed.starts_on,
          ends_on: computed.ends_on,
          credits_left: left,
          suspended_until: away === null ? null : (away.until_on ?? ('' as const)),
        };
        try {
          left = decideMoveCredits(state, delta, today).balance;
          return [true, isDone];
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return [false, isDone];
        }
      };
      const record = (change: Change) => {
        events += 1;
        told.push(`${today} ${JSON.stringify(change)}`);
        changes.push(change);
        computed = schedule(sold, changes, [], last);
      };
      const isRunning = computed.ends_on !== null && today <= computed.ends_on;
      if (events < most && isRunning && today >= first && today >= free && chance.chance(0.04)) {
        const from = addDays(today, chance.int(0, 6));
        const days = chance.int(1, 40);
        if (from <= computed.ends_on!) {
          record(suspend(`s${events}`, from, `${days} days`));
          naive.pause(from, days);
          free = addDays(from, days);
        }
      }
      if (events < most && today >= first && chance.chance(0.015)) {
        const ends_on = addDays(today, chance.int(0, 60));
        if (ends_on !== computed.ends_on) {
          record({ id: `e${events}`, kind: 'expiry_changed', ends_on, instalments: 1, start_was: first });
          naive.writeLast(ends_on);
        }
      }
      // One visit, the same one twice, several at once, or some given for nothing.
      const moves = chance.chance(0.2) ? [-1] : chance.chance(0.03) ? [-1, -1] : chance.chance(0.02) ? [-4] : [];
      if (chance.chance(0.02)) moves.push(chance.int(1, 4));
      for (const delta of moves) {
        if (events >= most) break;
        const [ours, theirs] = move(delta);
        if (ours !== theirs) return disagrees(`${delta} ${ours ? 'done' : 'refused'}`, theirs ? 'done' : 'refused');
      }
      const ours = `${left} left until ${computed.ends_on}`;
      hash.update(`${today} ${ours}\n`);
      if (ours !== naive.say()) return disagrees(ours, naive.say());
    }
  }
  return { seed, hash: hash.digest('hex'), disagreement: null, events };
}
