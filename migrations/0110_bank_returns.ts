import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table bank_message (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      byte_count bigint not null check (byte_count >= 0),
      kind text check (length(kind) <= 40),
      state text not null check (state in ('received', 'applied', 'refused')),
      refusal jsonb,
      report jsonb,
      entry_count integer check (entry_count >= 0),
      received_on date not null,
      applied_on date,
      actor text not null,
      recorded_at timestamptz not null,
      unique (organization_id, sha256),
      check ((state = 'applied') = (applied_on is not null)),
      check ((state = 'applied') = (entry_count is not null)),
      check ((state = 'refused') = (refusal is not null))
    );
    comment on table bank_message is 'A file that the bank sent. The same bytes are the same file.';
    comment on column bank_message.sha256 is 'Of the bytes as they came.';
    comment on column bank_message.entry_count is 'How many entries of it are kept.';
    create index bank_message_organization on bank_message (organization_id, id desc);

    create table bank_message_part (
      organization_id text collate "C" not null,
      message_id text collate "C" not null references bank_message,
      number integer not null check (number >= 1),
      sealed_bytes bytea not null,
      primary key (message_id, number)
    );
    comment on table bank_message_part is 'The bytes of a bank''s file as they came, in pieces, compressed and sealed: they hold account numbers.';
    create trigger bank_message_part_append_only before update or delete on bank_message_part
      for each row execute function refuse_change();

    create table bank_entry (
      id bigint generated always as identity primary key,
      organization_id text collate "C" not null,
      message_id text collate "C" references bank_message,
      position integer,
      group_id bigint references bank_entry,
      level text not null check (level in ('group', 'payment_information', 'entry', 'transaction')),
      covers_all boolean not null,
      kind text not null check (kind in ('accepted', 'settled', 'presumed_settled', 'rejected', 'returned', 'refunded', 'reversed', 'unknown')),
      on_day date not null,
      reason_code text,
      amount_cents bigint,
      currency text,
      charge_cents bigint,
      end_to_end_id text,
      mandate_reference text,
      account_index text,
      original_message_id text,
      payment_information_id text,
      line_id text collate "C" references collection_line,
      effect text not null check (effect in ('told', 'applied', 'repeated', 'noted', 'waiting', 'unmatched', 'spread')),
      booked text[] not null,
      why text,
      detail jsonb not null,
      unique (message_id, position),
      unique (group_id, line_id),
      check ((effect = 'applied') = (cardinality(booked) > 0)),
      check ((effect in ('unmatched', 'spread')) = (line_id is null) or effect = 'repeated'),
      check (kind <> 'unknown' or line_id is null)
    );
    comment on table bank_entry is 'One thing that is told about one direct debit, by a bank''s file, by hand, or by a waiting time that has passed. What matches no debit is kept and matched again later.';
    comment on column bank_entry.message_id is 'Null for what was entered by hand or presumed after a waiting time.';
    comment on column bank_entry.group_id is 'The word about a whole group from which this one about a debit follows.';
    comment on column bank_entry.account_index is 'The debtor''s account as mandates are found by it: a keyed hash.';
    comment on column bank_entry.effect is 'told: being weighed in this transaction; applied: it booked something; repeated: told before; noted: nothing is to be booked; waiting: a rule refused it; unmatched: names no debit of ours; spread: a group, told on to its debits.';
    comment on column bank_entry.booked is 'Keys of the effects that it brought, such as reopen/1: each belongs to one entry.';
    create index bank_entry_line on bank_entry (line_id) where line_id is not null;
    create index bank_entry_told on bank_entry (organization_id, id) where effect = 'told';
    create index bank_entry_unmatched on bank_entry (organization_id, end_to_end_id) where effect = 'unmatched';

    create table bank_decision (
      organization_id text collate "C" not null references organization,
      message_id text collate "C" not null references bank_message,
      reason_code text not null,
      represent boolean not null,
      fee boolean not null,
      due_on date,
      payment_count integer not null check (payment_count >= 0),
      represented_count integer not null check (represented_count >= 0),
      left_count integer not null check (left_count >= 0),
      actor text not null,
      decided_on date not null,
      recorded_at timestamptz not null,
      primary key (message_id, reason_code)
    );
    comment on table bank_decision is 'What a person decided for all the returns of one reason in one file of the bank; an empty reason is that none was told.';

    alter table fee drop constraint fee_kind_check,
      add constraint fee_kind_check check (kind in ('rejection', 'cancellation', 'refund', 'other'));
    comment on column fee.kind is 'refund: what was given back of a payment that then came back whole; owed, and nobody''s income.';
    create unique index fee_refund_once on fee (payment_id) where kind = 'refund';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index fee_refund_once;
    alter table fee drop constraint fee_kind_check,
      add constraint fee_kind_check check (kind in ('rejection', 'cancellation', 'other'));
    drop table bank_decision, bank_entry, bank_message_part, bank_message;
  `);
}
