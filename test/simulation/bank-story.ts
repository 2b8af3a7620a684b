/** What a bank says of one payment, drawn: in which files, on which days, how often and in which order. */
import type { BankEvent } from '../../src/domain/bank-events/presentation.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import type { Random } from '../storm/random.ts';

export interface Delivery {
  contract: number;
  number: number;
  /** In the order they come in, with the day. */
  files: { on: Day; events: BankEvent[] }[];
  known: BankEvent[];
  /** What the bank meant in the end. */
  truth: 'paid' | 'rejected';
}

/** The bank's words in the order they are true, each up to three times, in files in any order. */
export function bankStory(chance: Random, contract: number, number: number, on: Day): Delivery {
  const turns = chance.int(0, 3);
  const kinds = ['settled', 'returned', 'reversed', 'returned'].slice(0, turns + 1) as BankEvent['kind'][];
  const events = kinds.map((kind, at) => ({ kind, on: addDays(on, at * 2), reason_code: null }));
  const files = new Map<Day, BankEvent[]>();
  for (const event of events.flatMap((one) => Array.from({ length: chance.int(1, 3) }, () => one))) {
    const read = addDays(on, 6 + chance.int(1, 20));
    files.set(
      read,
      [...(files.get(read) ?? []), event].sort(() => chance.next() - 0.5),
    );
  }
  const ordered = [...files].map(([read, said]) => ({ on: read, events: said })).sort((a, b) => (a.on < b.on ? -1 : 1));
  const truth = kinds.at(-1) === 'returned' ? 'rejected' : 'paid';
  return { contract, number, files: ordered, known: [], truth };
}
