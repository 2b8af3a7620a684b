/** The organization as its own people see it. */
import { z } from 'zod';
import type { Organization } from '../context.ts';
import { type ReadContext, todayOf } from '../context.ts';
import { dayField } from '../schemas/fields.ts';
import { organizationSettings } from '../schemas/organization-settings.ts';

export const organizationSchema = z
  .object({
    id: z.string(),
    object: z.literal('organization'),
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    locale: z.string(),
    test_mode: z.boolean(),
    today: dayField,
    settings: organizationSettings,
    releases_locked_since: z
      .string()
      .nullable()
      .meta({ description: 'The data come from a backup: nothing is released until somebody confirms.' }),
    version: z.int(),
  })
  .meta({ id: 'Organization' });

export function showOrganization(organization: Organization, now: Date) {
  return {
    id: organization.id,
    object: 'organization' as const,
    name: organization.name,
    timezone: organization.timezone,
    currency: organization.currency,
    locale: organization.locale,
    test_mode: organization.test_today !== null,
    today: todayOf(organization, now),
    settings: organization.settings,
    releases_locked_since: organization.restored_at ? new Date(organization.restored_at).toISOString() : null,
    version: organization.version,
  };
}

export const viewOrganization = (ctx: ReadContext) => showOrganization(ctx.organization, ctx.now);
