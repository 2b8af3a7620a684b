/**
 * Text that somebody typed, as a document may hold it: an invoice, a file for a bank or a tax office, a PDF.
 *
 * Always true:
 * - no control character, no lone surrogate, no non-character, no invisible override of the reading direction:
 *   the result may stand in XML 1.0, in JSON for PostgreSQL and in a PDF;
 * - one line, single spaces, composed (NFC), at most `limit` characters, the last an ellipsis where it was cut;
 * - the work is bounded by the limit, whatever is handed in; cleaning twice changes nothing.
 */
const FORBIDDEN = /[\p{Cs}\p{Cn}\p{Co}]/u;

// Noncharacters and unassigned code points are in Cn, private use in Co, lone surrogates in Cs.
const UNPRINTABLE = new RegExp(FORBIDDEN.source, 'gu');
// Byte order mark, zero-width space, soft hyphen, directional marks and overrides, isolates, tags.
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const BLANK = /[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g;
// Nothing to do for the text of nearly every field: printable Latin without runs of spaces.
const PLAIN = /^(?! )(?:[\u0021-\u007e\u00a1-\u00ac\u00ae-\u024f\u20ac]| (?! ))*$/;

export function cleanText(text: string, limit: number): string {
  if (text.length <= limit && PLAIN.test(text) && !text.endsWith(' ')) return text;
  const bounded = text.length > limit * 8 ? text.slice(0, limit * 8) : text;
  const cleaned = bounded
    .replace(INVISIBLE, '')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(BLANK, ' ')
    .normalize('NFC')
    .trim();
  if (cleaned.length <= limit) return cleaned;
  const characters = Array.from(cleaned);
  if (characters.length <= limit) return cleaned;
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`;
}

/** The same where nothing was given, or nothing is left of it: null. */
export function cleanOrNull(text: string | null | undefined, limit: number): string | null {
  if (text === null || text === undefined) return null;
  const cleaned = cleanText(text, limit);
  return cleaned === '' ? null : cleaned;
}
