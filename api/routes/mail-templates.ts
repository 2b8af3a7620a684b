import { z } from 'zod';
import { textKinds } from '../../src/domain/reminders/kinds.ts';
import { MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH } from '../../src/formats/mail/compile.ts';
import { idField, localeField } from '../../src/schemas/fields.ts';
import { previewMailText, writeMailText } from '../../src/services/mail-texts.ts';
import { mailTemplateSchema, viewMailTemplate } from '../../src/views/mail-templates.ts';
import { billers, readers } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';

const params = z.object({ kind: z.enum(textKinds), locale: localeField });

/** Anything that the database can keep; what a mail may say is the text's own rule. */
function storable(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !text.includes('\u0000') && !/\p{Cs}/u.test(text), { error: 'control_characters' });
}

/** Longer and broken texts are told by where they are wrong, not by the schema. */
const textBody = z.strictObject({
  subject: storable(MAX_SUBJECT_LENGTH * 2),
  body: storable(MAX_BODY_LENGTH * 2),
});

export const mailTemplateRoutes: Route[] = [
  read({
    method: 'get',
    path: '/v1/mail_templates/:kind/:locale',
    tag: 'Reminders',
    does: 'The text of one kind of message in one language, with the names that it may use and its versions.',
    roles: readers,
    params,
    answer: { status: 200, schema: mailTemplateSchema, does: 'The text.' },
    run: (ctx, { params }) => viewMailTemplate(ctx, params.kind, params.locale),
  }),
  write({
    method: 'put',
    path: '/v1/mail_templates/:kind/:locale',
    tag: 'Reminders',
    does: 'Write a text anew. The version before is kept, and so are the messages that it said.',
    roles: billers,
    params,
    body: textBody,
    answer: { status: 200, schema: mailTemplateSchema, does: 'The text.' },
    refuses: [
      'mail_text_empty',
      'mail_text_too_long',
      'mail_subject_one_line',
      'mail_text_unknown_variable',
      'mail_text_unknown_tag',
      'mail_text_unknown_filter',
      'mail_text_unclosed',
      'mail_text_broken',
      'mail_text_too_costly',
      'mail_text_bad_link',
    ],
    async run(ctx, { params, body, if_version }) {
      await writeMailText(ctx, params.kind, params.locale, body, if_version);
      return { body: await viewMailTemplate(ctx, params.kind, params.locale) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/mail_templates/:kind/:locale/preview',
    tag: 'Reminders',
    does: 'See a text, the one in use or the one given, as a customer would read it. Nothing is kept or sent.',
    roles: readers,
    params,
    body: z.strictObject({ customer: idField('cus'), text: textBody.optional() }),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('mail_preview'),
        kind: z.enum(textKinds),
        locale: localeField,
        customer: z.string(),
        recipient: z.string().nullable(),
        made_up: z.boolean().meta({ description: 'The customer has no such debt: the figures are a sample.' }),
        subject: z.string(),
        text: z.string(),
        html: z.string(),
      }),
      does: 'The mail.',
    },
    async run(ctx, { params, body }) {
      return { body: await previewMailText(ctx, params.kind, params.locale, body.customer, body.text ?? null) };
    },
  }),
];
