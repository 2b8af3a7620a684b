/** Contracts loaded in bulk: one organization, each contract with its customer and a year of instalments. */

import { writeContext } from '../src/context.ts';
import { addDays, addMonths, day } from '../src/domain/day.ts';
import { newId } from '../src/ids.ts';
import { newPlan, planTerms } from '../src/schemas/plan.ts';
import { createOrganization } from '../src/services/create-organization.ts';
import { createPlan } from '../src/services/create-plan.ts';
import type { Database } from '../src/store/database.ts';

export interface LoadedContracts {
  organization: string;
  contracts: string[];
}

const TODAY = day('2026-07-12');
const INSTALMENTS = 14;
const ROWS_AT_ONCE = 10_000;

/** Open-ended and written down for 14 months, or with a term of so many months, all written down. */
export async function loadContracts(
  database: Database,
  count: number,
  name: string,
  termMonths: number | null = null,
): Promise<LoadedContracts> {
  return database.transaction(async (trx) => {
    const organization = await createOrganization(
      trx,
      { name, timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: TODAY },
      new Date(),
    );
    const ctx = writeContext(trx, organization, 'bench', new Date());
    const plan = await createPlan(ctx, newPlan.parse({ name: 'Gym', kind: 'membership', amount: 5900 }));
    const sold = planTerms.parse({ amount: 5900 });
    const starts_on = day('2026-07-05');
    const ends_on = termMonths === null ? null : addDays(addMonths(starts_on, termMonths), -1);
    const terms = JSON.stringify({
      starts_on,
      ends_on,
      first_due_on: starts_on,
      interval_months: 1,
      instalments: null,
      amount: 5900,
      method: 'direct_debit',
      freeze: sold.freeze,
      shift_unit: sold.shift_unit,
      notice_days: 0,
    });
    const rows = Array.from({ length: count }, () => ({ customer: newId('cus'), contract: newId('ctr') }));
    const numbers = Array.from({ length: termMonths ?? INSTALMENTS }, (_, at) => ({
      number: at + 1,
      due_on: addMonths(starts_on, at),
    }));
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await loadRows(rows.slice(at, at + ROWS_AT_ONCE));
    return { organization: organization.id, contracts: rows.map((row) => row.contract) };

    async function loadRows(part: typeof rows) {
      const given = JSON.stringify(part);
      await trx.raw(
        `insert into customer (id, organization_id, name, locale, version, created_at)
       select customer, ?, 'Bench', 'fr', 1, now() from jsonb_to_recordset(?::jsonb) as row (customer text)`,
        [organization.id, given],
      );
      await trx.raw(
        `insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on,
                             materialised_until, version, created_on, created_at)
       select contract, ?, customer, ?, contract, 'membership', ?::jsonb, 'direct_debit', ?, ?, ?, 1, ?, now()
       from jsonb_to_recordset(?::jsonb) as row (customer text, contract text)`,
        [
          organization.id,
          plan,
          terms,
          starts_on,
          ends_on,
          ends_on === null ? addMonths(TODAY, 13) : null,
          TODAY,
          given,
        ],
      );
      await trx.raw(
        `insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method,
                               explains, credited_cents)
       select 'ins_' || substr(contract, 5) || lpad(n.number::text, 3, '0'), ?, contract, customer, n.number, n.due_on, 5900,
              case when n.number = 1 then 'paid' else 'scheduled' end, 'direct_debit', '{}', 0
       from jsonb_to_recordset(?::jsonb) as row (customer text, contract text),
            jsonb_to_recordset(?::jsonb) as n (number int, due_on date)`,
        [organization.id, given, JSON.stringify(numbers)],
      );
    }
  });
}
