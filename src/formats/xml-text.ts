/**
 * Text as XML content or attribute: escaped, and without the characters that XML 1.0 cannot hold at all (most
 * control characters, lone surrogates, U+FFFE and U+FFFF), which no escape can bring in.
 */
const SPECIAL = /[&<>"']/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

export function xmlText(text: string): string {
  const allowed = text.replace(FORBIDDEN, '\ufffd');
  return SPECIAL.test(allowed) ? allowed.replace(/[&<>"']/g, (character) => ESCAPES[character]!) : allowed;
}
