import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table event_link (
      organization_id text collate "C" not null references organization,
      seq bigint not null check (seq >= 1),
      event_id text collate "C" not null unique,
      data_salt bytea check (length(data_salt) = 16),
      data_digest bytea not null check (length(data_digest) = 32),
      hash_before bytea not null check (length(hash_before) = 32),
      hash bytea not null check (length(hash) = 32),
      linked_at timestamptz not null,
      primary key (organization_id, seq)
    );
    comment on table event_link is 'The place of an event in its organization''s chain, numbered without gap: a hash over what the event says, a salted digest of its data, and the hash before. It has no foreign key to the event, because it is written in thousands at a time; the doctor checks it.';
    comment on column event_link.hash_before is 'The hash of the link before, kept here so that each link can be looked at by itself; of the first, what its chain begins with.';
    comment on column event_link.data_salt is 'Null once the data were erased: the digest then says nothing, and the chain holds.';
    create trigger event_link_append_only before update or delete on event_link for each row execute function refuse_change();
    create trigger event_link_never_emptied before truncate on event_link for each statement execute function refuse_truncate();
    create trigger event_never_emptied before truncate on event for each statement execute function refuse_truncate();

    create table trail_head (
      organization_id text collate "C" not null references organization,
      seq bigint not null check (seq >= 1),
      hash text not null check (hash ~ '^[0-9a-f]{64}$'),
      actor text not null,
      recorded_at timestamptz not null,
      primary key (organization_id, seq)
    );
    comment on table trail_head is 'The end of the chain as it was handed out, for somebody to keep elsewhere.';
    create trigger trail_head_append_only before update or delete on trail_head for each row execute function refuse_change();

    -- Stable, as what they call is: functions that say less are written into the statements that use them, which halves the cost.
    create function event_data_digest(salt bytea, data jsonb) returns bytea language sql stable parallel safe
      return sha256(salt || convert_to(data::text, 'UTF8'));
    comment on function event_data_digest is 'jsonb writes its keys in one order, so its text is canonical.';

    -- Texts that are joined cost half of what a row written as text costs.
    create function event_words(event event, data_digest bytea) returns bytea language sql stable parallel safe
      return convert_to(concat_ws(E'\\n', (event).id, (event).organization_id, (event).type, cardinality((event).subjects),
          array_to_string((event).subjects, ' '), (event).actor, coalesce((event).job_id, '')), 'UTF8')
        || date_send((event).on_day) || timestamptz_send((event).recorded_at) || data_digest;
    comment on function event_words is 'What an event says, its data by their digest alone. No id, type or actor has a line break, no subject a space, and the subjects are counted: so no two events say the same. Days and instants are numbers, so no setting of the session is in it.';

    create function chain_step(state bytea, first bytea, words bytea) returns bytea language sql immutable parallel safe
      return sha256(coalesce(state, first) || words);
    create aggregate chain_hash(first bytea, words bytea) (sfunc = chain_step, stype = bytea);
    comment on aggregate chain_hash (bytea, bytea) is 'Hashes what events say one after the other, beginning with the hash before the first.';
    create function chain_origin(organization_id text) returns bytea language sql stable parallel safe
      return sha256(convert_to('echeance trail ' || organization_id, 'UTF8'));
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function chain_origin(text);
    drop aggregate chain_hash(bytea, bytea);
    drop function chain_step(bytea, bytea, bytea);
    drop function event_words(event, bytea);
    drop function event_data_digest(bytea, jsonb);
    drop trigger event_never_emptied on event;
    drop table trail_head, event_link;
  `);
}
