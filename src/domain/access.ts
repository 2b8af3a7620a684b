/**
 * Whether a customer may enter, on a day: active, suspended or blocked; why, since when, until when.
 *
 * Always true:
 * - a debt blocks from the day after its due day plus the grace days, never on the day itself;
 * - money in flight blocks nobody until the bank has been silent for a set time after the collection; a promise holds
 *   until the day after it; both hold against a block by a reminder stage too;
 * - suspended and blocked are two things: a debt blocks a suspended customer too, and both are told. Of two reasons the
 *   one that somebody can do something about comes first: debt, then contract, then suspension;
 * - a customer is suspended on a day when every contract that runs on it is suspended on it; suspensions that overlap
 *   count each day once;
 * - `allowed_until` is the last day up to which the door may decide without asking: nothing known today forbids any
 *   day up to it. It is null exactly when the customer may not enter today.
 */
import { addDays, type Day, earlier, later } from './day.ts';

export interface AccessContract {
  id: string;
  starts_on: Day;
  /** Last day of access; null: open-ended. */
  ends_on: Day | null;
}

export interface AccessSuspension {
  /** The contract that it stops; null: all of them. */
  contract: string | null;
  starts_on: Day;
  /** Last suspended day; null: unlimited. */
  ends_on: Day | null;
  reason: string;
}

/** Something owed, now or on a day to come. */
export interface AccessDebt {
  amount: number;
  due_on: Day;
  /** The collection day of the direct debit under way for it; null: none. */
  in_flight_on: Day | null;
  /** The customer promised to pay by this day. */
  promised_until: Day | null;
  /** A reminder stage that blocks was reached on this day. */
  stage_block_on: Day | null;
}

export interface AccessFacts {
  contracts: readonly AccessContract[];
  suspensions: readonly AccessSuspension[];
  debts: readonly AccessDebt[];
}

export interface AccessRules {
  /** Days after the due day on which a debt does not block yet; null: only reminder stages block. */
  grace_days: number | null;
  /** Days after its collection day for which a direct debit protects. */
  in_flight_days: number;
  /** How far ahead a door may decide offline at the most. */
  offline_days: number;
}

export type AccessState = 'active' | 'suspended' | 'blocked';
export type AccessReason =
  | 'debt'
  | 'reminder_stage'
  | 'no_contract'
  | 'contract_not_begun'
  | 'contract_ended'
  | 'suspension';

export interface AccessCause {
  reason: AccessReason;
  /** First day of it; null: since ever (no contract). */
  since_on: Day | null;
  /** Last day of it as known today; null: until somebody does something. */
  until_on: Day | null;
  /** The words given for a suspension. */
  detail: string | null;
}

export interface Access {
  state: AccessState;
  reason: AccessReason | null;
  since_on: Day | null;
  until_on: Day | null;
  allowed_until: Day | null;
  /** Every cause that holds today, the one that decides first. */
  causes: AccessCause[];
}

interface Span {
  first: Day;
  last: Day | null;
}

export function access(facts: AccessFacts, rules: AccessRules, today: Day): Access {
  const causes = [...debtCauses(facts.debts, rules, today), ...contractCauses(facts, today)];
  const decisive = causes[0];
  if (decisive)
    return {
      state: decisive.reason === 'suspension' ? 'suspended' : 'blocked',
      reason: decisive.reason,
      since_on: decisive.since_on,
      until_on: decisive.until_on,
      allowed_until: null,
      causes,
    };
  const spans = entitled(facts);
  const span = spans.find((candidate) => holds(candidate, today)) as Span;
  const debtDays = facts.debts.flatMap((debt) => blockedFrom(debt, rules)?.on ?? []);
  const lastDays = debtDays.map((on) => addDays(on, -1));
  const known = [...lastDays, ...(span.last === null ? [] : [span.last])];
  const until = known.length === 0 ? null : known.reduce(earlier);
  const horizon = addDays(today, rules.offline_days);
  return {
    state: 'active',
    reason: null,
    since_on: span.first,
    until_on: until,
    allowed_until: until === null ? horizon : earlier(until, horizon),
    causes,
  };
}

/** The first day on which a debt blocks unless it is paid; null: it never does by itself. */
export function blockedFrom(
  debt: AccessDebt,
  rules: AccessRules,
): { on: Day; reason: 'debt' | 'reminder_stage' } | null {
  if (debt.amount <= 0) return null;
  const byDueDay = rules.grace_days === null ? null : addDays(debt.due_on, rules.grace_days + 1);
  const byStage = debt.stage_block_on;
  if (byDueDay === null && byStage === null) return null;
  const stageFirst = byStage !== null && (byDueDay === null || byStage < byDueDay);
  let on = stageFirst ? byStage : (byDueDay as Day);
  if (on <= debt.due_on) on = addDays(debt.due_on, 1);
  if (debt.in_flight_on !== null) on = later(on, addDays(debt.in_flight_on, rules.in_flight_days + 1));
  if (debt.promised_until !== null) on = later(on, addDays(debt.promised_until, 1));
  return { on, reason: stageFirst ? 'reminder_stage' : 'debt' };
}

function debtCauses(debts: readonly AccessDebt[], rules: AccessRules, today: Day): AccessCause[] {
  const causes: AccessCause[] = [];
  for (const reason of ['debt', 'reminder_stage'] as const) {
    const days = debts.flatMap((debt) => {
      const from = blockedFrom(debt, rules);
      return from && from.reason === reason && from.on <= today ? [from.on] : [];
    });
    if (days.length > 0) causes.push({ reason, since_on: days.reduce(earlier), until_on: null, detail: null });
  }
  return causes;
}

function contractCauses(facts: AccessFacts, today: Day): AccessCause[] {
  const periods = union(facts.contracts.map((contract) => ({ first: contract.starts_on, last: contract.ends_on })));
  const running = periods.find((period) => holds(period, today));
  if (!running) return [outsideContracts(periods, today)];
  const free = entitled(facts);
  if (free.some((span) => holds(span, today))) return [];
  const before = free.filter((span) => span.last !== null && span.last < today).at(-1);
  const after = free.find((span) => span.first > today);
  const since = before ? later(addDays(before.last as Day, 1), running.first) : running.first;
  const ends = [...(after ? [addDays(after.first, -1)] : []), ...(running.last === null ? [] : [running.last])];
  const suspension = facts.suspensions
    .filter((candidate) => holds({ first: candidate.starts_on, last: candidate.ends_on }, today))
    .sort((a, b) => inOrder(a.starts_on, b.starts_on) || inOrder(a.reason, b.reason))[0];
  return [
    {
      reason: 'suspension',
      since_on: since,
      until_on: ends.length === 0 ? null : ends.reduce(earlier),
      detail: suspension?.reason ?? null,
    },
  ];
}

function outsideContracts(periods: readonly Span[], today: Day): AccessCause {
  const ended = periods.filter((period) => period.first <= today).at(-1);
  const next = periods.find((period) => period.first > today);
  const until_on = next ? addDays(next.first, -1) : null;
  const detail = null;
  if (ended) return { reason: 'contract_ended', since_on: addDays(ended.last as Day, 1), until_on, detail };
  return { reason: next ? 'contract_not_begun' : 'no_contract', since_on: null, until_on, detail };
}

/** The spans of days on which at least one contract runs that is not suspended, in order, apart from each other. */
function entitled(facts: AccessFacts): Span[] {
  return union(
    facts.contracts.flatMap((contract) => {
      const stops = union(
        facts.suspensions
          .filter((suspension) => suspension.contract === null || suspension.contract === contract.id)
          .map((suspension) => ({ first: suspension.starts_on, last: suspension.ends_on })),
      );
      return without({ first: contract.starts_on, last: contract.ends_on }, stops);
    }),
  );
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(span: Span, on: Day): boolean {
  return span.first <= on && (span.last === null || on <= span.last);
}

/** Spans in order, those that touch or overlap joined. */
function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans
    .filter(({ first, last }) => last === null || first <= last)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const last = joined.at(-1);
    if (last && (last.last === null || span.first <= addDays(last.last, 1)))
      last.last = last.last === null || span.last === null ? null : later(last.last, span.last);
    else joined.push({ ...span });
  }
  return joined;
}

/** A span less others (in order, apart from each other). */
function without(span: Span, others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let first: Day | null = span.first;
  for (const other of others) {
    if (first === null) break;
    if (other.last !== null && other.last < first) continue;
    if (span.last !== null && other.first > span.last) break;
    if (other.first > first) left.push({ first, last: addDays(other.first, -1) });
    first = other.last === null ? null : addDays(other.last, 1);
  }
  if (first !== null && (span.last === null || first <= span.last)) left.push({ first, last: span.last });
  return left;
}
