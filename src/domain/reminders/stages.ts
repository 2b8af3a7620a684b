/**
 * The stages of an organization's reminders: how many days after the missed day which message goes out, how, at what
 * fee, and whether access is blocked from then on.
 *
 * Always true:
 * - stages are numbered 1, 2, 3 … and each comes at least one day after the stage before it;
 * - the first comes at least one day after the missed day: a due day is not missed until it is over.
 */
import { Refusal } from '../../errors/refusal.ts';
import { type Cents, cents, MAX_AMOUNT, ZERO } from '../money.ts';
import type { Channel, ReminderTextKind } from './kinds.ts';

export interface ReminderStage {
  stage: number;
  /** Days after the missed day: 3 means that a debt missed on the 5th is reminded on the 8th. */
  after_days: number;
  channel: Channel;
  text: ReminderTextKind;
  /** Sold to the customer when this reminder goes out; zero for none. */
  fee_amount: Cents;
  /** Access is blocked from this stage on, whatever the grace days say. */
  block: boolean;
  /** The invoice of the debt goes with it, where there is one. */
  attach_invoice: boolean;
}

export const MAX_STAGES = 10;
export const MAX_AFTER_DAYS = 730;

/** What an organization starts with: a friendly word, a firmer one, a formal notice on paper. */
export const defaultStages: readonly ReminderStage[] = [
  {
    stage: 1,
    after_days: 3,
    channel: 'email',
    text: 'reminder_1',
    fee_amount: ZERO,
    block: false,
    attach_invoice: false,
  },
  {
    stage: 2,
    after_days: 10,
    channel: 'email',
    text: 'reminder_2',
    fee_amount: ZERO,
    block: false,
    attach_invoice: false,
  },
  {
    stage: 3,
    after_days: 21,
    channel: 'letter',
    text: 'reminder_3',
    fee_amount: ZERO,
    block: true,
    attach_invoice: false,
  },
];

/**
 * Stages as an organization enters them, numbered in their order.
 * @throws Refusal at the stage that breaks the order, the limits or the amount.
 */
export function numberStages(
  entered: readonly Omit<ReminderStage, 'stage'>[],
  pointer = '/reminder_stages',
): ReminderStage[] {
  if (entered.length > MAX_STAGES) throw new Refusal('reminder_too_many_stages', { limit: MAX_STAGES }, { pointer });
  let previous = 0;
  return entered.map((stage, at) => {
    const days = stage.after_days;
    if (!Number.isSafeInteger(days) || days <= previous || days > MAX_AFTER_DAYS)
      throw new Refusal(
        'reminder_stage_order',
        { stage: at + 1, previous, limit: MAX_AFTER_DAYS },
        { pointer: `${pointer}/${at}/after_days` },
      );
    if (!Number.isSafeInteger(stage.fee_amount) || stage.fee_amount < 0 || stage.fee_amount > MAX_AMOUNT)
      throw new Refusal('reminder_stage_fee', { stage: at + 1 }, { pointer: `${pointer}/${at}/fee_amount` });
    previous = days;
    return { ...stage, fee_amount: cents(stage.fee_amount), stage: at + 1 };
  });
}
