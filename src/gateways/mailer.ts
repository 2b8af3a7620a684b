/**
 * Hands mails to the mail server of the installation, one recipient each, and says what became of them.
 *
 * Always true:
 * - the envelope names the one recipient that the caller gave, and the message has no other address header than
 *   From, To and Reply-To: both are compared before a connection is asked for, and a difference sends nothing;
 * - the Message-ID is the caller's, so that a mail which is sent again is recognised as the same one;
 * - nothing in a message is read from a file or from the network: attachments are bytes, and not many of them;
 * - no password crosses a network without TLS;
 * - a mail is sent at most once per call: after its first byte has left, nothing here tries again.
 */

import type { Readable } from 'node:stream';
import nodemailer, { type NodemailerError, type SMTPPoolOptions } from 'nodemailer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { cleanText } from '../domain/clean-text.ts';
import { type EmailAddress, emailAddress } from '../domain/email-address.ts';
import type { Language } from '../errors/language.ts';
import { type MailOutcome, outcomeOfFailure, REPLY_LENGTH } from './mail-outcome.ts';

export interface MailAttachment {
  filename: string;
  content: Buffer;
  content_type: string;
}

export interface OutgoingMail {
  /** `<id@domain>`, the same however often this mail is tried: see `messageIdOf`. */
  message_id: string;
  to: EmailAddress;
  /** The name that people see as the sender: the organization's. */
  from_name: string;
  reply_to: EmailAddress | null;
  subject: string;
  text: string;
  html: string;
  language: Language;
  /** What the mail is about, for List-Id: letters, digits, dots and dashes, such as `reminders.org_01`. */
  list: string;
  attachments?: readonly MailAttachment[];
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them (SMTP_URL). */
  smtp_url: string;
  /** The address that mails come from (MAIL_FROM). */
  from: EmailAddress;
  connections?: number;
  /** Milliseconds to connect, to wait for any one reply, and for a whole mail. The defaults are long: see below. */
  connect_ms?: number;
  reply_ms?: number;
  mail_ms?: number;
}

export interface Mailer {
  send(mail: OutgoingMail): Promise<MailOutcome>;
  close(): void;
}

/** RFC 5321 asks clients to wait ten minutes for the last reply: giving up sooner makes mails of unknown fate. */
const DEFAULTS = { connections: 5, connect_ms: 20_000, reply_ms: 300_000, mail_ms: 600_000 };

const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

/** The Message-ID of a mail: its row's id at the sender's domain. */
export function messageIdOf(id: string, from: EmailAddress): string {
  return `<${id}@${from.slice(from.indexOf('@') + 1)}>`;
}

export function createMailer(given: MailerOptions): Mailer {
  const options = { ...DEFAULTS, ...given };
  const from = emailAddress(options.from, '/MAIL_FROM');
  const transport = nodemailer.createTransport(connectionOptions(options));
  const bodies = new WeakMap<AbortSignal, Readable>();
  transport.use('stream', (mail, done) => {
    const { signal, to } = mail.data;
    if (!signal || !isOnlyRecipient(mail.message, to as string, from))
      return done(Object.assign(new Error('a mail was about to be addressed to somebody else'), { code: 'EENVELOPE' }));
    // The stream that the connection reads the message from, after the server's go-ahead to DATA, tells whether any
    // of it has been handed over. Later than that nothing is certain: what was written may all have arrived.
    mail.message.processFunc((body) => {
      bodies.set(signal, body as Readable);
      return body;
    });
    done();
  });
  return {
    async send(mail) {
      const message = composed(mail, from);
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), options.mail_ms);
      try {
        const info = await transport.sendMail({ ...message, signal: limit.signal });
        return {
          outcome: 'accepted',
          reply: cleanText(info.response ?? '', REPLY_LENGTH),
          server_id: info.serverMessageId ?? null,
        };
      } catch (error) {
        return outcomeOfFailure(error as NodemailerError, bodies.get(limit.signal)?.readableDidRead ?? false);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      transport.close();
    },
  };
}

function connectionOptions(options: typeof DEFAULTS & MailerOptions): SMTPPoolOptions & { pool: true } {
  const server = parseConnectionUrl(options.smtp_url);
  return {
    ...(server as SMTPPoolOptions),
    // STARTTLS is used wherever it is offered; before a password leaves this machine it is demanded.
    requireTLS: !server.secure && server.auth !== undefined && !LOOPBACK.test(server.host ?? ''),
    pool: true,
    maxConnections: options.connections,
    maxMessages: 1000,
    // A connection that is lost before anything of the message was read is replaced so many times, then it is ours.
    maxRequeues: 2,
    connectionTimeout: options.connect_ms,
    greetingTimeout: options.connect_ms,
    socketTimeout: options.reply_ms,
    disableFileAccess: true,
    disableUrlAccess: true,
    maxRecipients: 1,
  };
}

function composed(mail: OutgoingMail, from: EmailAddress) {
  if (!/^<[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,253}>$/.test(mail.message_id)) throw new TypeError('not a Message-ID');
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(mail.list)) throw new TypeError('not a list id');
  const to = emailAddress(mail.to);
  const replyTo = mail.reply_to === null ? null : emailAddress(mail.reply_to);
  const domain = from.slice(from.indexOf('@') + 1);
  return {
    from: { name: cleanText(mail.from_name, 80), address: from },
    to,
    ...(replyTo === null ? {} : { replyTo }),
    envelope: { from, to: [to] },
    messageId: mail.message_id,
    subject: cleanText(mail.subject, 250),
    text: mail.text,
    html: mail.html,
    attachments: boundedAttachments(mail.attachments ?? []).map((attachment) => ({
      filename: cleanText(attachment.filename, 120).replace(/[/\\]/g, '-'),
      content: attachment.content,
      contentType: attachment.content_type,
      contentDisposition: 'attachment' as const,
    })),
    list: { id: { url: `${mail.list}.${domain}` } },
    headers: {
      // RFC 3834: nobody's out-of-office answers it. The second is what Exchange reads instead.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'Content-Language': mail.language,
    },
  };
}

/** Anything else than bytes would let nodemailer open a path or an address. */
function boundedAttachments(attachments: readonly MailAttachment[]): readonly MailAttachment[] {
  const size = attachments.reduce((sum, { content }) => sum + (Buffer.isBuffer(content) ? content.length : NaN), 0);
  if (!(size <= MAX_ATTACHMENT_BYTES)) throw new TypeError('attachments are bytes, and bounded');
  return attachments;
}

function isOnlyRecipient(message: MimeNode, to: string, from: EmailAddress): boolean {
  const envelope = message.getEnvelope();
  const { to: named, from: sender, ...others } = message.getAddresses();
  return (
    envelope.from === from &&
    envelope.to.length === 1 &&
    envelope.to[0] === to &&
    named?.length === 1 &&
    named[0]?.address === to &&
    sender?.length === 1 &&
    sender[0]?.address === from &&
    Object.keys(others).every((header) => header === 'reply-to')
  );
}
