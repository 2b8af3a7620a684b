/** Who may release: two persons are two only where both are known. */
import { expect, it } from 'vitest';
import { checkReleaser } from '../../../src/domain/collections/releaser.ts';
import type { Refusal } from '../../../src/errors/refusal.ts';

const anne = 'person:per_anne';
const paul = 'person:per_paul';
const key = 'key:key_1';

function fate(drafted_by: string, released_by: string, second_person: boolean, released_by_people: boolean): string {
  try {
    checkReleaser({ drafted_by, released_by, second_person, released_by_people });
    return 'released';
  } catch (error) {
    return (error as Refusal).code;
  }
}

it.each<[string, string, boolean, boolean, string]>([
  [key, key, false, false, 'released'],
  [key, key, true, false, 'release_needs_second_person'],
  [key, 'key:key_2', true, false, 'released'],
  [anne, anne, false, true, 'released'],
  [anne, key, false, true, 'release_needs_person'],
  [key, anne, false, true, 'released'],
  [anne, anne, true, true, 'release_needs_second_person'],
  [key, anne, true, true, 'release_needs_second_person'],
  [anne, paul, true, true, 'released'],
])('drafted by %s, released by %s, second person %s, people %s: %s', (drafted, released, second, people, expected) => {
  expect(fate(drafted, released, second, people)).toBe(expected);
});
