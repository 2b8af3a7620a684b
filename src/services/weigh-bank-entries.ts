/**
 * Weighs what was matched: books what is new of it, some hundred debits at a time.
 *
 * Always true:
 * - all that concerns one debit is weighed together, with everything told of it before, under its customer's lock;
 * - the locks are taken once, in one order, before anything is read that a decision rests on;
 * - what a rule refuses is kept with the refusal's code, for a person; it holds up nothing else.
 */
import type { Context } from '../context.ts';
import { type Cents, cents } from '../domain/money.ts';
import type { RejectionInput } from '../domain/rejections/decide-rejection.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { saveWeighed, type ToldWord, toldWords, type WeighedEntry } from '../store/bank-entries.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { loadReturnedPayments, type ReturnedPayment } from '../store/returned-payments.ts';
import { applyReturns, type PlannedReturn } from './apply-returns.ts';
import { hearOfDeaths, type Learned, learnedFrom, learnReasons, reasonPolicy, tellsOfDeath } from './learn-reasons.ts';
import { planReturn, type ReturnPlan, type ToldReturn } from './plan-return.ts';

/** What is told of one debit. */
interface ToldDebit {
  payment: string;
  customer: string;
  words: ToldWord[];
}

/** Of as many as this everything is read and written in one statement each. */
const DEBITS_AT_ONCE = 500;

/** No bank says more about one debit at once; each further word is weighed against all before it. */
const MOST_WORDS = 100;

/** @returns how many debits were told of @throws Refusal `bank_file_beyond_limit` */
export async function weighBankEntries(ctx: Context): Promise<number> {
  const debits = debitsOf(await toldWords(ctx));
  if (debits.length === 0) return 0;
  await lockCustomers(ctx, [...new Set(debits.map(({ customer }) => customer))].sort());
  for (const batch of inBatches(debits)) await weighBatch(ctx, batch);
  return debits.length;
}

function debitsOf(words: readonly ToldWord[]): ToldDebit[] {
  const byPayment = new Map<string, ToldDebit>();
  for (const word of words) {
    const { payment, customer } = word;
    const debit = byPayment.get(payment);
    if (!debit) byPayment.set(payment, { payment, customer, words: [word] });
    else if (debit.words.push(word) > MOST_WORDS)
      throw new Refusal('bank_file_beyond_limit', { what: 'words about one debit', limit: MOST_WORDS });
  }
  return [...byPayment.values()];
}

/** No two debits of one customer in a batch: the second is decided on what the first has left. */
function inBatches(debits: readonly ToldDebit[]): ToldDebit[][] {
  const rounds: ToldDebit[][] = [];
  const nth = new Map<string, number>();
  for (const debit of debits) {
    const at = nth.get(debit.customer) ?? 0;
    nth.set(debit.customer, at + 1);
    const round = rounds[at];
    if (round) round.push(debit);
    else rounds[at] = [debit];
  }
  return rounds.flatMap((round) =>
    Array.from({ length: Math.ceil(round.length / DEBITS_AT_ONCE) }, (_, at) =>
      round.slice(at * DEBITS_AT_ONCE, (at + 1) * DEBITS_AT_ONCE),
    ),
  );
}

async function weighBatch(ctx: Context, batch: readonly ToldDebit[]): Promise<void> {
  const byPayment = new Map(batch.map((debit) => [debit.payment, debit]));
  const plans: PlannedReturn[] = [];
  const weighed: WeighedEntry[] = [];
  const learned: Learned[] = [];
  const deaths: ReturnedPayment[] = [];
  for (const returned of await loadReturnedPayments(ctx, [...byPayment.keys()], false)) {
    const { words } = byPayment.get(returned.payment.id) as ToldDebit;
    try {
      const plan = planReturn(ctx, returned, toldByBank(ctx, words));
      const reason = learnedFrom(ctx, plan);
      if (reason) learned.push(reason);
      const reasons = words.filter(({ kind }) => FAILURES.has(kind)).map(({ reason_code }) => reason_code);
      if (!plan.rejection && tellsOfDeath(ctx, reasons)) deaths.push(returned);
      weighed.push(...words.map((word, at) => effectOf(word, plan, at, reason)));
      if (!changesAnything(plan)) continue;
      const made = plan.rejection?.representments.length ?? 0;
      plans.push({ ...plan, new_payments: Array.from({ length: made }, () => newId('pay')) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      weighed.push(
        ...words.map(({ entry }) => ({ entry, effect: 'waiting' as const, booked: [], why: error.code as string })),
      );
    }
  }
  if (plans.length > 0) await applyReturns(ctx, plans);
  await learnReasons(ctx, learned);
  await hearOfDeaths(ctx, deaths);
  await saveWeighed(ctx, weighed);
}

function changesAnything(plan: ReturnPlan): boolean {
  const { payment } = plan.returned;
  return plan.postings.length > 0 || plan.state !== payment.state || (plan.doubts.length > 0 && !payment.needs_person);
}

const FAILURES: ReadonlySet<string> = new Set(['rejected', 'returned', 'refunded']);

/** A word tells that the bank kept something, and other amounts than that are booked as kept. */
function tellsAnotherCharge({ kind, charge }: ToldWord, { returned, postings }: ReturnPlan): boolean {
  if (!FAILURES.has(kind) || chargeOf(charge) === null) return false;
  const booked = [...returned.postings, ...postings].filter(({ entry }) => entry.startsWith('bank_charge:'));
  return booked.length > 0 && booked.every(({ amount }) => amount !== charge);
}

function effectOf(word: ToldWord, plan: ReturnPlan, at: number, learned: Learned | null): WeighedEntry {
  const { entry, kind, reason_code } = word;
  const booked = plan.booked[at] ?? [];
  if (booked.length > 0) return { entry, effect: 'applied', booked, why: null };
  if (learned && reason_code === learned.reason_code) return { entry, effect: 'noted', booked, why: 'reason_learned' };
  if (tellsAnotherCharge(word, plan)) return { entry, effect: 'noted', booked, why: 'charge_differs' };
  const doubt = kind === 'settled' || kind === 'reversed' ? (plan.doubts[0] ?? null) : null;
  return { entry, effect: kind === 'accepted' || doubt ? 'noted' : 'repeated', booked, why: doubt };
}

function toldByBank(ctx: Context, words: readonly ToldWord[]): ToldReturn {
  return {
    events: words.map(({ kind, on, reason_code, charge }) => ({ kind, on, reason_code, charge: chargeOf(charge) })),
    new_fee: newId('fee'),
    new_refund_claim: newId('fee'),
    input: (reason_code): RejectionInput => ({
      received_on: ctx.today,
      reason_code,
      told_by: 'bank',
      policy: reasonPolicy(ctx, reason_code),
    }),
  };
}

function chargeOf(charge: number | null): Cents | null {
  return charge === null || charge <= 0 ? null : cents(charge);
}
