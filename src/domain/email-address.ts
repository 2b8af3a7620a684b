/**
 * One e-mail address: a single mailbox to which the engine may send money matters.
 *
 * Mail libraries read an address field as a list: commas, semicolons, groups, comments, line breaks, quotes and
 * names in angle brackets all make further or other recipients. So nothing is repaired here: a text either is one
 * plain mailbox or is refused.
 *
 * Always true:
 * - an EmailAddress is ASCII, `local@domain`, at most 254 characters (64 before the @), with nothing around it;
 * - its domain is lower case, has at least two labels, ends in no number, and is written in punycode where the
 *   typed one was international (`café.fr` is kept as `xn--caf-dma.fr`): that is what goes over the wire;
 * - the part before the @ keeps its case and is refused where it is not ASCII, because such an address reaches
 *   nobody whose server lacks SMTPUTF8 (RFC 6531), and a refusal while typing beats a bounce;
 * - no character in it can end a header, open a quote or a comment, name a route (`%`, `!`) or an address literal;
 * - reading an EmailAddress again gives the same EmailAddress.
 */
import { Refusal } from '../errors/refusal.ts';

declare const emailAddressBrand: unique symbol;
export type EmailAddress = string & { readonly [emailAddressBrand]: true };

/** RFC 5321: a path is at most 256 octets with its angle brackets, a local part 64. */
export const MAX_ADDRESS_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/** RFC 5322 `atext` without `%` and `!` (source routes), `|`, `` ` ``, `$` and `?` (shells, encoded words). */
const ATOM = /^[A-Za-z0-9#&'*+/=^_{}~-]+$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const TOP_LABEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
const INTERNATIONAL_DOMAIN = /^[\p{L}\p{M}\p{Nd}.-]+$/u;
/** What only a list, a name, a comment, a route or a header injection would need. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const MORE_THAN_AN_ADDRESS = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029,;:<>()"[\]\\]/;

type Problem = 'email_not_one_address' | 'email_malformed' | 'email_too_long' | 'email_local_part' | 'email_domain';

/**
 * Reads one e-mail address; spaces around it are dropped, nothing else is.
 * @throws Refusal naming what is wrong, at `pointer`.
 */
export function emailAddress(text: string, pointer = '/email'): EmailAddress {
  const read = readAddress(text);
  if (typeof read === 'string') throw new Refusal(read, { limit: MAX_ADDRESS_LENGTH }, { pointer });
  return read.address;
}

/** Is this text exactly an address as the engine keeps it? */
export function isEmailAddress(text: unknown): text is EmailAddress {
  if (typeof text !== 'string') return false;
  const read = readAddress(text);
  return typeof read !== 'string' && read.address === text;
}

function readAddress(text: string): { address: EmailAddress } | Problem {
  // Measured before anything else looks at it, so that a megabyte costs nothing.
  if (text.length > MAX_ADDRESS_LENGTH + 64) return 'email_too_long';
  const trimmed = text.replace(/^ +| +$/g, '');
  if (MORE_THAN_AN_ADDRESS.test(trimmed)) return 'email_not_one_address';
  const at = trimmed.indexOf('@');
  if (at < 1 || at === trimmed.length - 1) return 'email_malformed';
  if (trimmed.indexOf('@', at + 1) !== -1) return 'email_not_one_address';
  const local = trimmed.slice(0, at);
  if (local.length > MAX_LOCAL_LENGTH) return 'email_too_long';
  if (local.startsWith('-') || !local.split('.').every((atom) => ATOM.test(atom))) return 'email_local_part';
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (domain === null) return 'email_domain';
  const address = `${local}@${domain}`;
  if (address.length > MAX_ADDRESS_LENGTH) return 'email_too_long';
  return { address: address as EmailAddress };
}

/** The domain as the wire has it, or null where it is none: one that people can register, not an IP or a bare host. */
function asciiDomain(typed: string): string | null {
  if (!INTERNATIONAL_DOMAIN.test(typed) || typed.normalize('NFKC') !== typed) return null;
  if (!URL.canParse(`http://${typed}/`)) return null;
  const domain = new URL(`http://${typed}/`).hostname;
  const labels = domain.split('.');
  const top = labels.at(-1) as string;
  return labels.length >= 2 && TOP_LABEL.test(top) && labels.every((label) => LABEL.test(label)) ? domain : null;
}
