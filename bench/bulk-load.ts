/**
 * A club as large as wanted, loaded in bulk by the server itself: customers with badge, mandate and contract, and twelve
 * monthly instalments each, half of them paid. One in a hundred has not paid the last one.
 *
 * The instalments of a contract lie side by side, as signing writes them: all at once.
 * Indexes are made after the rows, and foreign keys are not looked at while they come: both cost more than the rows.
 */
import type { Day } from '../src/domain/day.ts';
import { createOrganization } from '../src/services/create-organization.ts';
import type { Database, Trx } from '../src/store/database.ts';
import { ibanPurpose } from '../src/store/mandates.ts';
import { theSealer } from '../src/store/sealing.ts';

export const INSTALMENTS = 12;
/** Sealed accounts are costly to make and nothing here looks whose they are: so many, handed round. */
const ACCOUNTS = 500;

export interface LargeClub {
  organization: string;
  today: Day;
  customers: number;
  /** Rows per second, indexes included. */
  rate: string;
}

/** Due days are spread over the month where `due` is null, else all on that day of it. */
export async function loadLargeClub(
  database: Database,
  given: { customers: number; name: string; today: Day; due: number | null; late: boolean },
): Promise<LargeClub> {
  process.env.ENCRYPTION_KEYS ??= `bench:${Buffer.alloc(32, 7).toString('base64')}`;
  const started = performance.now();
  const organization = await database.transaction((trx) =>
    createOrganization(
      trx,
      { name: given.name, timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: given.today },
      new Date(),
    ),
  );
  await database.transaction(async (trx) => {
    await trx.raw('set local session_replication_role = replica');
    await trx.raw('set local statement_timeout = 0');
    await trx.raw(`set local maintenance_work_mem = '512MB'`);
    const indexes = await dropIndexes(trx, ['customer', 'mandate', 'contract', 'instalment']);
    await rows(trx, organization.id, given);
    for (const { definition } of indexes) await trx.raw(definition);
  });
  const seconds = (performance.now() - started) / 1000;
  const count = given.customers * (INSTALMENTS + 3);
  await database.raw('set statement_timeout = 0');
  await database.raw('vacuum analyze customer, mandate, contract, instalment');
  const rate = `${count} rows loaded in ${seconds.toFixed(1)} s, indexes included: ${Math.round(count / seconds)} rows/s`;
  process.stdout.write(`       ${rate}\n`);
  return { organization: organization.id, today: given.today, customers: given.customers, rate };
}

async function dropIndexes(trx: Trx, tables: readonly string[]): Promise<{ definition: string }[]> {
  const { rows: found } = (await trx.raw(
    `select index.indexrelid::regclass::text as name, pg_get_indexdef(index.indexrelid) as definition
     from pg_index index where index.indrelid = any(?::regclass[])
       and not exists (select 1 from pg_constraint where conindid = index.indexrelid)`,
    [`{${tables.join(',')}}`],
  )) as { rows: { name: string; definition: string }[] };
  for (const { name } of found) await trx.raw(`drop index ${name}`);
  return found;
}

async function rows(
  trx: Trx,
  organization: string,
  { customers, today, due, late }: { customers: number; today: Day; due: number | null; late: boolean },
): Promise<void> {
  const sealer = theSealer();
  const purpose = ibanPurpose(organization);
  const sealed = Array.from({ length: ACCOUNTS }, () => sealer.seal('FR7630006000011234567890189', purpose));
  const tag = organization.slice(-8);
  const id = (prefix: string, n = 'n') => `'${prefix}_01KAJ5M3T0' || '${tag}' || lpad(${n}::text, 8, '0')`;
  const anchor = due === null ? 'n % 28 + 1' : String(due);
  const month = `date_trunc('month', '${today}'::date)::date`;
  // The sixth instalment is the last one due: on the anchor of this month, or of the one before.
  const dueOf = (k: string) =>
    `(${month} + (${anchor} - 1) + make_interval(months => ${k} - 6 - case when ${anchor} >= extract(day from '${today}'::date) then 1 else 0 end))::date`;
  const isLate = late ? 'n % 100 = 0' : 'false';
  await trx.raw(
    `insert into plan (id, organization_id, name, kind, terms, version, created_at)
     values ('pln_${tag}', ?, 'Gym', 'membership', '{}', 1, now())`,
    [organization],
  );
  await trx.raw(
    `insert into customer (id, organization_id, name, locale, badge, version, created_at, access_state, access_reason, access_since_on,
       access_review_on)
     select ${id('cus')}, ?, 'Member ' || n, 'fr', 'B' || n, 1, now(), 'active', null, '2009-01-01',
       case when ${isLate} then '${today}'::date else ${dueOf('7')} + 1 end
     from generate_series(1, ${customers}) n`,
    [organization],
  );
  await trx.raw(
    `insert into mandate (id, organization_id, customer_id, reference, scheme, kind, state, signed_on, last_collected_on, sealed_iban,
       iban_index, iban_country, iban_last4, account_change_untold, version, created_at)
     select ${id('mdt')}, ?, ${id('cus')}, 'RUM-' || n, 'CORE', 'recurrent', 'active', '2009-01-01', ${dueOf('6')},
       (?::text[])[n % ${ACCOUNTS} + 1], 'x', 'FR', '0189', false, 1, now() from generate_series(1, ${customers}) n`,
    [organization, sealed],
  );
  await trx.raw(
    `insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, version, created_on,
       created_at, mandate_id, materialised_until)
     select ${id('ctr')}, ?, ${id('cus')}, 'pln_${tag}', ${id('ctr')}, 'membership', '{}', 'direct_debit', '2009-01-01', 1, '2009-01-01',
       now(), ${id('mdt')}, '2030-01-01' from generate_series(1, ${customers}) n`,
    [organization],
  );
  await trx.raw(
    `insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method, explains,
       credited_cents, sold_cents, sold_revision, covered_cents)
     select ${id('ins', '(n * 12 + k - 12)')}, ?, ${id('ctr')}, ${id('cus')}, k, ${dueOf('k')}, 5900,
       case when k > 6 or k = 6 and ${isLate} then 'scheduled' else 'paid' end, 'direct_debit', '{}', 0,
       case when k <= 6 then 5900 end, case when k <= 6 then 1 else 0 end, case when k > 6 or k = 6 and ${isLate} then 0 else 5900 end
     from generate_series(0, ${customers * INSTALMENTS - 1}) i, lateral (select i / ${INSTALMENTS} + 1 as n, i % ${INSTALMENTS} + 1 as k) one`,
    [organization],
  );
}
