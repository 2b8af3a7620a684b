/** People who work for an organization, as its admins see them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const personSchema = z
  .object({
    id: z.string(),
    object: z.literal('person'),
    name: z.string(),
    email: z.string(),
    role: z.string(),
    is_operator: z.boolean(),
    state: z.enum(['invited', 'active', 'disabled']),
    invitation_expires_at: z.string().nullable(),
    last_seen_at: z.string().nullable(),
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Person' });

interface PersonRow {
  id: string;
  name: string;
  email: string;
  role: string;
  is_operator: boolean;
  has_password: boolean;
  disabled_at: Date | null;
  invitation_expires_at: Date | null;
  last_seen_at: Date | null;
  version: number;
  created_at: Date;
}

const columns = `person.id, person.name, person.email, person.role, person.is_operator, person.password_hash is not null as has_password,
  person.disabled_at, person.invitation_expires_at, person.version, person.created_at,
  (select max(session.last_seen_at) from session where session.person_id = person.id) as last_seen_at`;

function show({ has_password, disabled_at, ...row }: PersonRow) {
  const state = disabled_at ? ('disabled' as const) : has_password ? ('active' as const) : ('invited' as const);
  return {
    ...row,
    object: 'person' as const,
    state,
    invitation_expires_at: row.invitation_expires_at?.toISOString() ?? null,
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

export type PersonView = ReturnType<typeof show>;

export async function findPerson(ctx: ReadContext, id: string): Promise<PersonView> {
  const row = await queryOne<PersonRow>(
    ctx.reader,
    `select ${columns} from person where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return show(row);
}

export async function listPeople(
  ctx: ReadContext,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<PersonView>> {
  const rows = await query<PersonRow>(
    ctx.reader,
    `select ${columns} from person
     where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, page.cursor ?? null, page.cursor ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, show);
}
