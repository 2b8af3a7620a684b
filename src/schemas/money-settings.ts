/** What an organization decides about money: rejections, collections, access, and who it is to its bank. */
import { z } from 'zod';
import { usualPlausibility } from '../domain/collections/plausibility.ts';
import { DEFAULT_LEAD_DAYS } from '../domain/target-calendar.ts';
import { addressField } from './address.ts';
import { amountField, lineField, methodField } from './fields.ts';

const reasonCode = z.string().regex(/^[A-Z0-9]{4}$/);

const reasonPolicy = z
  .strictObject({
    represent: z.boolean(),
    max_representments: z.int().min(0).max(5),
    fee: z.boolean(),
    mandate: z.enum(['keep', 'suspend', 'close']),
    stop_reminders: z.boolean(),
    needs_person: z.boolean(),
  })
  .partial();

export const rejectionSettings = z
  .strictObject({
    fee: z
      .strictObject({
        article: lineField(40).default('rejection_fee'),
        label: lineField(140),
        amount: amountField,
        tax_rate_bps: z.int().min(0).max(10_000).default(0),
      })
      .nullable()
      .default(null)
      .meta({ description: 'The article sold to a customer whose payment came back; null: none.' }),
    fee_forbidden: z.boolean().default(false).meta({ description: 'The law of the country forbids the fee.' }),
    first_free_months: z.int().min(1).max(120).nullable().default(null),
    max_fees_per_year: z.int().min(0).max(100).nullable().default(null),
    max_fee_amount: amountField.nullable().default(null),
    fee_by_reason: z.record(reasonCode, amountField).default({}),
    max_representments: z.int().min(0).max(5).default(2).meta({ description: 'By direct debit, for one debt.' }),
    usual_method: methodField
      .default('cheque')
      .meta({ description: 'How a representment entered by hand is asked for.' }),
    reasons: z.record(reasonCode, reasonPolicy).default({}).meta({
      description: 'Another policy than the default for reason codes of banks (ISO 20022).',
    }),
  })
  .meta({ id: 'RejectionSettings' });

export const collectionSettings = z
  .strictObject({
    lead_days: z.int().min(1).max(14).default(DEFAULT_LEAD_DAYS).meta({ description: 'TARGET days the bank wants.' }),
    minimum_amount: z.int().min(1).max(1_000_000).default(1),
    bank_wants_first: z.boolean().default(false).meta({ description: 'FRST for the first collection of a mandate.' }),
    second_person: z.boolean().default(false).meta({ description: 'Who drafted a collection may not release it.' }),
    released_by_people: z.boolean().default(false).meta({
      description:
        'A key may not release, only a person who is signed in; with `second_person`, another than who drafted.',
    }),
    format: z.enum(['pain.008.001.08', 'pain.008.001.02']).default('pain.008.001.08'),
    presumed_settled_days: z.int().min(1).max(90).default(10).meta({
      description: 'Days after its collection day from which a debit that the bank is silent about counts as paid.',
    }),
    plausibility: z
      .strictObject({
        growth_bps: z.int().min(10_000).max(1_000_000).default(usualPlausibility.growth_bps),
        largest_growth_bps: z.int().min(10_000).max(1_000_000).default(usualPlausibility.largest_growth_bps),
        new_accounts_bps: z.int().min(0).max(10_000).default(usualPlausibility.new_accounts_bps),
        slack_lines: z.int().min(0).max(1_000_000).default(usualPlausibility.slack_lines),
        slack_total: amountField.default(usualPlausibility.slack_total),
        slack_largest: amountField.default(usualPlausibility.slack_largest),
        first_lines: z.int().min(0).max(1_000_000).default(usualPlausibility.first_lines),
        first_total: amountField.default(usualPlausibility.first_total),
      })
      .prefault({}),
  })
  .meta({ id: 'CollectionSettings' });

export const accessSettings = z
  .strictObject({
    in_flight_days: z.int().min(0).max(60).default(14).meta({
      description: 'Days after its collection day for which a direct debit keeps the door open.',
    }),
    offline_days: z.int().min(0).max(90).default(35).meta({
      description: 'How many days ahead a door may decide by itself at the most.',
    }),
  })
  .meta({ id: 'AccessSettings' });

export const creditorSettings = z
  .strictObject({
    name: lineField(70),
    identifier: z.string().max(35).meta({ description: 'The SEPA creditor identifier (ICS).' }),
    iban: z.string().max(42),
    bic: z
      .string()
      .regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/)
      .nullable()
      .default(null),
    address: addressField.nullable().default(null),
  })
  .nullable()
  .default(null)
  .meta({ description: 'Who collects: without it no collection is released.' });
