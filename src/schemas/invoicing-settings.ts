/**
 * What an organization decides about its invoices: who it is on them, how they are numbered, what tax it owes, how
 * they look. Everything may stay empty until the first invoice; issuing one says what is missing.
 */
import { z } from 'zod';
import { ibanFault } from '../domain/iban.ts';
import { seriesFault } from '../domain/invoices/number.ts';
import { addressField } from './address.ts';
import { amountField, idField, lineField, textField } from './fields.ts';

const code = (pattern: RegExp) => z.string().regex(pattern).nullable().default(null);
const line = (max: number) => lineField(max).nullable().default(null);

const sellerSettings = z
  .strictObject({
    name: line(150).meta({ description: 'The legal name.' }),
    trade_name: line(150).meta({ description: 'The name over the door, where it is another.' }),
    legal_form: line(100).meta({ example: 'SAS' }),
    capital_amount: amountField.nullable().default(null),
    register_entry: line(100).meta({ example: 'RCS Lyon 552 100 554' }),
    siren: code(/^\d{9}$/),
    siret: code(/^\d{14}$/),
    vat_number: code(/^[A-Z]{2}[A-Z0-9]{2,13}$/),
    tax_number: line(40).meta({ description: 'What the tax office knows it by, where it has no VAT number.' }),
    address: addressField.nullable().default(null),
    email: line(150),
    phone: line(40),
    website: line(150),
    iban: z
      .string()
      .max(42)
      .refine((text) => ibanFault(text) === null, { error: 'not_valid' })
      .nullable()
      .default(null)
      .meta({ description: 'Where a transfer goes.' }),
    bic: code(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/),
  })
  .meta({ id: 'InvoiceSeller' });

const seriesSettings = z
  .strictObject({
    code: z.string().regex(/^[A-Z0-9]{1,8}$/),
    pattern: z.string().max(60),
    restarts: z.enum(['never', 'yearly']),
  })
  .refine((series) => seriesFault(series) === null, { error: 'number_pattern_invalid', path: ['pattern'] })
  .meta({
    id: 'NumberSeries',
    description: 'How numbers read: `{YYYY}` or `{YY}`, `{MM}`, and `{N…}` with as many digits at least.',
  });

export const invoicingSettings = z
  .strictObject({
    seller: sellerSettings.prefault({}),
    invoices: seriesSettings.prefault({ code: 'F', pattern: 'F{YYYY}-{NNNNN}', restarts: 'yearly' }),
    credit_notes: seriesSettings.prefault({ code: 'A', pattern: 'A{YYYY}-{NNNNN}', restarts: 'yearly' }),
    tax_regime: z.enum(['taxed', 'franchise', 'non_profit', 'exempt', 'out_of_scope']).default('taxed').meta({
      description:
        'taxed: each plan’s own rate; franchise: small French sellers (art. 293 B); non_profit: art. 261-7; exempt and out_of_scope: with your own reason.',
    }),
    exemption_reason: line(200).meta({ description: 'Told wherever no tax is charged; null: the usual words.' }),
    vat_on_debits: z.boolean().default(false),
    late_penalty: line(400).meta({ description: 'Another wording of the penalty for late payment.' }),
    early_payment_discount: line(400),
    note: textField(600).nullable().default(null).meta({ description: 'Under the totals of every document.' }),
    logo: idField('lgo').nullable().default(null),
    accent: code(/^#[0-9a-f]{6}$/).meta({ description: 'The colour of its documents.' }),
  })
  .refine(({ invoices, credit_notes }) => invoices.code !== credit_notes.code, {
    error: 'not_valid',
    path: ['credit_notes', 'code'],
  })
  .meta({ id: 'InvoicingSettings' });

export type InvoicingSettings = z.infer<typeof invoicingSettings>;
