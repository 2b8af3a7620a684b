/** Keys as an admin sees them: never their secrets. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const apiKeySchema = z
  .object({
    id: z.string(),
    object: z.literal('api_key'),
    label: z.string(),
    role: z.string(),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_on: dayField.nullable(),
    replaces: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

interface KeyRow {
  id: string;
  label: string;
  role: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_on: Day | null;
  replaces_id: string | null;
}

export function showApiKey(row: KeyRow) {
  return {
    id: row.id,
    object: 'api_key' as const,
    label: row.label,
    role: row.role,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_on: row.last_used_on,
    replaces: row.replaces_id,
  };
}

export async function listApiKeys(
  ctx: ReadContext,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<ReturnType<typeof showApiKey>>> {
  const rows = await query<KeyRow>(
    ctx.reader,
    `select id, label, role, created_at, expires_at, revoked_at, last_used_on, replaces_id from api_key
     where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, page.cursor ?? null, page.cursor ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, showApiKey);
}
