/** The texts that an organization wrote itself. */
import type { Context, ReadContext } from '../context.ts';
import type { TextKind } from '../domain/reminders/kinds.ts';
import type { Language } from '../errors/language.ts';
import { newId } from '../ids.ts';
import { query, queryOne } from './database.ts';

export interface StoredMailText {
  id: string;
  version: number;
  subject: string;
  body: string;
  actor: string;
  recorded_at: Date;
}

const columns = 'id, version, subject, body, actor, recorded_at';

/** The newest version, or null where the organization uses ours. */
export function ownText(ctx: ReadContext, kind: TextKind, locale: Language): Promise<StoredMailText | null> {
  return queryOne<StoredMailText>(
    ctx.reader,
    `select ${columns} from mail_text where organization_id = ? and kind = ? and locale = ? order by version desc limit 1`,
    [ctx.organization.id, kind, locale],
    'own-text',
  );
}

export function findText(ctx: ReadContext, id: string): Promise<StoredMailText | null> {
  return queryOne<StoredMailText>(
    ctx.reader,
    `select ${columns} from mail_text where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
    'find-text',
  );
}

/** Every version, newest first. */
export function textVersions(ctx: ReadContext, kind: TextKind, locale: Language): Promise<StoredMailText[]> {
  return query<StoredMailText>(
    ctx.reader,
    `select ${columns} from mail_text where organization_id = ? and kind = ? and locale = ? order by version desc limit 100`,
    [ctx.organization.id, kind, locale],
  );
}

/** Keeps a new version. @returns false where somebody else has made this version meanwhile. */
export async function insertText(
  ctx: Context,
  text: { kind: TextKind; locale: Language; version: number; subject: string; body: string },
): Promise<boolean> {
  const row = await queryOne(
    ctx.trx,
    `insert into mail_text (id, organization_id, kind, locale, version, subject, body, actor, recorded_on, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (organization_id, kind, locale, version) do nothing returning id`,
    [
      newId('txt'),
      ctx.organization.id,
      text.kind,
      text.locale,
      text.version,
      text.subject,
      text.body,
      ctx.actor,
      ctx.today,
      ctx.now,
    ],
  );
  return row !== null;
}
