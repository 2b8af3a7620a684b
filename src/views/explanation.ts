/** Why an instalment or an issue is what it is: the changes that made it so, in words. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { sayChange } from '../domain/contract-changes/say-change.ts';
import type { Day } from '../domain/day.ts';
import type { Change } from '../domain/schedule/changes.ts';
import { dayField } from '../schemas/fields.ts';

export const explanationsField = z
  .array(
    z.object({
      change: z.string(),
      kind: z.string(),
      suspension: z.string().nullable(),
      recorded_on: dayField,
      actor: z.string(),
      detail: z.string().meta({ description: 'The change in words, in the reader’s language.' }),
    }),
  )
  .meta({ description: 'The changes that made it what it is.' });

export interface Explaining {
  change: Change;
  recorded_on: Day;
  actor: string;
}

/** Of a row `c` of `contract_change`. */
export const explainingSql = `json_build_object('change', c.data || jsonb_build_object('id', c.id, 'kind', c.kind),
                                              'recorded_on', c.recorded_on, 'actor', c.actor)`;

export function showExplanation({ change, recorded_on, actor }: Explaining, ctx: ReadContext) {
  return {
    change: change.id,
    kind: change.kind,
    suspension: 'suspension' in change ? change.suspension : null,
    recorded_on,
    actor,
    detail: sayChange(change, ctx.organization.currency, ctx.language),
  };
}
