/**
 * What was paid for days that nobody used, or above a price that came down since, and the lines it is taken off, by the
 * rules of `docs/decisions/0042`. Knows no function of the engine.
 */
import { costOf } from './naive-charges.ts';
import { type Absence, firstDay, isAway, type Line, lastDay, type Price, toCents } from './naive-line.ts';

/** A line that was paid is dearer than it would be now; `credit` is the part that somebody asked to have back. */
export interface Reach {
  by: string;
  number: number;
  difference: number;
  credit: number;
}

export interface Credit {
  from: number;
  amount: number;
  said: number;
  /** The price that came down. */
  price: string | null;
}

/** `parts`: the credit as it was told, one after the other. */
type Found = Reach & { parts: Credit[] };

/** @param price that holds on the day it was due. @param touching in the order they begin. */
export function reachBack(line: Line, price: Price | undefined, touching: readonly Absence[]): Found[] {
  const { number, paid } = line;
  if (!paid) return [];
  const [first, last] = [firstDay(line), lastDay(line)];
  const reaches: Found[] = [];
  let worth = paid.amount + paid.credited;
  if (price && price.amount < worth && !paid.under.has(price.id)) {
    const difference = worth - price.amount;
    const isBack = price.credits.has(number);
    const parts = isBack ? [{ from: price.from, amount: difference, said: price.said, price: price.id }] : [];
    reaches.push({ by: price.id, number, difference, credit: isBack ? difference : 0, parts });
    if (isBack) worth = price.amount;
  }
  const away = touching.filter((one) => !paid.under.has(one.id) && unusedDays(first, last, [one]) > 0);
  const back = away.filter(({ credits }) => credits.has(number));
  const dearerBy = (those: readonly Absence[]) => {
    const cost = Math.min(...those.map((one) => costOf(one, worth) ?? 0));
    return toCents((Math.max(0, worth - cost) * unusedDays(first, last, those)) / (last - first + 1));
  };
  if (back.length > 0) {
    const difference = dearerBy(back);
    const parts: Credit[] = [];
    for (const { said } of [...back].sort((a, b) => a.said - b.said)) {
      const known = parts.reduce((all, { amount }) => all + amount, 0);
      const amount = dearerBy(back.filter((one) => one.said <= said)) - known;
      parts.push({ from: back[0]!.from, amount, said, price: null });
    }
    reaches.push({ by: back[0]!.id, number, difference, credit: difference, parts });
  }
  for (const one of away)
    if (!back.includes(one)) reaches.push({ by: one.id, number, difference: dearerBy([one]), credit: 0, parts: [] });
  return reaches;
}

/** Paid for days after the last one, which nobody gets any more: the accounts may see to it. */
export function beyond(line: Line, last: number, prorated: boolean, by: string): Found[] {
  const { number, paid } = line;
  if (!paid || paid.under.has(by)) return [];
  const days = lastDay(line) - firstDay(line) + 1;
  let lost = 0;
  for (let day = firstDay(line); day <= lastDay(line); day += 1) if (day > last) lost += 1;
  if (lost === 0 || (!prorated && lost < days)) return [];
  return [{ by, number, difference: toCents(((paid.amount + paid.credited) * lost) / days), credit: 0, parts: [] }];
}

/** A day that several take away counts once. */
function unusedDays(first: number, last: number, those: readonly Absence[]): number {
  let days = 0;
  for (let day = first; day <= last; day += 1) if (those.some((one) => isAway(one, day))) days += 1;
  return days;
}

/**
 * Goes through the lines as they fall due: each open one takes what is there on its day, and leaves what each later one that
 * was paid has had on its own. @returns what nobody could take.
 */
export function takeOff(lines: readonly Line[], credits: readonly Credit[]): number {
  const inOrder = [...lines].sort((a, b) => a.due - b.due || a.number - b.number);
  for (const [at, line] of inOrder.entries()) {
    if (line.paid || line.cancelled) continue;
    const later = inOrder.filter(({ paid }, place) => place > at && (paid?.credited ?? 0) > 0);
    const left = [line, ...later].map((one) => purse(inOrder, credits, one));
    if (line.written > 0) left.push(purseOfWritten(inOrder.slice(0, at), credits, line));
    line.credited = Math.max(0, Math.min(line.amount, ...left));
    line.amount -= line.credited;
    rememberPrices(line, inOrder.slice(0, at), credits);
  }
  const given = lines.reduce((all, { paid, credited }) => all + (paid?.credited ?? credited), 0);
  return Math.max(0, credits.reduce((all, { amount }) => all + amount, 0) - given);
}

/** What came in until a line falls due, less what went out until then, with it. */
function purse(inOrder: readonly Line[], credits: readonly Credit[], line: Line): number {
  let money = 0;
  for (const { from, amount } of credits) if (from <= line.due) money += amount;
  for (const one of inOrder.slice(0, inOrder.indexOf(line) + 1)) money -= one.paid?.credited ?? one.credited;
  return money;
}

/** An amount written by hand has in it what was there when it was written: only what came in since is taken off. */
function purseOfWritten(before: readonly Line[], credits: readonly Credit[], { due, written }: Line): number {
  let money = 0;
  for (const { from, amount, said } of credits) if (said > written && from <= due) money += amount;
  for (const one of before)
    if (one.paid ? one.paid.amountByHand : one.written > 0) money -= one.paid?.credited ?? one.credited;
  return money;
}

/** Credits are spent end to end, the earliest first; a price whose credit is used on a line is known to it. */
function rememberPrices(line: Line, before: readonly Line[], credits: readonly Credit[]): void {
  if (line.credited === 0) return;
  const spent = before.reduce((all, { paid, credited }) => all + (paid?.credited ?? credited), 0);
  let at = 0;
  for (const { amount, price } of [...credits].sort((a, b) => a.from - b.from)) {
    if (price !== null && at < spent + line.credited && at + amount > spent) line.under.add(price);
    at += amount;
  }
}
