import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table organization add column restored_at timestamptz;
    comment on column organization.restored_at is 'When it was noticed that the data come from a backup, while nobody has confirmed that collecting and mailing may go on.';

    create table installation (
      one boolean primary key check (one),
      identity jsonb not null,
      written_by text not null,
      recorded_at timestamptz not null
    );
    comment on table installation is 'Where these data have been running. It is written in one transaction and names it, so that a copy that was loaded from a dump can be told from it.';
    create sequence installation_beat;
    comment on sequence installation_beat is 'Counts on as long as the installation runs; what is kept outside tells whether it went back.';

    create function installation_identity() returns jsonb language sql stable
      return jsonb_build_object(
        'system', (select system_identifier::text from pg_control_system()),
        'timeline', left(pg_walfile_name(pg_current_wal_lsn()), 8),
        'database', (select oid::bigint from pg_database where datname = current_database()),
        'table', 'installation'::regclass::oid::bigint);
    create function came_from_a_backup() returns boolean language sql stable
      return exists (select from installation
                     where identity <> installation_identity() or written_by <> installation.xmin::text);
    comment on function came_from_a_backup is 'Another cluster, another timeline, another database, or tables made and filled anew.';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function came_from_a_backup();
    drop function installation_identity();
    drop sequence installation_beat;
    drop table installation;
    alter table organization drop column restored_at;
  `);
}
