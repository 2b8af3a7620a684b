import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create extension if not exists btree_gist;

    create table customer (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      name text not null check (length(name) between 1 and 200),
      email text check (length(email) <= 254),
      locale text not null check (locale in ('fr', 'en', 'de')),
      address jsonb,
      birth_on date,
      external_id text check (length(external_id) <= 100),
      badge text check (length(badge) <= 100),
      version integer not null,
      created_at timestamptz not null,
      constraint customer_external_id_taken unique (organization_id, external_id),
      constraint customer_badge_taken unique (organization_id, badge)
    );
    comment on table customer is 'A person who pays and enters.';
    create index customer_organization on customer (organization_id, id desc);

    create table plan (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      name text not null check (length(name) between 1 and 200),
      kind text not null check (kind in ('membership', 'issues', 'credits')),
      terms jsonb not null,
      version integer not null,
      created_at timestamptz not null
    );
    comment on table plan is 'The template of what is sold; a contract copies its terms, so a later edit changes nothing sold.';
    create index plan_organization on plan (organization_id, id desc);

    create table contract (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      plan_id text collate "C" not null references plan,
      chain_id text collate "C" not null references contract,
      renews_id text collate "C" unique references contract,
      kind text not null check (kind in ('membership', 'issues', 'credits')),
      terms jsonb not null,
      method text not null check (method in ('direct_debit', 'cheque', 'cash', 'card', 'transfer')),
      starts_on date not null,
      ends_on date check (ends_on is null or ends_on >= starts_on - 1),
      materialised_until date,
      version integer not null,
      created_on date not null,
      created_at timestamptz not null,
      deleted_at timestamptz,
      constraint contract_periods_of_a_chain_overlap
        exclude using gist (chain_id with =, daterange(starts_on, ends_on + 1) with &&)
        where (deleted_at is null) deferrable initially deferred
    );
    comment on table contract is 'What a customer bought. terms is what was sold and never changes; starts_on and ends_on follow from terms and changes; one cancelled before it began ends the day before it begins.';
    comment on column contract.chain_id is 'The first contract of its line of renewals.';
    comment on column contract.materialised_until is 'Instalments due up to here are written down; null for a contract with an end, which has them all.';
    create index contract_organization on contract (organization_id, id desc);
    create index contract_customer on contract (customer_id);
    create index contract_deleted on contract (customer_id) where deleted_at is not null;
    create index contract_chain on contract (chain_id);
    create index contract_horizon on contract (organization_id, materialised_until) where ends_on is null and deleted_at is null;

    create table contract_change (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      contract_id text collate "C" not null references contract,
      kind text not null,
      data jsonb not null,
      actor text not null,
      job_id text collate "C",
      recorded_on date not null,
      recorded_at timestamptz not null,
      seq bigint generated always as identity
    );
    comment on table contract_change is 'What happened to a contract since it was sold: dated records that the schedule is computed from.';
    comment on column contract_change.seq is 'The order of recording; changes of one chain are recorded under its lock, so it is the order of commits.';
    create index contract_change_contract on contract_change (contract_id, seq);
    create trigger contract_change_append_only before update or delete on contract_change
      for each row execute function refuse_change();

    create table suspension (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      contract_id text collate "C" not null references contract,
      starts_on date not null,
      ends_on date,
      removed_on date,
      data jsonb not null
    );
    comment on table suspension is 'A suspension as its changes leave it, kept beside them so that SQL can ask who is suspended on a day.';
    create index suspension_contract on suspension (contract_id);
    create index suspension_organization on suspension (organization_id, id desc);

    create table instalment (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      contract_id text collate "C" not null references contract,
      customer_id text collate "C" not null references customer,
      number integer not null check (number >= 1),
      due_on date not null,
      amount_cents bigint not null check (amount_cents >= 0),
      status text not null check (status in ('scheduled', 'waived', 'collecting', 'paid', 'rejected', 'cancelled')),
      method text not null check (method in ('direct_debit', 'cheque', 'cash', 'card', 'transfer')),
      explains text[] not null,
      credited_cents bigint not null check (credited_cents >= 0),
      phase text not null generated always as (
        case when status in ('scheduled', 'collecting', 'rejected') then 'open' when status = 'waived' then 'waived' else 'done' end
      ) stored,
      unique (contract_id, number),
      check (status <> 'waived' or amount_cents = 0)
    ) with (fillfactor = 85);
    comment on table instalment is 'A dated amount that a contract makes due. Open ones follow the schedule function; the others are facts and never move.';
    -- Indexes name the phase and never the status: what goes to the bank and comes back then stays in its page, whose room is for that.
    comment on column instalment.phase is 'What is left to do with it: open, waived, done. Changes far less often than its status.';
    create index instalment_open on instalment (organization_id, due_on) where phase = 'open';
    create index instalment_waived on instalment (organization_id, due_on) where phase = 'waived';
    create index instalment_customer_open on instalment (customer_id, due_on) where phase = 'open';

    create table payment (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      instalment_id text collate "C" not null references instalment,
      amount_cents bigint not null check (amount_cents > 0),
      method text not null check (method in ('direct_debit', 'cheque', 'cash', 'card', 'transfer')),
      status text not null check (status in ('settled')),
      paid_on date not null,
      actor text not null,
      recorded_at timestamptz not null
    );
    comment on table payment is 'Money received against an instalment.';
    create unique index payment_once on payment (instalment_id) where status = 'settled';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table payment, instalment, suspension, contract_change, contract, plan, customer');
}
