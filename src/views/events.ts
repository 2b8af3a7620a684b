/** The trail: what happened, newest first. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const eventSchema = z
  .object({
    id: z.string(),
    object: z.literal('event'),
    type: z.string(),
    subjects: z.array(z.string()),
    data: z.record(z.string(), z.unknown()),
    actor: z.string(),
    on: dayField,
    recorded_at: z.string(),
  })
  .meta({ id: 'Event' });

interface EventRow {
  id: string;
  type: string;
  subjects: string[];
  data: Record<string, unknown>;
  actor: string;
  on_day: Day;
  recorded_at: Date;
}

function show({ on_day, recorded_at, ...row }: EventRow) {
  return { ...row, object: 'event' as const, on: on_day, recorded_at: recorded_at.toISOString() };
}

export async function listEvents(
  ctx: ReadContext,
  filter: { limit: number; cursor?: string | undefined; subject?: string | undefined; type?: string | undefined },
): Promise<Page<ReturnType<typeof show>>> {
  const rows = await query<EventRow>(
    ctx.reader,
    `select id, type, subjects, data, actor, on_day, recorded_at from event
     where organization_id = ? and (?::text is null or id < ?) and (?::text is null or subjects @> array[?::text])
       and (?::text is null or type = ?)
     order by id desc limit ?`,
    [
      ctx.organization.id,
      filter.cursor ?? null,
      filter.cursor ?? null,
      filter.subject ?? null,
      filter.subject ?? null,
      filter.type ?? null,
      filter.type ?? null,
      filter.limit + 1,
    ],
  );
  return pageOf(rows, filter.limit, show);
}
