/** A bank's file as the accountant sees it: what it told, what it was matched with, what became of it. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { reasonOf } from '../domain/return-reasons.ts';
import type { RefusalCode } from '../errors/catalogue/index.ts';
import { Refusal, type RefusalParams, sayRefusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { bankEntryKinds, bankEntrySchema, firstEntries, SHOWN_WITH_FILE } from './bank-entries.ts';
import { type Page, pageOf } from './page.ts';

const states = ['received', 'applied', 'refused'] as const;

const summary = {
  id: z.string(),
  object: z.literal('bank_return'),
  status: z.enum(states),
  message: z.string().nullable().meta({ description: 'Such as camt.054.001.08.' }),
  received_on: dayField,
  applied_on: dayField.nullable(),
  bytes: z.int(),
  sha256: z.string().meta({ description: 'Of the bytes as they came.' }),
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
};

export const bankReturnSummarySchema = z.object(summary).meta({ id: 'BankReturnSummary' });

const decisionSchema = z.object({
  represent: z.boolean(),
  fee: z.boolean(),
  due_on: dayField.nullable(),
  decided_on: dayField,
  decided_by: z.string(),
  payments: z.int(),
  represented: z.int(),
  left: z.int().meta({ description: 'In doubt for other reasons: to be looked at singly.' }),
});

export const bankReturnSchema = z
  .object({
    ...summary,
    counts: z.record(z.string(), z.int()).meta({ description: 'Entries by effect.' }),
    by_reason: z.array(
      z.object({
        reason_code: z.string().nullable(),
        reason: z.string().meta({ description: 'In words.' }),
        kind: z.enum(bankEntryKinds),
        count: z.int(),
        amount: amountField,
        unmatched: z.int().meta({ description: 'Of them, naming no debit of ours (yet).' }),
        represented: z.int().meta({ description: 'Of them, asked for again.' }),
        needs_person: z.int().meta({ description: 'Of them, waiting for somebody to decide.' }),
        decision: decisionSchema.nullable().meta({ description: 'What was decided for those of this reason.' }),
      }),
    ),
    entries: z.array(bankEntrySchema).meta({ description: `The first ${SHOWN_WITH_FILE}; all are in its list.` }),
    report: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'What the file says of itself, and what is odd.' }),
  })
  .meta({ id: 'BankReturn' });

interface MessageRow {
  id: string;
  state: (typeof states)[number];
  kind: string | null;
  received_on: Day;
  applied_on: Day | null;
  byte_count: number;
  sha256: string;
  refusal: { code: RefusalCode; params: RefusalParams } | null;
}

const columns = 'id, state, kind, received_on, applied_on, byte_count, sha256, refusal';

function showSummary(ctx: ReadContext, row: MessageRow) {
  return {
    id: row.id,
    object: 'bank_return' as const,
    status: row.state,
    message: row.kind,
    received_on: row.received_on,
    applied_on: row.applied_on,
    bytes: row.byte_count,
    sha256: row.sha256,
    refusal: row.refusal && {
      code: row.refusal.code,
      detail: sayRefusal(row.refusal.code, row.refusal.params, ctx.language),
    },
  };
}

export type BankReturnSummary = ReturnType<typeof showSummary>;

export async function listBankReturns(
  ctx: ReadContext,
  filter: { limit: number; cursor?: string | undefined },
): Promise<Page<BankReturnSummary>> {
  const rows = await query<MessageRow>(
    ctx.reader,
    `select ${columns} from bank_message where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, filter.cursor ?? null, filter.cursor ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, (row) => showSummary(ctx, row));
}

/** @throws Refusal `not_found` */
export async function findBankReturn(ctx: ReadContext, id: string) {
  const row = await queryOne<MessageRow & { report: Record<string, unknown> | null }>(
    ctx.reader,
    `select ${columns}, report from bank_message where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  const counts = await query<{ effect: string; count: number }>(
    ctx.reader,
    'select effect, count(*) as count from bank_entry where message_id = ? group by 1',
    [id],
  );
  return {
    ...showSummary(ctx, row),
    counts: Object.fromEntries(counts.map(({ effect, count }) => [effect, count])),
    by_reason: await reasonsOf(ctx, id),
    entries: await firstEntries(ctx, id),
    report: row.report,
  };
}

interface ReasonRow {
  reason_code: string | null;
  kind: (typeof bankEntryKinds)[number];
  count: number;
  amount: number;
  unmatched: number;
  represented: number;
  needs_person: number;
  decision: z.infer<typeof decisionSchema> | null;
}

async function reasonsOf(ctx: ReadContext, id: string) {
  const rows = await query<ReasonRow>(
    ctx.reader,
    `with told as (
       select e.reason_code, e.kind, e.amount_cents, e.effect, p.needs_person and p.state = 'rejected' and e.effect = 'applied' as needs_person,
         e.effect = 'applied' and exists (select 1 from payment again where again.first_attempt_id = p.first_attempt_id
           and again.attempt = p.attempt + 1 and again.state <> 'cancelled') as represented
       from bank_entry e left join collection_line line on line.id = e.line_id left join payment p on p.id = line.payment_id
       where e.message_id = ?
     )
     select told.reason_code, told.kind, count(*) as count, coalesce(sum(told.amount_cents), 0)::bigint as amount,
       count(*) filter (where told.effect = 'unmatched') as unmatched, count(*) filter (where told.represented) as represented,
       count(*) filter (where told.needs_person) as needs_person,
       (select json_build_object('represent', d.represent, 'fee', d.fee, 'due_on', d.due_on, 'decided_on', d.decided_on,
          'decided_by', d.actor, 'payments', d.payment_count, 'represented', d.represented_count, 'left', d.left_count)
        from bank_decision d where d.message_id = ? and d.reason_code = coalesce(told.reason_code, '')) as decision
     from told where told.effect <> 'spread' group by 1, 2 order by 3 desc, 1, 2`,
    [id, id],
  );
  return rows.map((row) => ({ ...row, reason: reasonOf(row.reason_code).name[ctx.language] }));
}
