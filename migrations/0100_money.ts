import type { Knex } from 'knex';

const methods = "('direct_debit', 'cheque', 'cash', 'card', 'transfer')";
const accounts =
  "('receivable', 'customer_credit', 'in_flight', 'bank', 'cash', 'cheques', 'cards', 'revenue', 'fee_income', 'tax', 'bank_charges', 'write_off')";

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table payment;

    create aggregate sum_cents(bigint) (sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe);
    comment on aggregate sum_cents(bigint) is 'A sum that stays a bigint, a fifth faster over many small groups; what leaves its range is an error. Zero where there is nothing.';

    create function refuse_truncate() returns trigger language plpgsql as $$
    begin
      raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'restrict_violation';
    end $$;

    create table mandate (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      reference text not null check (length(reference) between 1 and 35),
      scheme text not null check (scheme in ('CORE', 'B2B')),
      kind text not null check (kind in ('recurrent', 'one_off')),
      state text not null check (state in ('active', 'suspended', 'revoked', 'expired', 'used')),
      suspended_for text check (suspended_for in ('account', 'signature', 'person')),
      signed_on date not null,
      last_collected_on date,
      sealed_iban text not null,
      iban_index text not null,
      iban_country text not null check (iban_country ~ '^[A-Z]{2}$'),
      iban_last4 text not null check (length(iban_last4) = 4),
      account_change_untold boolean not null,
      known_collection_id text collate "C",
      version integer not null,
      created_at timestamptz not null,
      constraint mandate_reference_taken unique (organization_id, reference),
      check ((state = 'suspended') = (suspended_for is not null))
    );
    comment on table mandate is 'A debtor''s permission to collect from an account. The IBAN is sealed; it is found by its keyed index and shown by its last four characters.';
    comment on column mandate.account_change_untold is 'The account changed under the same mandate and the bank has not taken a collection that says so.';
    comment on column mandate.known_collection_id is 'The collection by which the debtor''s bank knows the creditor: the last one that it has taken, and before that the first one presented.';
    create index mandate_customer on mandate (customer_id, id desc);
    create index mandate_iban on mandate (organization_id, iban_index);

    -- A collection writes on every contract and mandate at once: room in their pages for a second version of each spares their indexes.
    alter table contract set (fillfactor = 45);
    alter table mandate set (fillfactor = 45);

    alter table contract
      add column mandate_id text collate "C" references mandate,
      add column tax_rate_bps integer not null default 0 check (tax_rate_bps between 0 and 10000);
    comment on column contract.mandate_id is 'The mandate its instalments are collected on; null: the customer''s newest one that can be used.';

    alter table instalment
      add column sold_cents bigint check (sold_cents >= 0),
      add column sold_revision integer not null default 0 check (sold_revision >= 0),
      add column covered_cents bigint not null default 0 check (covered_cents >= 0),
      add column reopened_on date,
      add check ((sold_cents is null) = (sold_revision = 0)),
      add check (covered_cents <= coalesce(sold_cents, 0));
    comment on column instalment.sold_cents is 'What the ledger has sold of it; null: not yet.';
    comment on column instalment.covered_cents is 'What of that is paid or with the bank. The rest is owed.';
    comment on column instalment.reopened_on is 'The day on which it was last learned that a payment of it had come back.';

    create table fee (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      kind text not null check (kind in ('rejection', 'cancellation', 'other')),
      article text,
      label text not null check (length(label) between 1 and 200),
      amount_cents bigint not null check (amount_cents > 0),
      tax_rate_bps integer not null check (tax_rate_bps between 0 and 10000),
      due_on date not null,
      follows_id text collate "C" references instalment,
      payment_id text collate "C",
      sold_cents bigint not null check (sold_cents >= 0),
      covered_cents bigint not null check (covered_cents >= 0),
      reopened_on date,
      recorded_on date not null,
      recorded_at timestamptz not null,
      check (covered_cents <= sold_cents),
      check (sold_cents <= amount_cents)
    );
    comment on table fee is 'Something sold beside instalments, such as the fee of a rejection. sold_cents is less than its amount where a part was waived.';
    comment on column fee.follows_id is 'The instalment that it is paid with.';
    comment on column fee.payment_id is 'The payment whose rejection brought it.';
    create index fee_customer on fee (customer_id, due_on);
    create index fee_open on fee (customer_id) where covered_cents < sold_cents;
    create index fee_payment on fee (payment_id) where payment_id is not null;

    create table collection (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      state text not null check (state in ('drafting', 'draft', 'releasing', 'released', 'sent', 'closed', 'cancelled')),
      until_on date not null,
      drafted_on date not null,
      drafted_by text not null,
      released_on date,
      released_by text,
      sent_on date,
      done_through text collate "C",
      format text not null check (format in ('pain.008.001.08', 'pain.008.001.02')),
      message_id text check (length(message_id) <= 35),
      creditor jsonb,
      line_count integer not null,
      total_cents bigint not null,
      largest_cents bigint not null,
      new_account_count integer not null,
      left_out_count integer not null,
      findings jsonb not null,
      file_bytes bigint,
      file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
      version integer not null,
      recorded_at timestamptz not null,
      unique (organization_id, message_id)
    );
    comment on table collection is 'The direct debits that are sent to the bank together.';
    comment on column collection.done_through is 'How far a draft or release that works in steps has come: the last customer done.';
    comment on column collection.creditor is 'Name and identifier under which it was released.';
    create index collection_organization on collection (organization_id, id desc);

    create table payment (
      id text collate "C" primary key,
      organization_id text collate "C" not null,
      customer_id text collate "C" not null references customer,
      state text not null check (state in ('pending', 'collecting', 'settled', 'rejected', 'refunded', 'cancelled')),
      amount_cents bigint not null check (amount_cents > 0),
      credit_cents bigint not null check (credit_cents >= 0),
      method text not null check (method in ${methods}),
      label text check (length(label) <= 140),
      due_on date not null,
      paid_on date,
      mandate_id text collate "C" references mandate,
      attempt integer not null check (attempt >= 1),
      first_attempt_id text collate "C" not null,
      rejections integer not null check (rejections >= 0),
      rejected_on date,
      reason_code text,
      needs_person boolean not null,
      refunded_cents bigint not null check (refunded_cents between 0 and amount_cents),
      actor text not null,
      version integer not null,
      recorded_at timestamptz not null,
      check (state <> 'settled' or paid_on is not null),
      check (credit_cents <= amount_cents)
    );
    comment on table payment is 'Money asked for or received. Its history is in the trail, its money in the ledger.';
    comment on column payment.paid_on is 'The day it was received, or handed to the bank.';
    comment on column payment.attempt is '1 asks for the first time; a representment counts on.';
    comment on column payment.rejections is 'How often it came back.';
    create index payment_customer on payment (customer_id, id);
    create index payment_open on payment (customer_id) where state in ('pending', 'collecting');
    create index payment_to_collect on payment (organization_id, due_on) where state = 'pending' and method = 'direct_debit';
    create index payment_first_attempt on payment (first_attempt_id);
    create index payment_person on payment (organization_id, id) where needs_person;

    create table payment_part (
      organization_id text collate "C" not null,
      payment_id text collate "C" not null references payment,
      claim_id text collate "C" not null,
      customer_id text collate "C" not null,
      position integer not null,
      amount_cents bigint not null check (amount_cents > 0),
      primary key (payment_id, claim_id)
    );
    comment on table payment_part is 'What of a payment is for one claim (instalment or fee).';
    create index payment_part_claim on payment_part (claim_id);

    create table posting (
      id bigint generated always as identity primary key,
      organization_id text collate "C" not null,
      customer_id text collate "C",
      claim_id text collate "C",
      payment_id text collate "C",
      debit text not null check (debit in ${accounts}),
      credit text not null check (credit in ${accounts}),
      amount_cents bigint not null check (amount_cents > 0),
      effective_on date not null,
      cause text collate "C" not null,
      entry text collate "C" not null,
      reverses text collate "C",
      recorded_on date not null,
      recorded_at timestamptz not null,
      constraint posting_cause_taken unique (organization_id, cause),
      check (debit <> credit),
      check ((debit = 'receivable' or credit = 'receivable') = (claim_id is not null)),
      check (customer_id is not null or not (debit in ('receivable', 'customer_credit') or credit in ('receivable', 'customer_credit')))
    );
    comment on table posting is 'The ledger: an amount that moves from the credited account to the debited one, once, for one cause. Never changed; taken back by a row that reverses it. It has no foreign keys, because it is written in hundreds of thousands at a time; the invariants that they would hold are checked by the doctor.';
    create index posting_customer on posting (customer_id, id) where customer_id is not null;
    create index posting_claim on posting (claim_id) where claim_id is not null;
    create index posting_payment on posting (payment_id) where payment_id is not null;
    create index posting_credit on posting (organization_id, customer_id)
      where credit = 'customer_credit' or debit = 'customer_credit';
    create index posting_day on posting (organization_id, effective_on);
    create trigger posting_append_only before update or delete on posting for each row execute function refuse_change();
    create trigger posting_never_emptied before truncate on posting for each statement execute function refuse_truncate();
    revoke update, delete, truncate on posting from public, current_user;

    create table collection_line (
      id text collate "C" primary key,
      organization_id text collate "C" not null,
      collection_id text collate "C" not null references collection,
      customer_id text collate "C" not null,
      contract_id text collate "C",
      instalment_id text collate "C",
      payment_id text collate "C",
      amount_cents bigint not null check (amount_cents > 0),
      due_on date not null,
      collection_on date not null,
      mandate_id text collate "C" not null,
      sequence_type text not null check (sequence_type in ('FRST', 'RCUR', 'OOFF')),
      amendment text check (amendment in ('SMNDA')),
      state text not null check (state in ('drafted', 'taken_out', 'in_flight', 'settled', 'failed', 'cancelled')),
      reason text,
      check (num_nonnulls(instalment_id, payment_id) >= 1),
      check ((state = 'taken_out') = (reason is not null)),
      check (state in ('drafted', 'taken_out') or payment_id is not null)
    );
    comment on table collection_line is 'One direct debit of a collection: an instalment, or a payment asked for again. Its id, with a hyphen, is the end-to-end id.';
    comment on column collection_line.instalment_id is 'Set where it asks for the instalment itself.';
    create index collection_line_collection on collection_line (collection_id, id);
    create unique index instalment_presented_once on collection_line (instalment_id)
      where state = 'in_flight' and instalment_id is not null;
    create unique index payment_presented_once on collection_line (payment_id)
      where state in ('in_flight', 'settled', 'failed') and payment_id is not null;
    create index collection_line_flying on collection_line (organization_id, collection_on) where state = 'in_flight';
    create index collection_line_mandate on collection_line (mandate_id) where state in ('in_flight', 'settled', 'failed');

    create table collection_left_out (
      organization_id text collate "C" not null,
      collection_id text collate "C" not null references collection,
      subject_id text collate "C" not null,
      kind text not null check (kind in ('instalment', 'representment')),
      customer_id text collate "C" not null,
      amount_cents bigint not null,
      due_on date not null,
      reason text not null,
      primary key (collection_id, subject_id)
    );
    comment on table collection_left_out is 'What was due and is not in a collection, and why.';

    create table collection_file_part (
      organization_id text collate "C" not null,
      collection_id text collate "C" not null references collection,
      number integer not null check (number >= 1),
      bytes bytea not null,
      primary key (collection_id, number)
    );
    comment on table collection_file_part is 'The bytes of a bank file as it was written, once, in pieces.';
    create trigger collection_file_append_only before update or delete on collection_file_part
      for each row execute function refuse_change();

    create table promise (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      until_on date not null,
      note text check (length(note) <= 500),
      withdrawn_on date,
      actor text not null,
      recorded_on date not null,
      recorded_at timestamptz not null
    );
    comment on table promise is 'A customer''s word to pay by a day: until then no block, no reminder, no collection.';
    create index promise_customer on promise (customer_id, until_on) where withdrawn_on is null;

    alter table customer
      add column access_state text not null default 'blocked' check (access_state in ('active', 'suspended', 'blocked')),
      add column access_reason text default 'no_contract',
      add column access_detail text,
      add column access_since_on date,
      add column access_until_on date,
      add column access_review_on date,
      add column deceased_on date,
      add column collections_stopped_on date;
    comment on column customer.access_state is 'May the customer enter? As of the last evaluation; it holds until the day before access_review_on.';
    comment on column customer.access_review_on is 'The first day on which something known today changes the answer; null: none.';
    create index customer_access_review on customer (organization_id, access_review_on) where access_review_on is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customer
      drop column access_state, drop column access_reason, drop column access_detail, drop column access_since_on,
      drop column access_until_on, drop column access_review_on,
      drop column deceased_on, drop column collections_stopped_on;
    drop table promise, collection_file_part, collection_left_out, collection_line, posting,
      payment_part, payment, collection, fee;
    alter table instalment
      drop column sold_cents, drop column sold_revision, drop column covered_cents, drop column reopened_on;
    alter table contract drop column mandate_id, drop column tax_rate_bps;
    drop table mandate;
    drop function refuse_truncate();
    drop aggregate sum_cents(bigint);
    create table payment (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      instalment_id text collate "C" not null references instalment,
      amount_cents bigint not null check (amount_cents > 0),
      method text not null,
      status text not null,
      paid_on date not null,
      actor text not null,
      recorded_at timestamptz not null
    );
  `);
}
