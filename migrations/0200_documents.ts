import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table logo (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      media_type text not null check (media_type in ('image/png', 'image/jpeg')),
      bytes bytea not null check (length(bytes) between 1 and 1048576),
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      actor text not null,
      recorded_at timestamptz not null
    );
    comment on table logo is 'A picture for documents. Never changed: a document printed again later looks the same.';
    create trigger logo_append_only before update or delete on logo for each row execute function refuse_change();

    create table invoice_counter (
      organization_id text collate "C" not null references organization,
      series text not null,
      period text not null,
      pattern text not null,
      restarts text not null check (restarts in ('never', 'yearly')),
      value bigint not null check (value >= 1),
      last_issued_on date not null,
      primary key (organization_id, series, period)
    );
    comment on table invoice_counter is 'The last number given in a series. Its row is locked by the transaction that issues, so a number exists exactly when its document does.';
    comment on column invoice_counter.period is 'The year, where the series starts again every year; else empty.';

    create table invoice_body (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      contract_id text collate "C" not null references contract,
      kind text not null check (kind in ('invoice', 'credit_note')),
      corrects_id text collate "C" references invoice_body,
      issued_on date not null,
      currency text not null,
      gross_cents bigint not null check (gross_cents >= 0),
      document jsonb not null,
      look jsonb not null,
      actor text not null,
      job_id text collate "C",
      recorded_at timestamptz not null,
      check ((kind = 'credit_note') = (corrects_id is not null))
    );
    comment on table invoice_body is 'An issued document but its number: an invoice, or the credit note that takes it back in whole or in part. document holds everything else that it says, frozen; look what it is printed with. Read through the view invoice.';
    create index invoice_organization on invoice_body (organization_id, id desc);
    create index invoice_contract on invoice_body (contract_id, id desc);
    create index invoice_customer on invoice_body (customer_id, id desc);
    create index invoice_corrects on invoice_body (corrects_id) where corrects_id is not null;
    create trigger invoice_body_immutable before update or delete on invoice_body
      for each row execute function refuse_change();

    create table invoice_number (
      id text collate "C" primary key references invoice_body,
      organization_id text collate "C" not null,
      series text not null,
      period text not null,
      counter bigint not null,
      number text not null,
      constraint invoice_number_taken unique (organization_id, number),
      constraint invoice_counted_once unique (organization_id, series, period, counter)
    );
    comment on table invoice_number is 'The number of an issued document: apart from its body, so that the counter is locked for nothing but this row.';
    create trigger invoice_number_immutable before update or delete on invoice_number
      for each row execute function refuse_change();
    alter table invoice_body add constraint invoice_has_its_number foreign key (id) references invoice_number
      deferrable initially deferred;

    create view invoice as
      select body.id, body.organization_id, customer_id, contract_id, kind, corrects_id, series, period, counter, number, issued_on,
             currency, gross_cents, document || jsonb_build_object('number', number) as document, look, actor, job_id, recorded_at
      from invoice_body body join invoice_number on invoice_number.id = body.id;
    comment on view invoice is 'Issued documents, each with its number.';

    create table invoice_line (
      invoice_id text collate "C" not null references invoice_body,
      position integer not null check (position >= 1),
      organization_id text collate "C" not null references organization,
      contract_id text collate "C" not null references contract,
      instalment_id text collate "C" references instalment,
      fee_id text collate "C" references fee,
      sale_entry text,
      gross_cents bigint not null,
      live boolean not null,
      given_up boolean not null,
      primary key (invoice_id, position),
      check (num_nonnulls(instalment_id, fee_id) <= 1),
      check (not (live and given_up))
    );
    comment on table invoice_line is 'What an invoice''s line was made from. live: not taken back by credit notes; while it is, its instalment never moves and is on no other invoice.';
    comment on column invoice_line.sale_entry is 'The entry of the ledger that it documents.';
    comment on column invoice_line.given_up is 'Taken back whole, and nothing is owed for it any more: its instalment never comes back.';
    create index invoice_line_sale on invoice_line (sale_entry) where sale_entry is not null;
    create unique index instalment_invoiced_once on invoice_line (instalment_id) where live and instalment_id is not null;
    create unique index fee_invoiced_once on invoice_line (fee_id) where live and fee_id is not null;
    create index invoice_line_contract on invoice_line (contract_id) where live or given_up;
    create function keep_invoice_line() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and old.live and not new.live
         and to_jsonb(new) - 'live' - 'given_up' = to_jsonb(old) - 'live' - 'given_up' then
        return new;
      end if;
      raise exception 'a line of an invoice only ever stops being live' using errcode = 'restrict_violation';
    end $$;
    create trigger invoice_line_kept before update or delete on invoice_line
      for each row execute function keep_invoice_line();

    alter table customer add column business jsonb;
    comment on column customer.business is 'Set where the customer is no consumer: what invoices to businesses name.';

    create table invoice_file (
      invoice_id text collate "C" primary key references invoice_body,
      organization_id text collate "C" not null references organization,
      bytes bytea not null,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      pages integer not null,
      warnings jsonb not null,
      rendered_at timestamptz not null
    );
    comment on table invoice_file is 'The PDF of an issued document, as it was printed once.';
    alter table invoice_file alter column bytes set storage external;
    create trigger invoice_file_append_only before update or delete on invoice_file
      for each row execute function refuse_change();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customer drop column business;
    drop view invoice;
    drop table invoice_file, invoice_line, invoice_number, invoice_body, invoice_counter, logo;
    drop function keep_invoice_line();
  `);
}
