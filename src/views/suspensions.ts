/** Suspensions as they stand after their edits and their stop. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { type Day, spanDays } from '../domain/day.ts';
import type { SuspensionTerms } from '../domain/schedule/changes.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne, type Reader } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const suspensionSchema = z
  .object({
    id: z.string(),
    object: z.literal('suspension'),
    contract: z.string(),
    starts_on: dayField,
    ends_on: dayField.nullable().meta({ description: 'Last suspended day, included; null while unlimited.' }),
    unlimited: z.boolean(),
    days: z.int().nullable(),
    reason: z.string(),
    amount: amountField.nullable(),
    first_instalment: z.int().nullable(),
    last_instalment: z.int().nullable(),
    facts: z.enum(['kept', 'credited']),
    review_on: dayField.nullable().meta({ description: 'The day to look again at an unlimited one.' }),
    closure: z.string().nullable().meta({ description: 'The closure that made it.' }),
    removed_on: dayField.nullable(),
    version: z.int().meta({ description: 'Of its contract: what If-Match is compared with.' }),
  })
  .meta({ id: 'Suspension' });

interface SuspensionRow {
  id: string;
  contract_id: string;
  starts_on: Day;
  ends_on: Day | null;
  removed_on: Day | null;
  data: SuspensionTerms;
  version: number;
}

function show({ id, contract_id, starts_on, ends_on, removed_on, data, version }: SuspensionRow) {
  return {
    id,
    object: 'suspension' as const,
    contract: contract_id,
    starts_on,
    ends_on,
    unlimited: ends_on === null,
    days: ends_on === null || ends_on < starts_on ? null : spanDays(starts_on, ends_on),
    reason: data.reason,
    amount: data.amount ?? null,
    first_instalment: data.first_instalment ?? null,
    last_instalment: data.last_instalment ?? null,
    facts: (data.credited ?? []).length > 0 ? ('credited' as const) : ('kept' as const),
    review_on: data.review_on ?? null,
    closure: data.closure ?? null,
    removed_on,
    version,
  };
}

export type SuspensionView = ReturnType<typeof show>;

const columns = `suspension.id, suspension.contract_id, suspension.starts_on, suspension.ends_on, suspension.removed_on,
  suspension.data, (select version from contract where contract.id = suspension.contract_id) as version`;

/** @throws Refusal `not_found`. */
export async function findSuspension(ctx: ReadContext, id: string): Promise<SuspensionView> {
  const row = await queryOne<SuspensionRow>(
    ctx.reader,
    `select ${columns} from suspension where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
    'find-suspension',
  );
  if (!row) throw new Refusal('not_found');
  return show(row);
}

/** Many at once, in the order of the ids. */
export async function findSuspensions(ctx: ReadContext, ids: readonly string[]): Promise<SuspensionView[]> {
  const rows = await query<SuspensionRow>(
    ctx.reader,
    `select ${columns} from suspension where id = any(?::text[]) and organization_id = ?`,
    [ids, ctx.organization.id],
    'find-suspensions',
  );
  const found = new Map(rows.map((row) => [row.id, show(row)]));
  return ids.map((id) => {
    const suspension = found.get(id);
    if (!suspension) throw new Refusal('not_found');
    return suspension;
  });
}

/** The contract of a suspension. @throws Refusal `not_found`. */
export async function contractOfSuspension(
  ctx: { reader: Reader } & Pick<ReadContext, 'organization'>,
  id: string,
): Promise<string> {
  const row = await queryOne<{ contract_id: string }>(
    ctx.reader,
    'select contract_id from suspension where id = ? and organization_id = ? and removed_on is null',
    [id, ctx.organization.id],
    'contract-of-suspension',
  );
  if (!row) throw new Refusal('not_found');
  return row.contract_id;
}

export async function listSuspensions(ctx: ReadContext, contractId: string): Promise<SuspensionView[]> {
  const rows = await query<SuspensionRow>(
    ctx.reader,
    `select ${columns} from suspension where contract_id = ? and organization_id = ? order by starts_on, id`,
    [contractId, ctx.organization.id],
  );
  return rows.map(show);
}

/** Unlimited suspensions whose review day has come, or all suspensions that stand; newest first. */
export async function listOrganizationSuspensions(
  ctx: ReadContext,
  filter: { limit: number; cursor?: string | undefined; review_due: boolean },
): Promise<Page<SuspensionView>> {
  const cursor = filter.cursor ?? null;
  const rows = await query<SuspensionRow>(
    ctx.reader,
    `select ${columns} from suspension join contract on contract.id = suspension.contract_id
     where suspension.organization_id = ? and suspension.removed_on is null and contract.deleted_at is null
       and (not ? or (suspension.ends_on is null and suspension.data ->> 'review_on' <= ?))
       and (?::text is null or suspension.id < ?)
     order by suspension.id desc limit ?`,
    [ctx.organization.id, filter.review_due, ctx.today, cursor, cursor, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, show);
}
