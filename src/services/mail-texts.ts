/**
 * The texts that an organization writes itself: checked as a whole before they are kept, each version for good, and
 * tried out with a real customer.
 */
import type { Context, ReadContext } from '../context.ts';
import { addDays } from '../domain/day.ts';
import { ZERO } from '../domain/money.ts';
import type { TextKind } from '../domain/reminders/kinds.ts';
import type { Language } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { compileMailText, type MailText } from '../formats/mail/compile.ts';
import { type MailFacts, sampleFacts } from '../formats/mail/variables.ts';
import { queryOne } from '../store/database.ts';
import { remindableDebts } from '../store/debts-to-remind.ts';
import { findText, insertText, ownText } from '../store/mail-texts.ts';
import { announce } from './announce.ts';
import { reminderFacts, type Said, senderOf, wordsOf } from './compose-message.ts';
import { stagesOf } from './send-reminders.ts';

/** @throws Refusal at `/subject` or `/body` where the text is broken, with line and column; `stale_version` */
export async function writeMailText(
  ctx: Context,
  kind: TextKind,
  locale: Language,
  text: MailText,
  ifVersion: number | undefined,
): Promise<void> {
  compileMailText(kind, text);
  const version = (await ownText(ctx, kind, locale))?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== version) throw new Refusal('stale_version');
  if (!(await insertText(ctx, { kind, locale, version: version + 1, ...text }))) throw new Refusal('stale_version');
  await announce(ctx, {
    type: 'mail_template.written',
    subjects: [ctx.organization.id],
    data: { kind, locale, version: version + 1 },
  });
}

/**
 * A text as a customer would read it: with what they owe now where it speaks of a debt and there is one, otherwise
 * with a sample.
 */
export async function previewMailText(
  ctx: ReadContext,
  kind: TextKind,
  locale: Language,
  customerId: string,
  text: MailText | null,
) {
  const customer = await queryOne<{ name: string; email: string | null }>(
    ctx.reader,
    'select name, email from customer where id = ? and organization_id = ?',
    [customerId, ctx.organization.id],
  );
  if (!customer) throw new Refusal('not_found', {}, { pointer: '/customer' });
  const [debt] = await remindableDebts(ctx, [customerId]);
  const sample = { ...sampleFacts(kind, true, locale), customer_name: customer.name } as MailFacts<TextKind>;
  let facts = sample;
  if (debt && (kind.startsWith('reminder_') || kind === 'payment_reminder')) {
    const stage = stagesOf(ctx).find((one) => one.text === kind) ?? null;
    const lateEnough = { ...ctx, today: stage === null ? ctx.today : addDays(debt.missed_on, stage.after_days) };
    facts = reminderFacts(lateEnough, customer.name, { ...debt, language: locale }, stage, ZERO) as MailFacts<TextKind>;
  }
  const used = text ?? (await ownText(ctx, kind, locale));
  const said: Said = { facts, sender: senderOf(ctx) };
  return {
    object: 'mail_preview' as const,
    kind,
    locale,
    customer: customerId,
    recipient: customer.email,
    made_up: facts === sample,
    ...wordsOf(ctx, kind, locale, said, used),
  };
}

/** A message as its reader saw it: made again from what was said and from the version of the text that said it. */
export async function readMessage(ctx: ReadContext, id: string) {
  const row = await queryOne<{ text_kind: TextKind; language: Language; text_id: string | null; facts: Said | null }>(
    ctx.reader,
    'select text_kind, language, text_id, facts from message where id = ? and organization_id = ?',
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  if (!row.facts) throw new Refusal('not_found');
  const text = row.text_id === null ? null : await findText(ctx, row.text_id);
  return {
    object: 'reminder_text' as const,
    reminder: id,
    language: row.language,
    ...wordsOf(ctx, row.text_kind, row.language, row.facts, text),
  };
}
