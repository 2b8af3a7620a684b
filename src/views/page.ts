/** Lists: newest first, a page at a time, the cursor being the last id shown. */
import { z } from 'zod';

export interface Page<Item> {
  object: 'list';
  data: Item[];
  has_more: boolean;
  next_cursor: string | null;
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'How many at most.' }),
  cursor: z
    .string()
    .regex(/^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$/, { error: 'not_an_id' })
    .optional()
    .meta({ description: '`next_cursor` of the page before.' }),
};

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });
}

/** Makes a page of `limit + 1` rows read. */
export function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const has_more = rows.length > limit;
  return { object: 'list', data: shown.map(show), has_more, next_cursor: has_more ? (shown.at(-1)?.id ?? null) : null };
}
