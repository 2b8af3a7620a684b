/** Amounts, days and references as banks write them. What cannot be read for sure is null. */
import { type Day, isDay } from '../../../domain/day.ts';
import type { Cents } from '../../../domain/money.ts';

const AMOUNT = /^\+?0*(\d{1,13})(?:\.(\d{0,2})0*)?$/;

/** `19.9`, `19.90`, `19.90000` are 1990; a third decimal that is not 0, a sign or a comma make it unreadable. */
export function readAmount(text: string): Cents | null {
  const match = AMOUNT.exec(text);
  if (!match) return null;
  const fraction = match[2] ?? '';
  const minor = fraction.length === 2 ? Number(fraction) : fraction.length === 1 ? Number(fraction) * 10 : 0;
  return (Number(match[1]) * 100 + minor) as Cents;
}

/** The civil day of `2026-11-27`, `2026-11-27+01:00` or `2026-11-27T06:00:00Z`, as the bank wrote it. */
export function readDay(text: string): Day | null {
  const on = text.slice(0, 10);
  return isDay(on) && (text.length === 10 || /^[TZ+-]/.test(text.slice(10))) ? on : null;
}

/** A number of transactions. */
export function readCount(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const NOT_PROVIDED = /^(?:NOT ?PROVIDED|NOTPROVIDED|NONREF|NONE|N\/A)$/i;

/** A reference; null where the bank says that there is none. */
export function readReference(text: string): string | null {
  return NOT_PROVIDED.test(text) ? null : text;
}

/** Joins pieces of free text, up to 500 characters in all. */
export function joinText(before: string | null, more: string): string {
  return before === null ? more.slice(0, 500) : before.length >= 500 ? before : `${before} ${more}`.slice(0, 500);
}
