import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table api_key
      add column last_used_on date,
      add column replaces_id text collate "C" unique references api_key;
    comment on column api_key.last_used_on is 'The last day it was used on, in the organization''s timezone; written once a day.';
    comment on column api_key.replaces_id is 'The key that it was made to replace, which works until its overlap ends.';
    -- That a key was used is no reason to forget who it is.
    drop trigger api_key_told on api_key;
    create trigger api_key_told after update of role, is_operator, expires_at, revoked_at on api_key
      for each row execute function tell_principals();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger api_key_told on api_key;
    create trigger api_key_told after update on api_key for each row execute function tell_principals();
    alter table api_key drop column last_used_on, drop column replaces_id;
  `);
}
