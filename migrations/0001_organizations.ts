import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'restrict_violation';
    end $$;

    create table organization (
      id text collate "C" primary key,
      name text not null check (length(name) between 1 and 200),
      timezone text not null,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      locale text not null check (locale in ('fr', 'en', 'de')),
      test_today date,
      opened_on date,
      settings jsonb not null,
      version integer not null,
      created_at timestamptz not null
    );
    comment on table organization is 'A creditor: who sells the contracts and collects the money. Every other row belongs to one.';
    comment on column organization.test_today is 'The day of a test organization''s own clock; null for a live organization.';
    comment on column organization.opened_on is 'The last civil day whose daily work is done.';

    create table api_key (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
      label text not null,
      role text not null check (role in ('viewer', 'desk', 'billing', 'releaser', 'auditor', 'admin')),
      is_operator boolean not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz
    );
    comment on table api_key is 'A secret that says which organization calls and what it may do. Only its SHA-256 is kept.';
    comment on column api_key.is_operator is 'May also make test organizations and look at the queues of the whole engine.';
    create index api_key_organization on api_key (organization_id);

    create function tell_principals() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'organization' then
        perform pg_notify('principals', new.id);
      else
        perform pg_notify('principals', new.organization_id);
      end if;
      return null;
    end $$;
    comment on function tell_principals is 'Tells the API processes to forget what they remember of an organization and its keys.';
    create trigger organization_told after update on organization for each row execute function tell_principals();
    create trigger api_key_told after update on api_key for each row execute function tell_principals();

    create table idempotency_key (
      organization_id text collate "C" not null references organization,
      key text not null check (length(key) between 1 and 255),
      request_hash text not null,
      status integer not null,
      answer jsonb not null,
      job_id text collate "C",
      created_at timestamptz not null,
      primary key (organization_id, key)
    );
    comment on table idempotency_key is 'The answer that a request with this key was given, in the transaction that did its work.';
    create index idempotency_key_age on idempotency_key (created_at);

    create table event (
      id text collate "C" primary key,
      organization_id text collate "C" not null,
      type text not null,
      subjects text[] not null,
      data jsonb not null,
      actor text not null,
      job_id text collate "C",
      on_day date not null,
      recorded_at timestamptz not null
    );
    comment on table event is 'The append-only trail: what happened, to what, by whom, on which civil day. It has no foreign keys, because it is written in tens of thousands at a time; its chain refers to the organization.';
    create index event_organization on event (organization_id, id desc);
    create index event_subjects on event using gin (subjects);
    create trigger event_append_only before update or delete on event for each row execute function refuse_change();

    create table daily_run (
      organization_id text collate "C" not null references organization,
      on_day date not null,
      kind text not null,
      result jsonb not null,
      recorded_at timestamptz not null,
      primary key (organization_id, on_day, kind)
    );
    comment on table daily_run is 'One kind of daily work of one civil day, done: what makes it happen once.';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table daily_run, event, idempotency_key, api_key, organization;
    drop function refuse_change();
    drop function tell_principals();
  `);
}
