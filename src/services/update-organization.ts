/** Changes the organization's name, language or settings, and leaves a trace of each setting before and after. */
import type { Context, Organization } from '../context.ts';
import type { Language } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { type OrganizationSettings, organizationSettings } from '../schemas/organization-settings.ts';
import { lockOrganization } from '../store/organizations.ts';
import { announce } from './announce.ts';
import { checkInvoicing } from './check-invoicing.ts';
import { sweepNewHorizon } from './extend-horizon.ts';
import { readCreditor } from './read-creditor.ts';
import { reviewEverybody } from './refresh-access.ts';

export interface OrganizationEdit {
  name?: string | undefined;
  locale?: Language | undefined;
  settings?: { [Section in keyof OrganizationSettings]?: OrganizationSettings[Section] | undefined } | undefined;
}

export async function updateOrganization(
  ctx: Context,
  edit: OrganizationEdit,
  ifVersion: number | undefined,
): Promise<Organization> {
  const before = await lockOrganization(ctx.trx, ctx.organization.id);
  if (ifVersion !== undefined && ifVersion !== before.version) throw new Refusal('stale_version');
  const given = Object.fromEntries(Object.entries(edit.settings ?? {}).filter(([, value]) => value !== undefined));
  const after: Organization = {
    ...before,
    name: edit.name ?? before.name,
    locale: edit.locale ?? before.locale,
    settings: organizationSettings.parse({ ...before.settings, ...given }),
    version: before.version + 1,
  };
  if (given.creditor !== undefined) after.settings.creditor = readCreditor(after.settings.creditor);
  if (given.invoicing !== undefined) await checkInvoicing(ctx, after.settings.invoicing);
  await ctx.trx.raw('update organization set name = ?, locale = ?, settings = ?, version = ? where id = ?', [
    after.name,
    after.locale,
    JSON.stringify(after.settings),
    after.version,
    after.id,
  ]);
  if (given.grace_days !== undefined || given.access !== undefined)
    await reviewEverybody({ ...ctx, organization: after });
  if (after.settings.horizon_months > before.settings.horizon_months)
    await sweepNewHorizon({ ...ctx, organization: after });
  await announce(ctx, {
    type: 'organization.updated',
    subjects: [after.id],
    data: {
      before: { name: before.name, locale: before.locale, settings: pick(before.settings, given) },
      after: { name: after.name, locale: after.locale, settings: pick(after.settings, given) },
    },
  });
  return after;
}

function pick(settings: OrganizationSettings, sections: object): Partial<OrganizationSettings> {
  return Object.fromEntries(Object.keys(sections).map((name) => [name, settings[name as keyof OrganizationSettings]]));
}
