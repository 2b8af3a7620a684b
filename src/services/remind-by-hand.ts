/** A payment reminder that a person sends, for one debt of a contract. */
import type { ReadContext } from '../context.ts';
import { ZERO } from '../domain/money.ts';
import { askedAmount } from '../domain/reminders/debt.ts';
import type { SentReminder } from '../domain/reminders/due-reminders.ts';
import { decideHandReminder, type HandReminder } from '../domain/reminders/notices.ts';
import { Refusal } from '../errors/refusal.ts';
import type { MailText } from '../formats/mail/compile.ts';
import type { MailFacts } from '../formats/mail/variables.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { type RemindableDebt, remindableDebts } from '../store/debts-to-remind.ts';
import { ownText } from '../store/mail-texts.ts';
import { sentReminders } from '../store/messages.ts';
import { findReminder } from '../views/reminders.ts';
import { reminderFacts, senderOf, wordsOf } from './compose-message.ts';
import type { Operation } from './operation.ts';
import { makeMessages } from './send-reminders.ts';

export interface RemindByHandInput {
  contract: string;
  /** The instalment to remind of; the oldest debt of the contract unless given. */
  instalment?: string | undefined;
  new_reminder: string;
}

interface State {
  customer: { id: string; name: string; version: number };
  debts: RemindableDebt[];
  sent: SentReminder[];
  text: (MailText & { id: string }) | null;
}

interface Decision {
  reminder: HandReminder;
  debt: RemindableDebt;
}

export const remindByHand: Operation<RemindByHandInput, State, Decision> = {
  async load(ctx, input, locking) {
    const customer = await customerOf(ctx, input.contract);
    if (locking) await lockCustomers(ctx, [customer.id]);
    const debts = (await remindableDebts(ctx, [customer.id])).filter(
      (debt) => debt.contract === input.contract && (input.instalment ?? debt.debt) === debt.debt,
    );
    const sent = await sentReminders(
      ctx,
      debts.map(({ debt }) => debt),
    );
    const text = debts[0] ? await ownText(ctx, 'payment_reminder', debts[0].language) : null;
    return { customer, debts, sent, text };
  },
  decide({ debts, sent }, _input, ctx) {
    const debt = debts.find((one) => askedAmount(one) > 0) ?? debts[0];
    if (!debt) throw new Refusal('reminder_nothing_due');
    const own = sent.filter((reminder) => reminder.debt === debt.debt);
    return { reminder: decideHandReminder(debt, own, ctx.today), debt };
  },
  show(state, { reminder, debt }, ctx) {
    const facts = reminderFacts(ctx, state.customer.name, debt, null, ZERO) as MailFacts<'payment_reminder'>;
    const said = { facts, sender: senderOf(ctx) };
    const words = wordsOf(ctx, 'payment_reminder', debt.language, said, state.text);
    return {
      before: { reminders: state.sent.length },
      after: { reminders: state.sent.length + 1 },
      changes: [{ ...reminder, ...words }],
      access: null,
      warnings: [],
    };
  },
  reads: ({ customer, debts, sent, text }) => [
    customer.id,
    customer.version,
    text?.id ?? null,
    JSON.stringify(debts),
    JSON.stringify(sent),
  ],
  async save(ctx, _state, { reminder, debt }, input) {
    await makeMessages(ctx, [
      {
        id: input.new_reminder,
        customer: reminder.customer,
        contract: debt.contract,
        kind: 'payment_reminder',
        subject: reminder.debt,
        stage: reminder.stage,
        channel: reminder.channel,
        text_kind: 'payment_reminder',
        language: debt.language,
        amount: reminder.amount,
        fee: 0,
        blocks: false,
        due_on: debt.missed_on,
      },
    ]);
    const made = await queryOne<{ id: string }>(
      ctx.trx,
      `select id from message where organization_id = ? and kind = 'payment_reminder' and subject_id = ? and stage = ?`,
      [ctx.organization.id, reminder.debt, reminder.stage],
    );
    return findReminder(ctx, made?.id ?? input.new_reminder);
  },
};

async function customerOf(ctx: ReadContext, contract: string): Promise<State['customer']> {
  const row = await queryOne<State['customer']>(
    ctx.reader,
    `select customer.id, customer.name, customer.version from contract join customer on customer.id = contract.customer_id
     where contract.id = ? and contract.organization_id = ? and contract.deleted_at is null`,
    [contract, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row;
}
