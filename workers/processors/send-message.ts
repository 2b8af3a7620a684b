/**
 * Sends one message: claimed in a transaction, handed over with none open, recorded in another.
 *
 * Always true: whatever dies in between, the mail is not sent a second time by itself.
 */
import type { EmailAddress } from '../../src/domain/email-address.ts';
import { Unavailable } from '../../src/errors/refusal.ts';
import { messageIdOf } from '../../src/gateways/mailer.ts';
import {
  claimMessage,
  type HandedOver,
  type MailToHandOver,
  recordHandedOver,
} from '../../src/services/hand-over-message.ts';
import { NotYet } from '../failure.ts';
import type { Processor, Steps } from '../processor.ts';

export const sendMessage: Processor<'send-message'> = {
  kind: 'steps',
  async run(steps, { message }) {
    const { mail: road } = steps.deps;
    const claimed = await steps.transaction(async (ctx) => ({
      ...(await claimMessage(ctx, message, (id) => messageIdOf(id, road.from))),
      is_test: ctx.organization.test_today !== null,
    }));
    if (claimed.look_again_ms !== undefined) throw new NotYet(claimed.look_again_ms);
    if (claimed.mail === null) return { object: 'reminder', id: message, status: claimed.state };
    const told = await handOver(steps, message, claimed.mail, claimed.is_test);
    const state = await steps.transaction((ctx) => recordHandedOver(ctx, message, told));
    if (state === 'queued') throw new Unavailable('mail server');
    return { object: 'reminder', id: message, status: state };
  },
};

async function handOver(steps: Steps, id: string, mail: MailToHandOver, is_test: boolean): Promise<HandedOver> {
  const mailer = steps.deps.mail.mailerFor({ is_test });
  if (mailer === null) return { outcome: is_test ? 'kept_here' : 'no_mail_server' };
  try {
    // Both were read by `emailAddress` when they were entered; the mailer reads them again.
    return await mailer.send({
      ...mail,
      to: mail.to as EmailAddress,
      reply_to: mail.reply_to as EmailAddress | null,
      attachments: mail.attachments.map(({ number, bytes }) => ({
        filename: `${number}.pdf`,
        content: bytes,
        content_type: 'application/pdf',
      })),
    });
  } catch (error) {
    // A fault of ours that the mailer found before anything left: the job shows it.
    await steps.transaction((ctx) => recordHandedOver(ctx, id, { outcome: 'unavailable', reply: String(error) }));
    throw error;
  }
}
