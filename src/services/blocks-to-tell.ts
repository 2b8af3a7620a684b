/**
 * Blocks for a debt that customers are told of.
 *
 * Always true: a block is told only where the customer may do something about it and would be let in afterwards: not
 * where the contract has ended or is suspended, and not for money that the organization itself is to collect.
 */
import type { Context, ReadContext } from '../context.ts';
import { access } from '../domain/access.ts';
import { addDays, type Day } from '../domain/day.ts';
import { type Cents, sum } from '../domain/money.ts';
import { askedAmount, silenceOf } from '../domain/reminders/debt.ts';
import type { Channel } from '../domain/reminders/kinds.ts';
import { blockNoticeStage, NOTICE_WITHIN_DAYS } from '../domain/reminders/notices.ts';
import type { Language } from '../errors/language.ts';
import { accessFactsOf, accessRules } from '../store/access.ts';
import { query } from '../store/database.ts';
import { type RemindableDebt, remindableDebts } from '../store/debts-to-remind.ts';
import { lastBlockNotices } from '../store/messages.ts';
import { canBeWrittenTo } from '../store/receivers.ts';
import { labelOf } from './compose-message.ts';

export interface BlockNow {
  customer: string;
  since_on: Day;
  amount: Cents;
  /** The oldest debt: what the notice names first. */
  debt: string;
  contract: string | null;
  label: string;
  due_on: Day;
  language: Language;
  channel: Channel;
}

export interface Block extends BlockNow {
  stage: number;
}

const CUSTOMERS_AT_ONCE = 500;

/** Those that began in the last days and were not told. */
export async function blocksToTell(ctx: Context): Promise<Block[]> {
  const { reminders } = ctx.organization.settings;
  const rows = await query<{ id: string }>(
    ctx.trx,
    `select c.id from customer c
     where c.organization_id = ? and c.access_state = 'blocked' and c.access_reason = 'debt' and c.access_since_on between ? and ?
       and ${canBeWrittenTo} order by c.id`,
    [
      ctx.organization.id,
      addDays(ctx.today, -NOTICE_WITHIN_DAYS),
      ctx.today,
      reminders.letters_for.includes('access_blocked'),
    ],
    'blocked-lately',
  );
  const found: Block[] = [];
  for (let at = 0; at < rows.length; at += CUSTOMERS_AT_ONCE) {
    const customers = rows.slice(at, at + CUSTOMERS_AT_ONCE).map(({ id }) => id);
    const told = await lastBlockNotices(ctx, customers);
    for (const block of (await blocksOf(ctx, customers)).values()) {
      const stage = blockNoticeStage(block.since_on, told.get(block.customer) ?? null);
      if (stage !== null) found.push({ ...block, stage });
    }
  }
  return found;
}

/** The blocks as they are now, by customer; customers who may enter, or could not in any case, are left out. */
export async function blocksOf(ctx: ReadContext, customers: readonly string[]): Promise<Map<string, BlockNow>> {
  const facts = await accessFactsOf(ctx, customers);
  const debts = await remindableDebts(ctx, customers);
  const rules = accessRules(ctx);
  const blocks = new Map<string, BlockNow>();
  for (const one of facts) {
    const { reason, since_on, causes } = access(one, rules, ctx.today);
    if (reason !== 'debt' || since_on === null) continue;
    if (causes.some((cause) => cause.reason !== 'debt' && cause.reason !== 'reminder_stage')) continue;
    const own = debts.filter((debt) => debt.customer === one.customer && silenceOf(debt, ctx.today) === null);
    const block = describe(ctx, one.customer, since_on, own);
    if (block) blocks.set(one.customer, block);
  }
  return blocks;
}

function describe(ctx: ReadContext, customer: string, since_on: Day, owed: readonly RemindableDebt[]): BlockNow | null {
  const last = addDays(ctx.today, -ctx.organization.settings.grace_days - 1);
  const debts = owed.filter((debt) => debt.missed_on <= last);
  const [oldest] = debts;
  if (!oldest) return null;
  const { debt, contract, language, missed_on } = oldest;
  return {
    ...{ customer, since_on, debt, contract, language, due_on: missed_on },
    amount: sum(debts.map(askedAmount)),
    label: debts.map((one) => labelOf(one.label, one.number, language)).join(' · '),
    channel: oldest.has_email ? 'email' : 'letter',
  };
}
