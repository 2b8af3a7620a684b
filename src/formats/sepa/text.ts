/**
 * Text as SEPA messages allow it: Latin letters without accents, digits, `/ - ? : ( ) . , ' +` and the space.
 *
 * Always true:
 * - what `sepaText` gives back holds only those characters, no longer than asked, without blanks at either end;
 * - a character with an equivalent takes it (é is e, ß is ss, œ is oe, ж is zh; punctuation as in the EPC's
 *   conversion table, EPC217-08), one without becomes a full stop: nothing disappears;
 * - an identifier is never transliterated, only accepted or not: it must come back from the bank as it was sent.
 */

export const MAX_IDENTIFIER = 35;
export const MAX_NAME = 70;
export const MAX_REMITTANCE = 140;
export const MAX_STREET = 70;
export const MAX_TOWN = 35;
export const MAX_SHORT = 16;

const ONLY_SEPA = /^[a-zA-Z0-9/\-?:().,'+ ]*$/;

/**
 * Letters that do not fall apart into a Latin letter and an accent, and punctuation that has a neighbour:
 * each word is a character and, right after it, what stands for it.
 */
const EQUIVALENTS = `
  ßss ẞSS æae ÆAE œoe ŒOE øo ØO đd ĐD ðd ÐD þth ÞTH łl ŁL ħh ĦH ıi ĸk ŋn ŊN ŧt ŦT əe ƏE ƒf
  αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
  аa бb вv гg ґg дd еe єie жzh зz иi іi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ыy ьy эe юyu яya
  ђdj јj љlj њnj ћc џdz ѕdz
  &+ ;, [( ]) {( }) \\/ |/ _- ~- \`' ´' ‘' ’' ‚' ʼ' “' ”' „' «' »' "' –- —- ‐- ‑- −- •- €EUR £GBP ×x ÷: ⁄/ …... ¿?
`;
const EQUIVALENT: ReadonlyMap<string, string> = new Map(
  EQUIVALENTS.trim()
    .split(/\s+/)
    .map((word) => {
      const [character = ''] = word;
      return [character, word.slice(character.length)];
    }),
);

/** Accents, joiners and direction marks: they only change their neighbours. */
const SILENT = /[\p{M}\p{Cf}]/u;

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One code point, after decomposition, in SEPA characters. */
function equivalentOf(character: string): string {
  if (ONLY_SEPA.test(character)) return character;
  if (/\s/.test(character)) return ' ';
  const own = EQUIVALENT.get(character);
  if (own !== undefined) return own;
  if (SILENT.test(character)) return '';
  const lower = character.toLowerCase();
  const small = lower === character ? undefined : EQUIVALENT.get(lower);
  return small === undefined ? '.' : capitalized(small);
}

const known = new Map<string, string>();

/** One code point as it was typed. Remembered: names hold the same few letters. */
function transliterated(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  let result = '';
  if (EQUIVALENT.has(character)) result = equivalentOf(character);
  else for (const part of character.normalize('NFKD')) result += equivalentOf(part);
  if (known.size < 4096) known.set(character, result);
  return result;
}

/** Is every character one that SEPA allows? */
export function isSepaText(text: string): boolean {
  return ONLY_SEPA.test(text);
}

/**
 * Text for a name, an address or a remittance line: transliterated, blanks folded, cut to `length` characters.
 * Empty when nothing printable was given.
 */
export function sepaText(text: string, length: number): string {
  if (text.length <= length && ONLY_SEPA.test(text) && !/^ | $| {2}/.test(text)) return text;
  // A character gives eighteen at most (U+FDFA), most give one: reading a little more than asked loses nothing.
  let result = '';
  for (const character of text.slice(0, length * 8)) {
    const part = transliterated(character);
    if (part === ' ' && (result === '' || result.endsWith(' '))) continue;
    result += part;
    if (result.length > length) break;
  }
  if (/ {2}/.test(result)) result = result.replace(/ {2,}/g, ' ');
  return result.slice(0, length).trim();
}

const IDENTIFIER = /^(?!\/)(?!.*\/\/)[a-zA-Z0-9/\-?:().,'+ ]{1,35}(?<!\/)$/;

/** May this stand as an identifier (message, group, instruction, end-to-end, mandate)? No blank or slash at either end. */
export function isSepaIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && text.charCodeAt(0) !== 32 && text.charCodeAt(text.length - 1) !== 32;
}

/** One of the engine's own ids as an identifier: `col_01J…` is `col-01J…` (30 characters). */
export function identifierOfId(id: string): string {
  return id.replace('_', '-');
}

const BIC = /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/;

/** The form of a BIC that both versions of the schema take. */
export function isBic(text: string): boolean {
  return BIC.test(text);
}
