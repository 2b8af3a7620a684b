/**
 * Keeps what a variable says apart from the marks of the text around it: `**`, links, list dashes and line breaks in
 * a customer's name are letters, never markup. While a text is being put together, such characters of variables
 * stand as private-use characters; they turn back once the text has been taken apart into blocks.
 *
 * Always true: `unshield(shield(text))` is `text` for every cleaned text, which has no private-use characters.
 */
const FIRST = 0xe000;
const MARKS = /[\n\r*[\]()\-{}%]/g;
const SHIELDED = /[\ue000-\ue07f]/g;

export function shield(text: string): string {
  return text.replace(MARKS, (mark) => String.fromCharCode(FIRST + mark.charCodeAt(0)));
}

export function unshield(text: string): string {
  return text.replace(SHIELDED, (mark) => String.fromCharCode(mark.charCodeAt(0) - FIRST));
}

/** A text as its author typed it, without the characters that only `shield` may make. */
export function withoutShields(text: string): string {
  return text.replace(SHIELDED, '');
}
