/** From what a client sends to what a decision about a suspension reads. */
import type { RenewalChoice } from '../domain/contract-changes/decision.ts';
import type { SuspensionInput } from '../domain/contract-changes/suspension-input.ts';
import { cents } from '../domain/money.ts';
import type { SuspensionTerms } from '../domain/schedule/changes.ts';
import type { FreezeSettings } from '../domain/schedule/terms.ts';
import type { NewSuspension, RenewalFields, SuspensionEdit } from '../schemas/contracts.ts';

export function renewalChoice({ renewals, compensation }: RenewalFields): RenewalChoice {
  return { renewals: renewals ?? 'refuse', compensation: compensation === undefined ? null : cents(compensation) };
}

export function suspensionInput(given: NewSuspension): SuspensionInput {
  return {
    starts_on: given.starts_on,
    days: given.days ?? null,
    ends_on: given.ends_on ?? null,
    unlimited: given.unlimited ?? false,
    reason: given.reason,
    amount: given.amount === undefined ? null : cents(given.amount),
    first_instalment: given.first_instalment ?? null,
    last_instalment: given.last_instalment ?? null,
    freeze: (given.freeze as Partial<FreezeSettings> | undefined) ?? null,
    facts: given.facts ?? 'kept',
    review_on: given.review_on ?? null,
    closure: null,
    beyond_limits: given.beyond_limits ?? false,
  };
}

/** An edit says only what differs; the rest stays as the suspension has it. */
export function editedInput(current: SuspensionTerms, given: SuspensionEdit): Omit<SuspensionInput, 'facts'> {
  const restatesLength = given.days !== undefined || given.ends_on !== undefined || given.unlimited === true;
  const keep = <T>(value: T | undefined, before: T): T => (value === undefined ? before : value);
  return {
    starts_on: given.starts_on ?? current.starts_on,
    days: given.days ?? null,
    ends_on: restatesLength ? (given.ends_on ?? null) : current.ends_on,
    unlimited: restatesLength ? (given.unlimited ?? false) : current.ends_on === null,
    reason: given.reason ?? current.reason,
    amount: given.amount === undefined ? current.amount : given.amount === null ? null : cents(given.amount),
    first_instalment: keep(given.first_instalment, current.first_instalment),
    last_instalment: keep(given.last_instalment, current.last_instalment),
    freeze: given.freeze === undefined ? current.freeze : (given.freeze as Partial<FreezeSettings> | null),
    review_on: keep(given.review_on, current.review_on),
    closure: current.closure,
    beyond_limits: given.beyond_limits ?? false,
  };
}
