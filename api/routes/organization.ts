import { z } from 'zod';
import { addDays, daysBetween, isTimezone } from '../../src/domain/day.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { currencyField, dayField, lineField, localeField, plannedDayField } from '../../src/schemas/fields.ts';
import { organizationSettingsEdit } from '../../src/schemas/organization-settings.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import { updateOrganization } from '../../src/services/update-organization.ts';
import { organizationSchema, showOrganization, viewOrganization } from '../../src/views/organization.ts';
import { admins, readers } from '../kit/roles.ts';
import { type Route, read, startsJob, write } from '../kit/route.ts';
import { ibanRefusals } from '../kit/shared-schemas.ts';

const timezoneField = z.string().max(64).refine(isTimezone, { error: 'not_valid' });

const sandboxBody = z.strictObject({
  name: lineField(200),
  today: plannedDayField,
  timezone: timezoneField.default('Europe/Paris'),
  currency: currencyField.default('EUR'),
  locale: localeField.default('fr'),
  grace_days: z.int().min(0).max(90).default(0),
});

const MOST_DAYS = 3660;

export const organizationRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/sandboxes',
    tag: 'Test clock',
    does: 'Make a test organization with a clock of its own.',
    roles: admins,
    body: sandboxBody,
    answer: {
      status: 201,
      schema: z.object({
        object: z.literal('sandbox'),
        organization: organizationSchema,
        api_key: z.string().nullable(),
      }),
      does: 'The organization and its key, shown this once: a repeat with the same idempotency key has null.',
    },
    refuses: ['sandboxes_forbidden'],
    keeps: (body) => ({ ...body, api_key: null }),
    async run(ctx, { body, principal }) {
      if (!principal.is_operator) throw new Refusal('sandboxes_forbidden');
      const { today, grace_days, ...rest } = body;
      const organization = await createOrganization(
        ctx.trx,
        { ...rest, test_today: today, settings: { grace_days } },
        ctx.now,
      );
      const api_key = await createApiKey(
        ctx.trx,
        { organization_id: organization.id, label: 'sandbox', role: 'admin', is_operator: false },
        ctx.now,
      );
      return { body: { object: 'sandbox', organization: showOrganization(organization, ctx.now), api_key } };
    },
  }),
  startsJob({
    method: 'post',
    path: '/v1/test_clock/advance',
    tag: 'Test clock',
    does: 'Move a test organization’s today forward, running the daily work of each day that passes.',
    roles: admins,
    body: z.strictObject({ to: dayField }),
    answer: {
      status: 200,
      schema: z.object({ object: z.literal('test_clock'), today: dayField, days_passed: z.int() }),
      does: 'The day that the clock shows now.',
    },
    refuses: ['test_mode_only', 'clock_goes_forward', 'clock_too_far'],
    job: 'advance-test-clock',
    default_wait_s: 30,
    payload(ctx, { body }) {
      if (ctx.organization.test_today === null) throw new Refusal('test_mode_only');
      if (body.to < ctx.today) throw new Refusal('clock_goes_forward', { today: ctx.today }, { pointer: '/to' });
      if (daysBetween(ctx.today, body.to) > MOST_DAYS) {
        throw new Refusal('clock_too_far', { limit: addDays(ctx.today, MOST_DAYS) }, { pointer: '/to' });
      }
      return { from: ctx.today, to: body.to };
    },
  }),
  read({
    method: 'get',
    path: '/v1/organization',
    tag: 'Organization',
    does: 'The organization, its settings, and its today.',
    roles: readers,
    answer: { status: 200, schema: organizationSchema, does: 'The organization.' },
    run: async (ctx) => viewOrganization(ctx),
  }),
  write({
    method: 'patch',
    path: '/v1/organization',
    tag: 'Organization',
    does: 'Change the organization or its settings; a section of settings that is given replaces that section.',
    roles: admins,
    body: z.strictObject({
      name: lineField(200).optional(),
      locale: localeField.optional(),
      settings: organizationSettingsEdit.optional(),
    }),
    answer: { status: 200, schema: organizationSchema, does: 'The organization as it is now.' },
    refuses: ['not_found', ...ibanRefusals, 'creditor_identifier_malformed', 'creditor_identifier_check_digits'],
    async run(ctx, { body, if_version }) {
      const organization = await updateOrganization(ctx, body, if_version);
      return { body: showOrganization(organization, ctx.now) };
    },
  }),
];
