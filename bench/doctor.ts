/** How long the doctor looks at a hundred thousand customers: `node --import tsx bench/doctor.ts [customers]`. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../src/doctor/examine.ts';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { planTerms } from '../src/schemas/plan.ts';
import { createOrganization } from '../src/services/create-organization.ts';
import { connectDatabase, type Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';

const customers = Number(process.argv[2] ?? 100_000);
const directory = join(tmpdir(), `echeance-bench-doctor-${process.pid}`);
const server = await startEmbeddedPostgres({ directory, durability: 'none', temporary: true });
try {
  await migrate(server.url);
  const database = connectDatabase(server.url, { max: 5 });
  await fill(database);
  const began = performance.now();
  const findings = await examine(database);
  const took = performance.now() - began;
  for (const { invariant, violations, ms } of findings.sort((a, b) => b.ms - a.ms).slice(0, 8)) {
    console.log(`${invariant.name}: ${Math.round(ms)} ms, ${violations.length} broken ${violations[0]?.detail ?? ''}`);
  }
  console.log(`${findings.length} rules over ${customers} customers of 12 instalments: ${Math.round(took)} ms`);
  await database.destroy();
} finally {
  await server.stop();
}

async function fill(database: Database): Promise<void> {
  const organization = await database.transaction((trx) =>
    createOrganization(
      trx,
      { name: 'Large', timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: '2010-07-05' as never },
      new Date(),
    ),
  );
  const plan = planTerms.parse({ amount: 5900, term_months: 12, instalments: 12 });
  const terms = {
    starts_on: '2010-07-05',
    ends_on: '2011-07-04',
    first_due_on: '2010-07-05',
    interval_months: 1,
    instalments: 12,
    amount: 5900,
    method: 'cash',
    freeze: plan.freeze,
    shift_unit: plan.shift_unit,
    notice_days: 0,
  };
  const at = `'${organization.id}'`;
  await database.raw(`
    insert into customer (id, organization_id, name, locale, version, created_at)
      select 'cus_' || n, ${at}, 'Member', 'fr', 1, now() from generate_series(1, ${customers}) n;
    insert into plan (id, organization_id, name, kind, terms, version, created_at)
      values ('pln_1', ${at}, 'Year', 'membership', '${JSON.stringify(plan)}', 1, now());
    insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on, version, created_on, created_at)
      select 'ctr_' || n, ${at}, 'cus_' || n, 'pln_1', 'ctr_' || n, 'membership', '${JSON.stringify(terms)}', 'cash',
             '2010-07-05', '2011-07-04', 0, '2010-07-05', now() from generate_series(1, ${customers}) n;
    insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method, explains, credited_cents)
      select 'ins_' || n || '_' || m, ${at}, 'ctr_' || n, 'cus_' || n, m, '2010-07-05'::date + make_interval(months => m - 1),
             5900, 'scheduled', 'cash', '{}', 0 from generate_series(1, ${customers}) n, generate_series(1, 12) m;
    insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at, finished_at)
      select 'job_' || n, ${at}, 'extend-horizon', 'work', '{"contracts":["ctr_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"]}', 'calendar', 'done', 1, 0, now(), now(), now()
      from generate_series(1, ${customers}) n;
    insert into event (id, organization_id, type, subjects, data, actor, on_day, recorded_at)
      select 'evt_' || n, ${at}, 'contract.signed', array['ctr_' || n], '{"plan":"pln_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"}', 'key:x', '2010-07-05', now()
      from generate_series(1, ${customers} * 2) n;
  `);
  await database.raw('vacuum analyze');
}
