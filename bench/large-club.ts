/** A club of many members, written at once, as it looks after a year of work. */
import { writeContext } from '../src/context.ts';
import type { Day } from '../src/domain/day.ts';
import { cents } from '../src/domain/money.ts';
import { newId } from '../src/ids.ts';
import { planTerms } from '../src/schemas/plan.ts';
import { createOrganization } from '../src/services/create-organization.ts';
import { commitOperation } from '../src/services/operation.ts';
import { operations } from '../src/services/operations.ts';
import { type PaidInstalment, recordPayments } from '../src/services/record-payments.ts';
import { reviewAccess } from '../src/services/refresh-access.ts';
import { type Database, query, type Trx } from '../src/store/database.ts';
import { findOrganization } from '../src/store/organizations.ts';

const TODAY = '2010-12-31' as Day;
const AT_ONCE = 5000;

/** Members join from January to December 2010 for twelve instalments each. */
export async function fillClub(database: Database, customers: number): Promise<void> {
  const { id } = await database.transaction((trx) =>
    createOrganization(
      trx,
      { name: 'Large', timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: TODAY },
      new Date(),
    ),
  );
  await database.raw(`update organization set opened_on = '${TODAY}'`);
  await database.raw(sold(id, customers));
  await database.raw('vacuum analyze');
  const organization = (await findOrganization(database, id))!;
  const ctx = (trx: Trx) => writeContext(trx, organization, 'bench', new Date());
  const due = await query<PaidInstalment>(
    database,
    `select id, customer_id as customer, amount_cents as amount, method, due_on from instalment
     where due_on <= ? and not (number = 1 and substr(customer_id, 5)::int % 10 = 0) order by contract_id, number`,
    [TODAY],
  );
  for (let at = 0; at < due.length; at += AT_ONCE) {
    await database.transaction((trx) => recordPayments(ctx(trx), due.slice(at, at + AT_ONCE)));
    // What was planned for empty tables takes for ever on full ones.
    if (at === 0) await database.raw('analyze');
  }
  await database.transaction((trx) => reviewAccess(ctx(trx)));
  for (let n = 20; n <= customers; n += 20) {
    if (n % 365 < 60) continue;
    await database.transaction((trx) =>
      commitOperation(ctx(trx), 'suspend-contract', operations['suspend-contract'], {
        contract: `ctr_${n}`,
        suspension: { starts_on: '2011-01-10', days: 45, amount: cents(200), reason: 'Jambe cassée' },
        new_ids: { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] },
      }),
    );
  }
  await database.raw('vacuum analyze');
}

function sold(organization: string, customers: number): string {
  const plan = planTerms.parse({ amount: 5900, term_months: 12, instalments: 12 });
  const at = `'${organization}'`;
  const started = `('2010-01-01'::date + n % 365)`;
  const amount = '5000 + 100 * (n % 10)';
  const fixed = JSON.stringify({
    interval_months: 1,
    instalments: 12,
    method: 'cash',
    freeze: plan.freeze,
    shift_unit: plan.shift_unit,
    notice_days: 0,
  });
  const ended = `(${started} + interval '1 year - 1 day')::date`;
  const terms = `'${fixed}'::jsonb || jsonb_build_object('starts_on', ${started}, 'ends_on', ${ended}, 'first_due_on', ${started}, 'amount', ${amount})`;
  return `
    insert into customer (id, organization_id, name, locale, version, created_at)
      select 'cus_' || n, ${at}, 'Member', 'fr', 1, now() from generate_series(1, ${customers}) n;
    insert into plan (id, organization_id, name, kind, terms, version, created_at)
      values ('pln_1', ${at}, 'Year', 'membership', '${JSON.stringify(plan)}', 1, now());
    insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on, version, created_on, created_at)
      select 'ctr_' || n, ${at}, 'cus_' || n, 'pln_1', 'ctr_' || n, 'membership', ${terms}, 'cash',
             ${started}, ${ended}, 0, ${started}, now() from generate_series(1, ${customers}) n;
    insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method, explains, credited_cents)
      select 'ins_' || n || '_' || m, ${at}, 'ctr_' || n, 'cus_' || n, m, ${started} + make_interval(months => m - 1),
             ${amount}, 'scheduled', 'cash', '{}', 0 from generate_series(1, ${customers}) n, generate_series(1, 12) m;
    insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at, finished_at)
      select 'job_' || n, ${at}, 'extend-horizon', 'work', '{"contracts":["ctr_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"]}', 'calendar', 'done', 1, 0, now(), now(), now()
      from generate_series(1, ${customers}) n;
    insert into event (id, organization_id, type, subjects, data, actor, on_day, recorded_at)
      select 'evt_' || n, ${at}, 'contract.signed', array['ctr_' || n], '{"plan":"pln_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"}', 'key:x', '2010-07-05', now()
      from generate_series(1, ${customers} * 2) n;`;
}
