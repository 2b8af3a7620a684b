/**
 * The embedded mail server: takes every mail that the engine sends on a machine without a mail server of its own and
 * keeps it in the demo mailbox. Nothing leaves the machine.
 *
 * Always true: it listens on the loopback only, relays nothing, and answers 250 only once the mail is in the mailbox.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Mailbox, type MailboxOptions } from './mailbox.ts';

export interface MailCatcher {
  /** For SMTP_URL. */
  url: string;
  mailbox: Mailbox;
  close(): Promise<void>;
}

const MAX_MAIL_BYTES = 30 * 1024 * 1024;

/** `port` 0 takes a free one. */
export async function startMailCatcher(options: MailboxOptions & { port?: number } = {}): Promise<MailCatcher> {
  const mailbox = new Mailbox(options);
  const server = new SMTPServer({
    banner: 'demo mailbox, nothing is delivered',
    size: MAX_MAIL_BYTES,
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
      });
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('too large'), { responseCode: 552 }));
        mailbox
          .add(
            Buffer.concat(chunks),
            session.envelope.rcptTo.map(({ address }) => address),
          )
          .then(
            (mail) => done(null, `kept as ${mail.id}`),
            () => done(Object.assign(new Error('could not be kept'), { responseCode: 451 })),
          );
      });
    },
  });
  // A client that goes away in the middle is no reason to stop.
  server.on('error', () => {});
  const listening = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    mailbox,
    async close() {
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
