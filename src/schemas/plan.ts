/** What a plan sells. Kept whole with the plan, and copied into each contract sold from it. */
import { z } from 'zod';
import { instalmentRules, lockableSettings, shiftUnits } from '../domain/schedule/terms.ts';
import { amountField, idField, lineField } from './fields.ts';

export const freezePolicyField = z
  .strictObject({
    active: z.boolean().default(false),
    shift_end: z.boolean().default(false),
    shift_instalments: z.boolean().default(false),
    discount_bps: z.int().min(0).max(10_000).nullable().default(null),
    discount_amount: amountField.nullable().default(null),
    amount: amountField.nullable().default(null),
    instalment_rule: z.enum(instalmentRules).default('whole_months'),
    min_months: z.int().min(0).max(60).nullable().default(null),
    min_days: z.int().min(0).max(1000).nullable().default(null),
    max_days_per_year: z.int().min(0).max(366).nullable().default(null),
    max_per_year: z.int().min(0).max(366).nullable().default(null),
    requires_no_debt: z.boolean().default(false),
    locked: z.array(z.enum(lockableSettings)).max(lockableSettings.length).default([]),
  })
  .refine((freeze) => freeze.discount_bps === null || freeze.discount_amount === null, {
    error: 'plan_ambiguous_discount',
    path: ['discount_amount'],
  })
  .meta({ id: 'FreezePolicy', description: 'What a suspension does to the end, the due dates and the amounts.' });

export const planTerms = z.strictObject({
  amount: amountField,
  interval_months: z.int().min(1).max(24).default(1),
  instalments: z.int().min(1).max(600).nullable().default(null),
  term_months: z.int().min(1).max(600).nullable().default(null).meta({ description: 'Null: open-ended.' }),
  auto_renew: z.boolean().default(false),
  renewal_price: z
    .enum(['kept', 'plan'])
    .default('kept')
    .meta({ description: 'An automatic renewal keeps the customer’s last price, or takes the plan’s of that day.' }),
  renew_ahead_months: z.int().min(0).max(12).default(1),
  freeze: freezePolicyField.prefault({}),
  shift_unit: z.enum(shiftUnits).default('months_else_days'),
  notice_days: z
    .int()
    .min(0)
    .max(366)
    .default(0)
    .meta({ description: 'Days between a cancellation and its last day.' }),
  cancellation_amount: amountField.default(0),
  tax_rate_bps: z.int().min(0).max(10_000).default(0),
  credits: z.int().min(1).max(10_000).nullable().default(null).meta({ description: 'Of a credit pack: how many.' }),
  validity_days: z
    .int()
    .min(1)
    .max(3660)
    .nullable()
    .default(null)
    .meta({ description: 'Of a credit pack: good for so many days, the first included; null: it never expires.' }),
  publication: idField('pub')
    .nullable()
    .default(null)
    .meta({ description: 'What a plan of kind issues subscribes to.' }),
  issues: z.int().min(1).max(600).nullable().default(null).meta({ description: 'How many issues it sells.' }),
});

export type PlanTerms = z.infer<typeof planTerms>;

/** The fields of an edit: none is filled in where it is not given. */
function notFilledIn(shape: z.ZodRawShape): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => {
      const plain = field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? field.unwrap() : field;
      return [name, (plain as z.ZodType).optional()];
    }),
  );
}

const { publication: _, freeze: __, ...editable } = planTerms.shape;

/** Says only what differs; the kind of a plan, and what a plan of issues subscribes to, stay. */
export const planEdit = z
  .strictObject({
    name: lineField(200).optional(),
    ...notFilledIn(editable),
    freeze: z
      .strictObject(notFilledIn(freezePolicyField.shape))
      .optional()
      .meta({ description: 'Of the freeze policy, too, only what differs.' }),
  })
  .meta({ id: 'PlanEdit', description: 'What was sold stays as it was sold.' }) as unknown as z.ZodType<PlanEdit>;
export type PlanEdit = Partial<Omit<PlanTerms, 'publication' | 'freeze'>> & {
  name?: string;
  freeze?: Partial<PlanTerms['freeze']>;
};

export const planKinds = ['membership', 'issues', 'credits'] as const;
export type PlanKind = (typeof planKinds)[number];

export const newPlan = z
  .strictObject({
    name: lineField(200),
    kind: z.enum(planKinds),
    currency: z.string().max(3).optional().meta({ description: 'Checked against the organization’s, when given.' }),
    ...planTerms.shape,
  })
  .refine((plan) => (plan.kind === 'credits') === (plan.credits !== null), { error: 'required', path: ['credits'] });
export type NewPlan = z.infer<typeof newPlan>;
