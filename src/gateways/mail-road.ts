/**
 * Where mails go from this process.
 *
 * Always true: the mails of a test organization never reach a mail server that delivers. They go to the demo mailbox
 * where this installation has one, and nowhere otherwise.
 */
import { type EmailAddress, emailAddress } from '../domain/email-address.ts';
import { createMailer, type Mailer, type MailerOptions } from './mailer.ts';

export interface MailRoad {
  from: EmailAddress;
  /** Null where there is no server for these mails. */
  mailerFor(organization: { is_test: boolean }): Mailer | null;
  close(): void;
}

export interface MailRoadOptions {
  /** The mail server that delivers (SMTP_URL). */
  smtp_url?: string | undefined;
  /** The server of the demo mailbox. */
  demo_url?: string | undefined;
  /** The address that mails come from (MAIL_FROM). */
  from?: string | undefined;
  limits?: Pick<MailerOptions, 'connect_ms' | 'reply_ms' | 'mail_ms'>;
}

const NOBODY = 'no-reply@demo.example';

/** @throws Error where mails would be delivered and nobody said who they come from */
export function openMailRoad({ smtp_url, demo_url, from: given, limits }: MailRoadOptions): MailRoad {
  if (smtp_url !== undefined && given === undefined) throw new Error('MAIL_FROM: needed with SMTP_URL');
  const from = emailAddress(given ?? NOBODY, '/MAIL_FROM');
  const mailerTo = (url: string | undefined) =>
    url === undefined ? null : createMailer({ ...limits, smtp_url: url, from });
  const demo = mailerTo(demo_url);
  const delivering = mailerTo(smtp_url) ?? demo;
  return {
    from,
    mailerFor: ({ is_test }) => (is_test ? demo : delivering),
    close() {
      demo?.close();
      if (delivering !== demo) delivering?.close();
    },
  };
}
