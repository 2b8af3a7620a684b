import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A contract that is cancelled before its first day ends on the day before it: an empty period.
    alter table contract
      add column cancelled_on date,
      add column credits_left integer check (credits_left >= 0),
      drop constraint contract_check,
      drop constraint contract_periods_of_a_chain_overlap,
      drop constraint contract_renews_id_key,
      add constraint contract_ends_before_it_begins check (ends_on is null or ends_on >= starts_on - 1),
      add constraint contract_credits_of_a_pack check ((kind = 'credits') = (credits_left is not null)),
      add constraint contract_periods_of_a_chain_overlap
        exclude using gist (chain_id with =, daterange(starts_on, ends_on + 1) with &&)
        where (deleted_at is null) deferrable initially deferred;
    comment on column contract.cancelled_on is 'The last day of a contract that was cancelled; null while it is not.';
    comment on column contract.credits_left is 'What is left of a credit pack: what was sold and its movements, never below zero.';
    create unique index contract_renewed_once on contract (renews_id) where deleted_at is null;
    create index contract_ending on contract (organization_id, ends_on)
      where ends_on is not null and cancelled_on is null and deleted_at is null;

    create index contract_organization_chain on contract (organization_id, chain_id) where deleted_at is null;

    alter table fee add column change_id text collate "C" references contract_change;
    comment on column fee.change_id is 'The cancellation that brought it.';
    create unique index fee_of_change on fee (change_id) where change_id is not null;

    create table credit_movement (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      contract_id text collate "C" not null references contract,
      delta integer not null check (delta <> 0),
      balance integer not null check (balance >= 0),
      reason text not null,
      actor text not null,
      recorded_on date not null,
      recorded_at timestamptz not null
    );
    comment on table credit_movement is 'Credits of a pack added or taken by somebody, and what was left then. Append-only.';
    create index credit_movement_contract on credit_movement (contract_id, id desc);
    create trigger credit_movement_append_only before update or delete on credit_movement
      for each row execute function refuse_change();

    create table closure (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      plan_id text collate "C" references plan,
      starts_on date not null,
      ends_on date not null check (ends_on >= starts_on),
      terms jsonb not null,
      state text not null check (state in ('closing', 'closed', 'undoing', 'undone')),
      cursor text collate "C" not null,
      totals jsonb not null,
      version integer not null,
      actor text not null,
      created_on date not null,
      created_at timestamptz not null,
      removed_on date
    );
    comment on table closure is 'A time in which an organization, or what one plan sells, is closed: it suspends every contract that runs then.';
    comment on column closure.cursor is 'The last chain that the running job has done, committed with it: a job started again goes on from here.';
    create index closure_organization on closure (organization_id, id desc);

    create table closure_left_out (
      closure_id text collate "C" not null references closure,
      contract_id text collate "C" not null references contract,
      organization_id text collate "C" not null references organization,
      doing text not null check (doing in ('closing', 'undoing')),
      code text not null,
      params jsonb not null,
      primary key (closure_id, contract_id, doing)
    );
    comment on table closure_left_out is 'A contract that a closure could not suspend, or not undo, and the refusal that says why.';

    alter table suspension add column closure_id text collate "C" generated always as (data ->> 'closure') stored;
    create index suspension_closure on suspension (closure_id, contract_id) where closure_id is not null and removed_on is null;
    create index suspension_unlimited on suspension (organization_id) where ends_on is null and removed_on is null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table closure_left_out, closure, credit_movement;
    alter table fee drop column change_id;
    drop index suspension_unlimited;
    alter table suspension drop column closure_id;
    drop index contract_organization_chain, contract_ending, contract_renewed_once;
    alter table contract
      drop constraint contract_periods_of_a_chain_overlap,
      drop constraint contract_credits_of_a_pack,
      drop constraint contract_ends_before_it_begins,
      drop column credits_left,
      drop column cancelled_on,
      add constraint contract_renews_id_key unique (renews_id),
      add constraint contract_check check (ends_on is null or ends_on >= starts_on),
      add constraint contract_periods_of_a_chain_overlap
        exclude using gist (chain_id with =, daterange(starts_on, ends_on, '[]') with &&)
        where (deleted_at is null) deferrable initially deferred;
  `);
}
