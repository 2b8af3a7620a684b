import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table person (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      name text not null check (length(name) between 1 and 200),
      email text not null check (length(email) <= 254),
      role text not null check (role in ('viewer', 'desk', 'billing', 'releaser', 'auditor', 'admin')),
      is_operator boolean not null,
      password_hash text check (password_hash like 'scrypt$%'),
      password_changed_at timestamptz,
      invitation_hash text unique check (invitation_hash ~ '^[0-9a-f]{64}$'),
      invitation_expires_at timestamptz,
      disabled_at timestamptz,
      version integer not null,
      created_at timestamptz not null,
      constraint person_email_taken unique (organization_id, email),
      check ((invitation_hash is null) = (invitation_expires_at is null)),
      check ((password_hash is null) = (password_changed_at is null))
    );
    comment on table person is 'Somebody who works for an organization and signs in with a password. Customers are not here.';
    comment on column person.invitation_hash is 'SHA-256 of the token, good once, with which the person sets a password.';
    comment on column person.is_operator is 'May also make test organizations and look at the queues of the whole engine.';

    create table session (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      person_id text collate "C" not null references person,
      token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at timestamptz not null,
      ended_at timestamptz
    );
    comment on table session is 'A person signed in on one device. Only the SHA-256 of its token is kept.';
    create index session_person on session (person_id) where ended_at is null;

    create table sign_in_attempt (
      subject text primary key check (subject ~ '^[0-9a-f]{64}$'),
      failures integer not null check (failures >= 0),
      last_at timestamptz not null
    );
    comment on table sign_in_attempt is 'How often signing in failed for an account or from an address, both as hashes: what slows the next attempts down. It belongs to nobody, because an account that does not exist is counted alike.';

    create trigger person_told after update of role, is_operator, disabled_at, name on person
      for each row execute function tell_principals();
    create trigger session_told after update of expires_at, ended_at on session
      for each row execute function tell_principals();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table sign_in_attempt, session, person');
}
