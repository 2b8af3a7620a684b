/**
 * Which passwords will do. Long, not one of the guesses that everybody tries, and not made of what everybody knows of
 * the person. No rule about which characters: those make passwords that are written down.
 *
 * Always true: a password is taken exactly as it was typed.
 */
export const LEAST_PASSWORD_LENGTH = 12;
export const MOST_PASSWORD_LENGTH = 256;

/** What guesses of this length are made of, once digits and signs at their ends are taken off. */
const common = [
  'password',
  'passwort',
  'motdepasse',
  'azertyuiop',
  'qwertyuiop',
  'qwertzuiop',
  'iloveyou',
  'jetaime',
  'ichliebedich',
  'administrator',
  'administrateur',
  'letmein',
  'welcome',
  'bienvenue',
  'willkommen',
  'changeme',
  'sunshine',
  'football',
  'princess',
  'soleil',
  'chouchou',
  'doudou',
  'loulou',
  'marseille',
];
const runs = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'azertyuiopqsdfghjklmwxcvbn', 'qwertyuiopasdfghjklzxcvbnm'];
/** Words of the product: the list of words that no password may be made of, besides the person's own. */
const ours = ['echeance', 'échéance', 'membership', 'billing'];

export type PasswordFault = 'password_too_short' | 'password_too_common' | 'password_too_personal';

const distinct = (text: string) => new Set(text).size;

/** What is left when a word that may be guessed is taken out counts for little. */
const isMadeOf = (password: string, word: string) =>
  word.length >= 4 && password.includes(word) && distinct(password.replaceAll(word, '')) < 5;

/** @param known what others know of the person: name, address, organization */
export function passwordFault(password: string, known: readonly string[]): PasswordFault | null {
  if ([...password].length < LEAST_PASSWORD_LENGTH) return 'password_too_short';
  const plain = password.toLowerCase();
  if (distinct(plain) < 5) return 'password_too_common';
  const run = [...runs, ...runs.map((one) => [...one].reverse().join(''))].find((one) =>
    plain.includes(one.slice(0, 6)),
  );
  if (run && distinct([...plain].filter((letter) => !run.includes(letter)).join('')) < 5 && !plain.includes(' '))
    return 'password_too_common';
  const bare = plain
    .replace(/0/g, 'o')
    .replace(/[1!]/g, 'i')
    .replace(/[3€]/g, 'e')
    .replace(/[@4]/g, 'a')
    .replace(/[5$]/g, 's');
  if (common.some((word) => isMadeOf(plain, word) || isMadeOf(bare, word))) return 'password_too_common';
  // The longest first, so that a word inside another takes nothing of it away.
  const words = [...ours, ...known.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))]
    .filter((word) => word.length >= 4)
    .sort((a, b) => b.length - a.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), plain);
  return rest !== plain && distinct(rest) < 5 ? 'password_too_personal' : null;
}
