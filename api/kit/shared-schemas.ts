/** Schemas that many routes share. */
import { z } from 'zod';
import { idField } from '../../src/schemas/fields.ts';

/** `?dry_run=true` and `?preview_token=` of every operation. */
export const previewQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => text === 'true')
    .meta({ description: 'Shows what would happen; writes nothing.' }),
  preview_token: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'The token of a preview: refused as `stale_preview` when anything it read has changed.' }),
});

export const idParam = (prefix: string) => z.object({ id: idField(prefix) });

export const previewSchema = z
  .object({
    object: z.literal('preview'),
    before: z.unknown(),
    after: z.unknown(),
    changes: z.array(z.unknown()),
    access: z.unknown(),
    warnings: z.array(z.object({ code: z.string(), detail: z.string(), params: z.record(z.string(), z.unknown()) })),
    preview_token: z.string(),
  })
  .meta({ id: 'Preview' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

/** What an account number may be refused for. */
export const ibanRefusals = [
  'iban_missing',
  'iban_characters',
  'iban_country_unknown',
  'iban_length',
  'iban_check_digits',
  'iban_national_key',
  'iban_outside_sepa',
  'iban_for_references_only',
] as const;
