/** Makes an organization and its first key. The key is returned once; only its hash is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { Organization } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Language } from '../errors/language.ts';
import { newId } from '../ids.ts';
import { type OrganizationSettings, organizationSettings } from '../schemas/organization-settings.ts';
import type { Trx } from '../store/database.ts';

export interface NewOrganization {
  name: string;
  timezone: string;
  currency: string;
  locale: Language;
  /** For a test organization: the day its own clock shows. */
  test_today: Day | null;
  settings?: Partial<OrganizationSettings>;
}

/** A test organization collects for this made-up creditor, so that its files can be looked at without any setting. */
const TEST_CREDITOR = { identifier: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189' };

export async function createOrganization(trx: Trx, input: NewOrganization, now: Date): Promise<Organization> {
  const organization: Organization = {
    id: newId('org'),
    name: input.name,
    timezone: input.timezone,
    currency: input.currency,
    locale: input.locale,
    test_today: input.test_today,
    settings: organizationSettings.parse({
      ...(input.test_today === null ? {} : { creditor: { ...TEST_CREDITOR, name: input.name.slice(0, 70) } }),
      ...input.settings,
    }),
    version: 1,
  };
  await trx.raw(
    `insert into organization (id, name, timezone, currency, locale, test_today, opened_on, settings, version, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
    [
      organization.id,
      organization.name,
      organization.timezone,
      organization.currency,
      organization.locale,
      organization.test_today,
      organization.test_today,
      JSON.stringify(organization.settings),
      now,
    ],
  );
  return organization;
}

export interface NewKey {
  organization_id: string;
  label: string;
  role: string;
  is_operator: boolean;
  id?: string;
  expires_at?: Date | null;
  /** A live organization's keys say so. */
  live?: boolean;
  /** Given only for the demo's well-known key. */
  secret?: string;
}

/** @returns the secret, which cannot be read again. */
export async function createApiKey(trx: Trx, input: NewKey, now: Date): Promise<string> {
  const secret = input.secret ?? `sk_${input.live ? 'live' : 'test'}_${randomBytes(24).toString('base64url')}`;
  await trx.raw(
    `insert into api_key (id, organization_id, key_hash, label, role, is_operator, created_at, expires_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      input.id ?? newId('key'),
      input.organization_id,
      createHash('sha256').update(secret).digest('hex'),
      input.label,
      input.role,
      input.is_operator,
      now,
      input.expires_at ?? null,
    ],
  );
  return secret;
}
