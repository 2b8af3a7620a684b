/** The rows of `organization`. */
import type { Organization } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Language } from '../errors/language.ts';
import { organizationSettings } from '../schemas/organization-settings.ts';
import { queryOne, type Reader, type Trx } from './database.ts';

export interface OrganizationRow {
  id: string;
  name: string;
  timezone: string;
  currency: string;
  locale: Language;
  test_today: Day | null;
  settings: unknown;
  version: number;
  restored_at?: string | null;
}

/** The columns of an organization as one JSON value, for statements that join it. */
export const organizationJson = `jsonb_build_object(
  'id', organization.id, 'name', organization.name, 'timezone', organization.timezone,
  'currency', organization.currency, 'locale', organization.locale, 'test_today', organization.test_today,
  'settings', organization.settings, 'version', organization.version, 'restored_at', organization.restored_at)`;

/** Whether what belongs to a row's organization waits for somebody to confirm a restore. */
export const lockedAfterRestore = (row: string) =>
  `(came_from_a_backup() or exists (select from organization where organization.id = ${row}.organization_id and restored_at is not null))`;

const parsedSettings = new Map<string, Organization['settings']>();

/** Settings are parsed so that a document written before a section existed gets that section's defaults. */
export function organizationFrom(row: OrganizationRow): Organization {
  const key = `${row.id}:${row.version}`;
  let settings = parsedSettings.get(key);
  if (!settings) {
    settings = organizationSettings.parse(row.settings);
    if (parsedSettings.size > 5000) parsedSettings.clear();
    parsedSettings.set(key, settings);
  }
  return { ...row, settings };
}

export async function findOrganization(reader: Reader, id: string): Promise<Organization | null> {
  const row = await queryOne<{ organization: OrganizationRow }>(
    reader,
    `select ${organizationJson} as organization from organization where id = ?`,
    [id],
  );
  return row && organizationFrom(row.organization);
}

export async function lockOrganization(trx: Trx, id: string): Promise<Organization> {
  const row = await queryOne<{ organization: OrganizationRow }>(
    trx,
    `select ${organizationJson} as organization from organization where id = ? for no key update`,
    [id],
  );
  if (!row) throw new Error('the organization of this context is gone');
  return organizationFrom(row.organization);
}
