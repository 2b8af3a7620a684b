/** The texts of mails as the organization edits them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { type TextKind, textKinds } from '../domain/reminders/kinds.ts';
import type { Language } from '../errors/language.ts';
import { defaultTexts } from '../formats/mail/render.ts';
import { variableNames } from '../formats/mail/variables.ts';
import { type StoredMailText, textVersions } from '../store/mail-texts.ts';

const versionSchema = z.object({
  version: z.int(),
  subject: z.string(),
  body: z.string(),
  actor: z.string(),
  created_at: z.string(),
});

export const mailTemplateSchema = z
  .object({
    object: z.literal('mail_template'),
    kind: z.enum(textKinds),
    locale: z.enum(['fr', 'en', 'de']),
    subject: z.string(),
    body: z.string(),
    version: z.int().meta({ description: '0: the text that comes with the engine.' }),
    variables: z.array(z.string()).meta({ description: 'The names that this text may use.' }),
    versions: z.array(versionSchema).meta({ description: 'What the organization wrote before, newest first.' }),
  })
  .meta({ id: 'MailTemplate' });

export async function viewMailTemplate(ctx: ReadContext, kind: TextKind, locale: Language) {
  const versions = await textVersions(ctx, kind, locale);
  const { subject, body } = versions[0] ?? defaultTexts[locale][kind];
  return {
    object: 'mail_template' as const,
    kind,
    locale,
    subject,
    body,
    version: versions[0]?.version ?? 0,
    variables: variableNames(kind),
    versions: versions.map(showVersion),
  };
}

function showVersion({ version, subject, body, actor, recorded_at }: StoredMailText) {
  return { version, subject, body, actor, created_at: recorded_at.toISOString() };
}
