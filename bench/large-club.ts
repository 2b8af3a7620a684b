/**
 * A club of many members and a review to subscribe to, written at once: what was signed before the first day of its year.
 * The year's work is done by the engine itself (`year-of-work.ts`).
 */
import type { Organization } from '../src/context.ts';
import type { Day } from '../src/domain/day.ts';
import { planTerms } from '../src/schemas/plan.ts';
import { createOrganization } from '../src/services/create-organization.ts';
import type { Database } from '../src/store/database.ts';
import { ibanPurpose } from '../src/store/mandates.ts';
import { theSealer } from '../src/store/sealing.ts';
import { seller } from '../test/http/invoicing.ts';

export const FIRST_DAY = '2010-01-01' as Day;
export const LAST_DAY = '2010-12-31' as Day;
/** Written ahead from the last day, as the daily work would have. */
const WRITTEN_UNTIL = '2012-01-31' as Day;

/** Every so many-th customer … */
export const EVERY = {
  /** … pays at the desk, the others by direct debit; */
  desk: 7,
  /** … has a contract without end, the others one of a year; */
  endless: 4,
  /** … subscribes to the review besides. */
  review: 20,
} as const;

const PUBLICATION = 'pub_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB';
const FEE = { article: 'rejection_fee', label: 'Frais de rejet', amount: 1000, tax_rate_bps: 2000 };

/**
 * Members join on every day of 2010, at ten prices, with an address, a badge and a mandate; each with a contract of
 * twelve monthly instalments or one without end, written down until January 2012.
 */
export async function signClub(database: Database, customers: number): Promise<Organization> {
  process.env.ENCRYPTION_KEYS ??= `bench:${Buffer.alloc(32, 7).toString('base64')}`;
  const organization = await database.transaction((trx) =>
    createOrganization(
      trx,
      { name: 'Large', timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: FIRST_DAY },
      new Date(),
    ),
  );
  await database.raw(
    `update organization set settings = jsonb_set(jsonb_set(settings, '{rejections,fee}', ?::jsonb), '{invoicing,seller}', ?::jsonb)
     where id = ?`,
    [JSON.stringify(FEE), JSON.stringify(seller), organization.id],
  );
  const sealer = theSealer();
  const purpose = ibanPurpose(organization.id);
  const iban = 'FR7630006000011234567890189';
  await database.transaction(async (trx) => {
    // Foreign keys looked at row by row cost more than the rows; the doctor looks at them all.
    await trx.raw('set local session_replication_role = replica; set local statement_timeout = 0');
    await trx.raw(signed(organization.id, customers, sealer.seal(iban, purpose), sealer.index(iban, purpose)));
  });
  await database.raw('vacuum analyze');
  return organization;
}

function signed(organization: string, customers: number, sealed: string, index: string): string {
  const year = planTerms.parse({ amount: 5900, term_months: 12, instalments: 12 });
  const endless = planTerms.parse({ amount: 4900 });
  const review = planTerms.parse({ amount: 7200, publication: PUBLICATION, issues: 12 });
  const at = `'${organization}'`;
  const everybody = `generate_series(1, ${customers}) n`;
  const started = `('2010-01-01'::date + n % 365)`;
  const ended = `(${started} + interval '1 year - 1 day')::date`;
  const amount = '5000 + 100 * (n % 10)';
  const isEndless = `n % ${EVERY.endless} = 0`;
  const isReader = `n % ${EVERY.review} = 0`;
  const method = `case when n % ${EVERY.desk} = 0 then 'card' else 'direct_debit' end`;
  const plan = `case when ${isEndless} then 'pln_endless' else 'pln_year' end`;
  const fixed = { interval_months: 1, freeze: year.freeze, shift_unit: year.shift_unit, notice_days: 0 };
  const sold = (more: string) =>
    `'${JSON.stringify(fixed)}'::jsonb || jsonb_build_object('starts_on', ${started}, 'first_due_on', ${started}, ${more})`;
  const terms =
    sold(`'method', ${method}, 'amount', ${amount}, 'ends_on', case when ${isEndless} then null else ${ended} end,
    'instalments', case when ${isEndless} then null else 12 end`);
  // Monthly: the first one that is published after the day it was sold on.
  const issues = `jsonb_build_object('publication', '${PUBLICATION}', 'first', extract(month from ${started})::int + 1, 'count', 12)`;
  const readerTerms = sold(`'method', 'card', 'amount', 7200, 'ends_on', null, 'instalments', 1, 'issues', ${issues}`);
  const months = `(12 * (date '${WRITTEN_UNTIL}' - ${started}) / 365 + 2)`;
  const dueOn = `(${started} + make_interval(months => m - 1))::date`;
  return `
    insert into customer (id, organization_id, name, email, locale, address, badge, version, created_at, access_review_on)
      select 'cus_' || n, ${at}, 'Member ' || n, 'member.' || n || '@club.example', 'fr',
             jsonb_build_object('street', n || ' rue des Lilas', 'postcode', '69005', 'town', 'Lyon', 'country', 'FR'),
             'B' || n, 1, now(), '${FIRST_DAY}' from ${everybody};
    insert into plan (id, organization_id, name, kind, terms, version, created_at) values
      ('pln_year', ${at}, 'Year', 'membership', '${JSON.stringify(year)}', 1, now()),
      ('pln_endless', ${at}, 'Month by month', 'membership', '${JSON.stringify(endless)}', 1, now()),
      ('pln_review', ${at}, 'Review', 'issues', '${JSON.stringify(review)}', 1, now());
    insert into publication (id, organization_id, name, version, created_at) values ('${PUBLICATION}', ${at}, 'Review', 1, now());
    insert into publication_issue (publication_id, number, organization_id, published_on)
      select '${PUBLICATION}', m, ${at}, ('2009-12-31'::date + make_interval(months => m))::date from generate_series(1, 36) m;
    insert into mandate (id, organization_id, customer_id, reference, scheme, kind, state, signed_on, sealed_iban, iban_index,
        iban_country, iban_last4, account_change_untold, version, created_at)
      select 'man_' || n, ${at}, 'cus_' || n, 'RUM-' || n, 'CORE', 'recurrent', 'active', '2009-12-01', '${sealed}', '${index}',
             'FR', '0189', false, 1, now() from ${everybody} where n % ${EVERY.desk} <> 0;
    insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on, version,
        created_on, created_at, mandate_id, materialised_until)
      select 'ctr_' || n, ${at}, 'cus_' || n, ${plan}, 'ctr_' || n, 'membership', ${terms}, ${method}, ${started},
             case when ${isEndless} then null else ${ended} end, 0, ${started}, now(),
             case when n % ${EVERY.desk} <> 0 then 'man_' || n end, case when ${isEndless} then date '${WRITTEN_UNTIL}' end
      from ${everybody};
    insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on, version,
        created_on, created_at, publication_id)
      select 'ctr_r' || n, ${at}, 'cus_' || n, 'pln_review', 'ctr_r' || n, 'issues', ${readerTerms}, 'card', ${started}, null, 0,
             ${started}, now(), '${PUBLICATION}' from ${everybody} where ${isReader};
    insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method, explains, credited_cents)
      select 'ins_' || n || '_' || m, ${at}, 'ctr_' || n, 'cus_' || n, m, ${dueOn}, ${amount}, 'scheduled', ${method}, '{}', 0
      from ${everybody}, lateral generate_series(1, case when ${isEndless} then ${months} else 12 end) m
      where not ${isEndless} or ${dueOn} <= '${WRITTEN_UNTIL}';
    insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method, explains, credited_cents)
      select 'ins_r' || n, ${at}, 'ctr_r' || n, 'cus_' || n, 1, ${started}, 7200, 'scheduled', 'card', '{}', 0
      from ${everybody} where ${isReader};
    insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at, finished_at)
      select 'job_' || n, ${at}, 'extend-horizon', 'work', '{"contracts":["ctr_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"]}', 'calendar', 'done', 1, 0, now(), now(), now()
      from ${everybody};
    insert into idempotency_key (organization_id, key, request_hash, status, answer, created_at)
      select ${at}, 'signed-' || n, 'x', 201, '{"object":"contract","id":"ctr_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"}', now()
      from ${everybody} where n % 10 = 0;
    insert into event (id, organization_id, type, subjects, data, actor, on_day, recorded_at)
      select 'evt_0' || n, ${at}, 'customer.created', array['cus_' || n], '{}', 'key:x', '2010-01-01', now() from ${everybody};
    insert into event (id, organization_id, type, subjects, data, actor, on_day, recorded_at)
      select 'evt_00' || n, ${at}, 'contract.signed', array['ctr_' || n], '{"plan":"pln_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB"}', 'key:x', '2010-01-01', now()
      from ${everybody};`;
}
