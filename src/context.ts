/**
 * What a use case is handed: the transaction it works in, and the answers to "when", "for whom" and "by whom".
 * There is no other clock: a use case never reads `Date` for a day.
 */
import { type Day, dayIn } from './domain/day.ts';
import type { Language } from './errors/language.ts';
import type { Reader, Trx } from './store/database.ts';

export interface Organization {
  id: string;
  name: string;
  timezone: string;
  currency: string;
  locale: Language;
  /** The day of a test organization's own clock; null for a live one, which follows the wall clock. */
  test_today: Day | null;
  settings: OrganizationSettings;
  version: number;
  /** Since when releases and mails wait for somebody to confirm a restore. */
  restored_at?: string | null;
}

/** Kept as one document with the organization; see `sr./schemas/organization-settings.ts`. */
export type { OrganizationSettings } from './schemas/organization-settings.ts';

import type { OrganizationSettings } from './schemas/organization-settings.ts';

/** Who did it: `key:key_…`, `person:per_…`, `worker`, `bank`. */
export type Actor = string;

export interface ReadContext {
  /** Reads only: a transaction or a plain connection. */
  reader: Reader;
  now: Date;
  today: Day;
  organization: Organization;
  actor: Actor;
  /** The reader's language, for what is said in words. */
  language: Language;
}

export interface Context extends ReadContext {
  trx: Trx;
  /** The job that does it, where a worker does. */
  job?: { id: string; attempts: number; request_id: string | null };
}

/** The one place where "today" is decided. */
export function todayOf(organization: Pick<Organization, 'test_today' | 'timezone'>, now: Date): Day {
  return organization.test_today ?? dayIn(organization.timezone, now);
}

export function readContext(
  reader: Reader,
  organization: Organization,
  actor: Actor,
  now: Date,
  language: Language = organization.locale,
): ReadContext {
  return { reader, now, today: todayOf(organization, now), organization, actor, language };
}

export function writeContext(
  trx: Trx,
  organization: Organization,
  actor: Actor,
  now: Date,
  language: Language = organization.locale,
): Context {
  return { ...readContext(trx, organization, actor, now, language), trx };
}
