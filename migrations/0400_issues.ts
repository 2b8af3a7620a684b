import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table publication (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      name text not null check (length(name) between 1 and 200),
      version integer not null,
      created_at timestamptz not null,
      constraint publication_name_taken unique (organization_id, name)
    );
    comment on table publication is 'A magazine or review whose issues are sold by subscription.';
    comment on column publication.version is 'Rises with every change of its issues.';
    create index publication_organization on publication (organization_id, id desc);

    create table publication_issue (
      publication_id text collate "C" not null references publication,
      number integer not null check (number >= 1),
      organization_id text collate "C" not null references organization,
      published_on date not null,
      primary key (publication_id, number),
      unique (publication_id, published_on)
    );
    comment on table publication_issue is 'An issue with its number and the day it is published; who gets it follows from the contracts and their changes.';

    alter table contract add column publication_id text collate "C" references publication,
      add constraint contract_publication_of_issues check ((kind = 'issues') = (publication_id is not null));
    comment on column contract.publication_id is 'Of an issue subscription: what it subscribes to; which issues is in its terms.';
    create index contract_publication on contract (publication_id, id) where publication_id is not null and deleted_at is null;
    create index contract_change_incident on contract_change (organization_id, id desc) where kind = 'incident_recorded';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index contract_change_incident;
    alter table contract drop constraint contract_publication_of_issues, drop column publication_id;
    drop table publication_issue, publication;
  `);
}
