/**
 * What became of a mail, from what the mail server said and how far the message had got.
 *
 * Always true:
 * - `accepted` only with the server's final reply in hand; from then on the mail is the server's;
 * - `unknown` as soon as anything of the message itself has been handed over and no final reply came: the server may
 *   have taken it all, so the engine never sends it again by itself, a person decides;
 * - everything before that is safe to send again: the server cannot have a message that was not given to it;
 * - only a refusal of the recipient that speaks of the mailbox itself suppresses the address: a server that dislikes
 *   our sender, our text or a full mailbox says nothing about the address.
 */
import type { NodemailerError } from 'nodemailer';
import { cleanText } from '../domain/clean-text.ts';

/** A server's words are kept and shown in one printable line of at most so many characters. */
export const REPLY_LENGTH = 500;

export type MailOutcome =
  /** Done. `server_id` is the queue id that the server named, where it did. */
  | { outcome: 'accepted'; reply: string; server_id: string | null }
  /** Never, with this message: 5xx. `suppress`: nothing is sent to this address until it is changed. */
  | {
      outcome: 'refused';
      about: 'recipient' | 'sender' | 'message';
      suppress: boolean;
      code: number | null;
      reply: string;
    }
  /** Not now, this message: 4xx. Sent again later. */
  | { outcome: 'deferred'; code: number; reply: string }
  /** The server cannot be used at the moment, for any message. Sent again later. */
  | { outcome: 'unavailable'; why: Unusable; reply: string }
  /** Handed over, and no answer. Never sent again by itself. */
  | { outcome: 'unknown'; reply: string };

export type Unusable = 'unreachable' | 'timeout' | 'closed' | 'tls' | 'credentials' | 'rejects_us';

/**
 * `handedOver`: something of the message (not only its sender and recipient) has been given to the connection.
 * @throws the error itself where it is no answer of a server but a mistake of the program.
 */
export function outcomeOfFailure(error: NodemailerError, handedOver: boolean): MailOutcome {
  const reply = cleanText(error.response ?? error.message, REPLY_LENGTH);
  const code = error.responseCode ?? null;
  if (code !== null && code >= 400 && code < 600) return outcomeOfReply(error, code, reply);
  // From here on the server has given no answer that can be read.
  if (handedOver) return { outcome: 'unknown', reply };
  if (isOurMistake(error)) throw error;
  if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM')
    return { outcome: 'refused', about: 'message', suppress: false, code, reply };
  return { outcome: 'unavailable', why: unusable(error), reply };
}

function outcomeOfReply(error: NodemailerError, code: number, reply: string): MailOutcome {
  const step = error.command ?? '';
  if (step.startsWith('AUTH')) return { outcome: 'unavailable', why: 'credentials', reply };
  if (step === 'STARTTLS' || error.code === 'ETLS') return { outcome: 'unavailable', why: 'tls', reply };
  const about = step === 'RCPT TO' ? 'recipient' : step === 'MAIL FROM' ? 'sender' : step === 'DATA' ? 'message' : null;
  if (about === null || code === 421)
    return { outcome: 'unavailable', why: code === 421 ? 'closed' : 'rejects_us', reply };
  // 503 is about the order of commands on this connection, not about the message.
  if (code < 500 || code === 503) return { outcome: 'deferred', code, reply };
  const suppress = about === 'recipient' && mailboxIsGone(code, reply);
  return { outcome: 'refused', about, suppress, code, reply };
}

/**
 * Does a permanent refusal of the recipient say that the mailbox does not exist or is closed? With an enhanced status
 * code (RFC 3463) that is 5.1.x (bad address, other than the sender's 5.1.7 and 5.1.8) and 5.2.1 (disabled); without
 * one, the replies that RFC 5321 keeps for it.
 */
function mailboxIsGone(code: number, reply: string): boolean {
  const status = /^\d{3}[ -]5\.(\d{1,3})\.(\d{1,3})\b/.exec(reply);
  if (!status) return code === 550 || code === 551 || code === 553;
  const [subject, detail] = [Number(status[1]), Number(status[2])];
  return (subject === 1 && detail !== 7 && detail !== 8) || (subject === 2 && detail === 1);
}

function unusable(error: NodemailerError): Unusable {
  if (error.response !== undefined) return 'rejects_us';
  if (error.code === 'EDNS') return 'unreachable';
  if (error.code === 'ETLS' || error.timeoutType === 'UPGRADE_TIMEOUT') return 'tls';
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH' || error.code === 'EOAUTH2') return 'credentials';
  if (error.code === 'ETIMEDOUT' || error.code === 'EABORT')
    return error.timeoutType === 'CONNECT_TIMEOUT' ? 'unreachable' : 'timeout';
  if (error.code === 'ESOCKET' && error.originalCode !== 'ECONNRESET' && error.originalCode !== 'EPIPE')
    return error.originalCode?.startsWith('ERR_') || error.originalCode?.includes('CERT') ? 'tls' : 'unreachable';
  return 'closed';
}

/** Codes that a message or a setting of ours causes, never a server. */
const OUR_MISTAKES = new Set([
  'ECONFIG',
  'EENVELOPE',
  'EFILEACCESS',
  'EFETCH',
  'EMAXRECIPIENTS',
  'EOTP',
  'EREQUIRETLS',
  'ESTREAM',
  'EURLACCESS',
]);

function isOurMistake(error: NodemailerError): boolean {
  if (error.response !== undefined) return false;
  return error.code === undefined ? error.message !== 'Connection pool was closed' : OUR_MISTAKES.has(error.code);
}
