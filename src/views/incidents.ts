/** Incidents: issues that subscribers did not get, with who entered them and why. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const incidentSchema = z
  .object({
    id: z.string(),
    object: z.literal('incident'),
    contract: z.string(),
    customer: z.string(),
    from_on: dayField,
    to_on: dayField,
    reason: z.string(),
    actor: z.string(),
    recorded_on: dayField,
    removed_on: dayField.nullable(),
  })
  .meta({ id: 'Incident' });

interface IncidentRow {
  /** Of the change that recorded it. */
  id: string;
  incident: string;
  contract_id: string;
  customer_id: string;
  from_on: Day;
  to_on: Day;
  reason: string;
  actor: string;
  recorded_on: Day;
  removed_on: Day | null;
}

const select = `
  select change.id, change.data ->> 'incident' as incident, change.contract_id, contract.customer_id,
    change.data ->> 'from_on' as from_on, change.data ->> 'to_on' as to_on, change.data ->> 'reason' as reason,
    change.actor, change.recorded_on,
    (select removal.recorded_on from contract_change removal
     where removal.contract_id = change.contract_id and removal.kind = 'incident_removed'
       and removal.data ->> 'incident' = change.data ->> 'incident') as removed_on
  from contract_change change join contract on contract.id = change.contract_id and contract.deleted_at is null
  where change.organization_id = ? and change.kind = 'incident_recorded'`;

function show({ id: _, incident, contract_id, customer_id, ...row }: IncidentRow) {
  return { id: incident, object: 'incident' as const, contract: contract_id, customer: customer_id, ...row };
}

/** @throws Refusal `not_found`. */
export async function findIncident(ctx: ReadContext, contract: string, id: string) {
  const row = await queryOne<IncidentRow>(
    ctx.reader,
    `${select} and change.contract_id = ? and change.data ->> 'incident' = ?`,
    [ctx.organization.id, contract, id],
    'find-incident',
  );
  if (!row) throw new Refusal('not_found');
  return show(row);
}

/** Newest first, those removed included. */
export async function listIncidents(
  ctx: ReadContext,
  filter: {
    limit: number;
    cursor?: string | undefined;
    contract?: string | undefined;
    customer?: string | undefined;
  },
): Promise<Page<ReturnType<typeof show>>> {
  const { cursor = null, contract = null, customer = null, limit } = filter;
  const rows = await query<IncidentRow>(
    ctx.reader,
    `${select} and (?::text is null or change.id < ?) and (?::text is null or change.contract_id = ?)
       and (?::text is null or contract.customer_id = ?)
     order by change.id desc limit ?`,
    [ctx.organization.id, cursor, cursor, contract, contract, customer, customer, limit + 1],
  );
  return pageOf(rows, limit, show);
}
