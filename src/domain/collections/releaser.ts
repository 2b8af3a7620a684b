/**
 * Who may release a collection, besides having the role.
 *
 * Always true:
 * - where the organization wants a second person, who drafted a collection does not release it;
 * - where it wants people, a key does not release; both together, the draft was a person's as well, because a key that
 *   somebody holds is no second person.
 */
import { Refusal } from '../../errors/refusal.ts';

export interface ReleaserQuestion {
  second_person: boolean;
  released_by_people: boolean;
  drafted_by: string;
  released_by: string;
}

const isPerson = (actor: string) => actor.startsWith('person:');

/** @throws Refusal `release_needs_person`, `release_needs_second_person` */
export function checkReleaser(question: ReleaserQuestion): void {
  const { second_person, released_by_people, drafted_by, released_by } = question;
  if (released_by_people && !isPerson(released_by)) throw new Refusal('release_needs_person');
  if (!second_person) return;
  if (drafted_by === released_by) throw new Refusal('release_needs_second_person');
  if (released_by_people && !isPerson(drafted_by)) throw new Refusal('release_needs_second_person');
}
