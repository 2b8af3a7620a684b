/** May the customer enter? The desk asks for a customer and a day, the door for a badge and now. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { type Access, type AccessReason, type AccessState, access } from '../domain/access.ts';
import { addDays, type Day, earlier } from '../domain/day.ts';
import type { InEveryLanguage } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { dayField } from '../schemas/fields.ts';
import { accessFactsOf, accessRules } from '../store/access.ts';
import { queryOne } from '../store/database.ts';

const reasons = [
  'debt',
  'reminder_stage',
  'no_contract',
  'contract_not_begun',
  'contract_ended',
  'suspension',
] as const;

export const accessSchema = z
  .object({
    object: z.literal('access'),
    customer: z.string(),
    on: dayField,
    state: z.enum(['active', 'suspended', 'blocked']),
    reason: z.enum(reasons).nullable(),
    detail: z.string().nullable().meta({ description: 'The reason in words.' }),
    since_on: dayField.nullable(),
    until_on: dayField
      .nullable()
      .meta({ description: 'Last day of this state as known now; null: until something is done.' }),
    allowed_until: dayField
      .nullable()
      .meta({ description: 'A door may let the customer in up to this day without asking again; null: not today.' }),
    causes: z
      .array(
        z.object({
          reason: z.enum(reasons),
          since_on: dayField.nullable(),
          until_on: dayField.nullable(),
          detail: z.string().nullable(),
        }),
      )
      .meta({ description: 'Everything that holds on the day, the one that decides first.' }),
  })
  .meta({ id: 'Access' });

const inWords: Record<AccessReason, InEveryLanguage> = {
  debt: {
    fr: 'Un montant échu reste à régler.',
    en: 'An amount that was due is not paid.',
    de: 'Ein fälliger Betrag ist offen.',
  },
  reminder_stage: { fr: 'Bloqué par une relance.', en: 'Blocked by a reminder.', de: 'Durch eine Mahnung gesperrt.' },
  no_contract: { fr: 'Aucun contrat.', en: 'No contract.', de: 'Kein Vertrag.' },
  contract_not_begun: {
    fr: 'Le contrat n’a pas commencé.',
    en: 'The contract has not begun.',
    de: 'Der Vertrag hat noch nicht begonnen.',
  },
  contract_ended: { fr: 'Le contrat est terminé.', en: 'The contract has ended.', de: 'Der Vertrag ist beendet.' },
  suspension: { fr: 'Suspendu.', en: 'Suspended.', de: 'Ausgesetzt.' },
};

function show(ctx: ReadContext, customer: string, on: Day, may: Access) {
  const { causes, ...answer } = may;
  const decisive = causes[0];
  return {
    object: 'access' as const,
    customer,
    on,
    ...answer,
    detail: decisive ? (decisive.detail ?? inWords[decisive.reason][ctx.language]) : null,
    causes,
  };
}

/** @throws Refusal `not_found` */
export async function viewAccess(ctx: ReadContext, customerId: string, on: Day) {
  const [facts] = await accessFactsOf(ctx, [customerId]);
  if (!facts) throw new Refusal('not_found');
  return show(ctx, customerId, on, access(facts, accessRules(ctx), on));
}

export const doorSchema = accessSchema.omit({ causes: true }).meta({ id: 'DoorAccess' });

interface DoorRow {
  id: string;
  access_state: AccessState;
  access_reason: AccessReason | null;
  access_detail: string | null;
  access_since_on: Day | null;
  access_until_on: Day | null;
  access_review_on: Day | null;
}

/**
 * One indexed read of the answer that is kept with the customer. Where that answer's time has passed (the night's work is
 * late) it is computed. @throws Refusal `not_found`
 */
export async function viewDoor(ctx: ReadContext, badge: string) {
  const row = await queryOne<DoorRow>(
    ctx.reader,
    `select id, access_state, access_reason, access_detail, access_since_on, access_until_on, access_review_on
     from customer where organization_id = ? and badge = ?`,
    [ctx.organization.id, badge],
    'door',
  );
  if (!row) throw new Refusal('not_found');
  if (row.access_review_on !== null && row.access_review_on <= ctx.today) {
    const { causes: _, ...answer } = await viewAccess(ctx, row.id, ctx.today);
    return answer;
  }
  const horizon = addDays(ctx.today, ctx.organization.settings.access.offline_days);
  const known = row.access_review_on === null ? horizon : earlier(addDays(row.access_review_on, -1), horizon);
  return {
    object: 'access' as const,
    customer: row.id,
    on: ctx.today,
    state: row.access_state,
    reason: row.access_reason,
    detail: row.access_detail ?? (row.access_reason && inWords[row.access_reason][ctx.language]),
    since_on: row.access_since_on,
    until_on: row.access_until_on,
    allowed_until: row.access_state === 'active' ? earlier(row.access_until_on ?? horizon, known) : null,
  };
}
