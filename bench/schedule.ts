/**
 * The schedule function against the same schedules computed with luxon and with temporal-polyfill: 100,000 contracts of
 * 24 instalments, as sold and with a suspension of 45 days. Ratios of one run, the libraries on a part of the contracts
 * (they are slow) and all three giving the same instalments, which is checked.
 *
 * Run alone: npx tsx bench/schedule.ts
 */
import { pathToFileURL } from 'node:url';
import { DateTime } from 'luxon';
import { Temporal } from 'temporal-polyfill';
import { addDays, addMonths, type Day, day } from '../src/domain/day.ts';
import { type Cents, cents, ZERO } from '../src/domain/money.ts';
import { type Change, plainSuspension } from '../src/domain/schedule/changes.ts';
import { schedule } from '../src/domain/schedule/schedule.ts';
import { noFreezePolicy, type Terms } from '../src/domain/schedule/terms.ts';
import { type BenchResult, median } from './ratio.ts';

const CONTRACTS = 100_000;
/** The libraries are measured on one contract in so many. */
const PART = 100;
const INSTALMENTS = 24;
const UNTIL = day('2099-12-31');

interface Sold {
  terms: Terms;
  changes: Change[];
}

interface Line {
  number: number;
  due_on: string;
  amount: number;
  status: string;
}

function soldContracts(suspended: boolean): Sold[] {
  return Array.from({ length: CONTRACTS }, (_, at) => {
    const starts_on = addDays(day('2020-01-01'), (at * 37) % 1461);
    const terms: Terms = {
      starts_on,
      ends_on: addDays(addMonths(starts_on, INSTALMENTS), -1),
      first_due_on: starts_on,
      interval_months: 1,
      instalments: INSTALMENTS,
      amount: cents(5900),
      method: 'direct_debit',
      freeze: { ...noFreezePolicy, active: true },
      shift_unit: 'months_else_days',
      notice_days: 0,
    };
    const from = addDays(starts_on, 100 + (at % 300));
    const stop = { ...plainSuspension(from, addDays(from, 44), 'ill'), amount: cents(200) };
    return {
      terms,
      changes: suspended ? [{ id: 'chg_1', kind: 'suspension_added', suspension: 'sus_1', ...stop }] : [],
    };
  });
}

function ours({ terms, changes }: Sold): Line[] {
  return schedule(terms, changes, [], UNTIL).instalments;
}

/** What the libraries are asked for: days as the engine's callers hand them over, and back. */
function withLuxon({ terms, changes }: Sold): Line[] {
  const anchor = DateTime.fromISO(terms.first_due_on, { zone: 'utc' });
  const stop = changes[0] as Extract<Change, { kind: 'suspension_added' }> | undefined;
  const from = stop && DateTime.fromISO(stop.starts_on, { zone: 'utc' });
  const to = stop && DateTime.fromISO(stop.ends_on as string, { zone: 'utc' });
  let left = from && to ? Math.floor(to.plus({ days: 1 }).diff(from, 'months').months) : 0;
  const lines: Line[] = [];
  for (let at = 0; at < INSTALMENTS; at++) {
    const due = anchor.plus({ months: at });
    const hit = from !== undefined && left > 0 && due >= from;
    if (hit) left--;
    lines.push(line(at + 1, due.toISODate() as string, hit ? (stop?.amount as Cents) : terms.amount));
  }
  return lines;
}

function withTemporal({ terms, changes }: Sold): Line[] {
  const anchor = Temporal.PlainDate.from(terms.first_due_on);
  const stop = changes[0] as Extract<Change, { kind: 'suspension_added' }> | undefined;
  const from = stop && Temporal.PlainDate.from(stop.starts_on);
  const to = stop && Temporal.PlainDate.from(stop.ends_on as Day);
  let left = from && to ? from.until(to.add({ days: 1 }), { largestUnit: 'month' }).months : 0;
  const lines: Line[] = [];
  for (let at = 0; at < INSTALMENTS; at++) {
    const due = anchor.add({ months: at });
    const hit = from !== undefined && left > 0 && Temporal.PlainDate.compare(due, from) >= 0;
    if (hit) left--;
    lines.push(line(at + 1, due.toString(), hit ? (stop?.amount as Cents) : terms.amount));
  }
  return lines;
}

function line(number: number, due_on: string, amount: Cents): Line {
  return { number, due_on, amount, status: amount === ZERO ? 'waived' : 'scheduled' };
}

/** Nanoseconds of processor time per instalment, the median of several rounds: other work on the machine blurs it least. */
function measure(contracts: readonly Sold[], compute: (sold: Sold) => Line[], rounds: number): number {
  const times: number[] = [];
  let check = 0;
  for (let round = 0; round <= rounds; round++) {
    const started = process.cpuUsage();
    for (const sold of contracts) check += compute(sold).length;
    const { user, system } = process.cpuUsage(started);
    if (round > 0) times.push(((user + system) * 1000) / (contracts.length * INSTALMENTS));
  }
  if (check !== contracts.length * INSTALMENTS * (rounds + 1)) throw new Error(`${check} instalments`);
  return median(times);
}

function assertSame(contracts: readonly Sold[]): void {
  const text = (lines: Line[]) => lines.map(({ number, due_on, amount }) => `${number} ${due_on} ${amount}`).join('\n');
  for (const sold of contracts) {
    const expected = text(ours(sold));
    if (text(withLuxon(sold)) !== expected) throw new Error(`luxon differs for ${sold.terms.starts_on}`);
    if (text(withTemporal(sold)) !== expected) throw new Error(`temporal-polyfill differs for ${sold.terms.starts_on}`);
  }
}

export async function benchSchedule(): Promise<BenchResult[]> {
  const ratios: BenchResult[] = [];
  for (const suspended of [false, true]) {
    const contracts = soldContracts(suspended);
    const part = contracts.filter((_, at) => at % PART === 0);
    assertSame(part);
    const engine = measure(contracts, ours, 5);
    const name = suspended ? 'schedule of a suspended contract' : 'schedule as sold';
    for (const [library, compute] of [
      ['luxon', withLuxon],
      ['temporal-polyfill', withTemporal],
    ] as const) {
      const theirs = measure(part, compute, 5);
      const detail = `${engine.toFixed(0)} ns against ${theirs.toFixed(0)} ns per instalment, ${CONTRACTS} contracts of ${INSTALMENTS}`;
      ratios.push({ name: `${name}, against ${library}`, ratio: theirs / engine, target: 20, detail });
    }
  }
  return ratios;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, ratio, target, detail } of await benchSchedule())
    console.log(`${ratio >= target ? 'ok ' : 'BAD'} ${ratio.toFixed(1)} × (at least ${target})  ${name}: ${detail}`);
}
