/** The history of a contract: what happened to it since it was sold, by whom, on which day, and why. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { sayChange } from '../domain/contract-changes/say-change.ts';
import type { Day } from '../domain/day.ts';
import type { Change } from '../domain/schedule/changes.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';
import { findContract } from './contracts.ts';
import { type Page, pageOf } from './page.ts';

export const changeSchema = z
  .object({
    id: z.string(),
    object: z.literal('change'),
    contract: z.string(),
    kind: z.string(),
    detail: z.string().meta({ description: 'What happened in words, in the reader’s language.' }),
    note: z.string().nullable(),
    data: z.record(z.string(), z.unknown()).meta({ description: 'What it says, by its kind.' }),
    actor: z.string(),
    job: z.string().nullable(),
    recorded_on: dayField,
    recorded_at: z.string(),
  })
  .meta({ id: 'Change' });

interface ChangeRow {
  id: string;
  contract_id: string;
  kind: string;
  data: Record<string, unknown> & { note?: string };
  actor: string;
  job_id: string | null;
  recorded_on: Day;
  recorded_at: Date;
}

function show(
  { contract_id, job_id, data: { note, ...data }, recorded_at, ...row }: ChangeRow,
  { organization, language }: ReadContext,
) {
  const change = { ...data, id: row.id, kind: row.kind } as Change;
  return {
    ...row,
    object: 'change' as const,
    contract: contract_id,
    detail: sayChange(change, organization.currency, language),
    note: note ?? null,
    data,
    job: job_id,
    recorded_at: recorded_at.toISOString(),
  };
}

/** Newest first. @throws Refusal `not_found`. */
export async function listChanges(
  ctx: ReadContext,
  contractId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<ReturnType<typeof show>>> {
  await findContract(ctx, contractId);
  const rows = await query<ChangeRow>(
    ctx.reader,
    `select id, contract_id, kind, data, actor, job_id, recorded_on, recorded_at from contract_change
     where contract_id = ?
       and (?::text is null or seq < (select seq from contract_change where id = ? and contract_id = ?))
     order by seq desc limit ?`,
    [contractId, page.cursor ?? null, page.cursor ?? null, contractId, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => show(row, ctx));
}
