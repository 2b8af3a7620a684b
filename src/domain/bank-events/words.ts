/**
 * Which word brought which effect, where several are told of one presentation at once: an effect belongs to the first
 * word with which it follows, so every effect that was booked can be shown with what the bank said.
 */
import { type BankEvent, presentationState } from './presentation.ts';

/**
 * @param before what was told earlier
 * @param done keys of the effects that were carried out
 * @returns for each word the keys of the effects that it brings
 */
export function effectsByWord(
  before: readonly BankEvent[],
  words: readonly BankEvent[],
  done: ReadonlySet<string>,
): string[][] {
  const seen = new Set(done);
  return words.map((_, at) => {
    const fresh = presentationState([...before, ...words.slice(0, at + 1)])
      .effects.map(({ key }) => key)
      .filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    return fresh;
  });
}
