/**
 * What an organization decides for itself. Kept as one JSON document, checked by this schema whenever it is
 * written; each capability adds its own section with defaults, so that an old document is always readable.
 */
import { z } from 'zod';
import { lockableSettings } from '../domain/schedule/terms.ts';
import { lineField } from './fields.ts';
import { invoicingSettings } from './invoicing-settings.ts';
import { accessSettings, collectionSettings, creditorSettings, rejectionSettings } from './money-settings.ts';
import { reminderSettings } from './reminder-settings.ts';

const reasonsField = z.array(lineField(100)).max(100);

export const organizationSettings = z.strictObject({
  /** Days after a missed due date before access is blocked. */
  grace_days: z.int().min(0).max(90).default(0),
  /** How far ahead the instalments of open-ended contracts are written down. */
  horizon_months: z.int().min(1).max(60).default(13),
  /** What no desk may set differently for one suspension, whatever the plan leaves open. */
  locked_freeze_settings: z.array(z.enum(lockableSettings)).max(lockableSettings.length).default([]),
  /** An unlimited suspension entered without a review day is to be looked at again after so many days. */
  review_unlimited_after_days: z.int().min(1).max(3660).default(90),
  /** Why an issue was not served; empty: any reason. */
  incident_reasons: reasonsField.default([
    'Intempérie',
    'Journal abîmé',
    'Erreur de livraison',
    'Perte lors de la livraison',
    'Réception tardive',
  ]),
  /** Why a subscriber is given more issues; empty: any reason. */
  extension_reasons: reasonsField.default([
    'Geste commercial',
    'Réclamation sur facture',
    'Réclamation sur la livraison',
    'Fidélité',
  ]),
  /** Why a member is given more days; empty: any reason. */
  day_extension_reasons: reasonsField.default([]),
  rejections: rejectionSettings.prefault({}),
  collections: collectionSettings.prefault({}),
  access: accessSettings.prefault({}),
  creditor: creditorSettings,
  invoicing: invoicingSettings.prefault({}),
  reminders: reminderSettings.prefault({}),
});

export type OrganizationSettings = z.infer<typeof organizationSettings>;

/**
 * The sections that somebody changes: those left out stay as they are. (A section's default would otherwise stand in
 * for a section left out, and wipe what is there.)
 */
export const organizationSettingsEdit = z.strictObject(
  Object.fromEntries(
    Object.entries(organizationSettings.shape).map(([name, section]) => [name, withoutDefault(section).optional()]),
  ),
) as unknown as ReturnType<typeof organizationSettings.partial>;

function withoutDefault(section: z.ZodType): z.ZodType {
  return section instanceof z.ZodDefault || section instanceof z.ZodPrefault
    ? (section.unwrap() as z.ZodType)
    : section;
}

export const defaultSettings: OrganizationSettings = organizationSettings.parse({});
