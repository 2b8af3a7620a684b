/**
 * A quick look before the long one. Where two sides are equal key by key, they are equal when each key counts by a number
 * of its own; and where they are not, then with numbers drawn at random they are equal once in sixteen millions of looks. So
 * to weigh both sides, in the order that their rows lie in, tells whether there is anything to be looked for, at a fifth
 * of what it costs to sum up each key and put the sides together. The numbers are others at each look.
 */
import { randomInt } from 'node:crypto';
import { queryOne, type Trx } from '../store/database.ts';
import { type alongIndexes, byPass, type Invariant, type Violation } from './invariant.ts';

/** Small enough that a weight times the greatest amount is a bigint. */
const WEIGHTS = 2 ** 24;

const NUMERIC_VALUE_OUT_OF_RANGE = '22003';

/**
 * The weight of a key, as SQL: the same in all of one statement, and nobody knows it before. At each place, where there are
 * places, it is another.
 */
export type Weigh = (key: string, place?: string) => string;

/**
 * Rules that are looked after row by row only where a quick look says that something is wrong.
 * @param differs a statement of one row that has, for each rule by its name, whether it may be broken
 * @param planned how that statement is to be planned
 */
export function unlessEven(
  differs: (weigh: Weigh) => string,
  rules: readonly Invariant[],
  planned: typeof alongIndexes = (_trx, work) => work(),
): Invariant[] {
  return byPass(async (trx) => {
    const uneven = await planned(trx, () => look(trx, differs));
    const found = new Map<string, Violation[]>();
    for (const rule of rules) found.set(rule.name, uneven[rule.name] === false ? [] : await rule.find(trx));
    return found;
  }, rules);
}

async function look(trx: Trx, differs: (weigh: Weigh) => string): Promise<Record<string, boolean>> {
  const row = await unlessTooGreat(trx, () => queryOne<Record<string, boolean>>(trx, differs(drawWeights())));
  return row ?? {};
}

/** @returns null where something cannot be weighed, because it is greater than any amount can be */
export async function unlessTooGreat<Result>(trx: Trx, work: () => Promise<Result>): Promise<Result | null> {
  await trx.raw('savepoint weighing');
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: string }).code !== NUMERIC_VALUE_OUT_OF_RANGE) throw error;
    await trx.raw('rollback to savepoint weighing');
    return null;
  }
}

/** Weights that nobody has seen. */
export function drawWeights(): Weigh {
  const seed = randomInt(2 ** 47);
  return (key, place = '0') => `(hashtextextended(${key}, ${seed} + ${place}) & ${WEIGHTS - 1})`;
}
