/** A person says what became of a message: one of unknown fate, or a letter that waits to be printed. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { markPosted } from '../store/letters.ts';
import { customerOfMessage, moveMessage } from '../store/messages.ts';
import { announce } from './announce.ts';
import { lockWithCustomer, wentOut } from './hand-over-message.ts';

export type Resolution = 'sent' | 'send_again';

/** @throws Refusal `not_found`, `reminder_not_open` */
export async function resolveMessage(ctx: Context, id: string, outcome: Resolution): Promise<void> {
  if ((await customerOfMessage(ctx, id)) === null) throw new Refusal('not_found');
  const message = await lockWithCustomer(ctx, id);
  const { state } = message;
  const again = outcome === 'send_again' && (state === 'unknown' || state === 'refused');
  const sent = outcome === 'sent' && (state === 'unknown' || state === 'to_print');
  if (!again && !sent) throw new Refusal('reminder_not_open', { status: state });
  await announce(ctx, {
    type: `${message.kind}.resolved`,
    subjects: [id, message.customer_id],
    data: { outcome, before: state },
  });
  if (again) {
    await moveMessage(ctx, id, { state: 'queued', reason: null, reply: null });
    await enqueue(ctx, 'send-message', { message: id });
    return;
  }
  if (state === 'to_print') {
    await markPosted(ctx, [id]);
    return;
  }
  await moveMessage(ctx, id, { state: 'sent', reason: 'told_by_hand' });
  await wentOut(ctx, message, 'sent');
}
