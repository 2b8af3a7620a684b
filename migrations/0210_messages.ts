import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table mail_text (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      kind text not null,
      locale text not null check (locale in ('fr', 'en', 'de')),
      version integer not null check (version >= 1),
      subject text not null check (length(subject) between 1 and 300),
      body text not null check (length(body) between 1 and 10000),
      actor text not null,
      recorded_on date not null,
      recorded_at timestamptz not null,
      unique (organization_id, kind, locale, version)
    );
    comment on table mail_text is 'A version of a text that an organization wrote itself. The newest one is used; each message names its own.';
    create trigger mail_text_append_only before update or delete on mail_text for each row execute function refuse_change();

    create table message (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      contract_id text collate "C" references contract,
      kind text not null check (kind in
        ('reminder', 'payment_reminder', 'prenotification', 'receipt', 'rejection_notice', 'invoice', 'access_blocked')),
      subject_id text collate "C" not null,
      stage integer not null check (stage >= 1),
      channel text not null check (channel in ('email', 'letter')),
      text_kind text not null,
      text_id text collate "C" references mail_text,
      language text not null check (language in ('fr', 'en', 'de')),
      state text not null check (state in ('queued', 'sending', 'sent', 'refused', 'unknown', 'skipped', 'to_print')),
      reason text,
      reply text check (length(reply) <= 500),
      recipient text check (length(recipient) <= 254),
      message_id text check (length(message_id) <= 400),
      subject_line text check (length(subject_line) <= 300),
      facts jsonb,
      amount_cents bigint not null check (amount_cents >= 0),
      fee_cents bigint not null check (fee_cents >= 0),
      fee_id text collate "C" references fee,
      blocks boolean not null,
      due_on date not null,
      made_on date not null,
      ended_on date,
      ready_on date,
      posted_on date,
      sending_job_id text collate "C",
      actor text not null,
      version integer not null,
      recorded_at timestamptz not null,
      ended_at timestamptz,
      constraint message_once unique (organization_id, kind, subject_id, stage),
      check ((state = 'sending') = (sending_job_id is not null)),
      check (state <> 'to_print' or (channel = 'letter' and ready_on is not null)),
      check (posted_on is null or (ready_on is not null and state = 'sent')),
      constraint message_says_something check (state not in ('sending', 'sent', 'to_print', 'unknown') or facts is not null),
      check (state not in ('refused', 'skipped') or reason is not null)
    );
    comment on table message is 'A dated message to a customer about money: one per kind, subject and stage, however often anything runs.';
    comment on column message.subject_id is 'What it speaks of: a debt, a planned debit, a payment.';
    comment on column message.stage is 'The stage of the reminders, or 1, 2, 3 … of messages that a person sent or that were announced anew.';
    comment on column message.facts is 'What was said, without the words: the text is made from it again when somebody looks. It holds no account number.';
    comment on column message.fee_id is 'The fee that was sold with it, once it had gone out.';
    comment on column message.message_id is 'The Message-ID, the same however often it is tried.';
    comment on column message.ready_on is 'The day on which a letter was made ready to print: the day that stands on it, and from which it counts as sent.';
    comment on column message.posted_on is 'The day on which a person posted the letter.';
    comment on column message.sending_job_id is 'The job that is handing it to the mail server. A job that finds its own id here died in between.';
    create index message_organization on message (organization_id, id desc);
    create index message_customer on message (customer_id, id desc);
    create index message_blocks on message (customer_id) where blocks;
    create index message_contract on message (contract_id, id desc) where contract_id is not null;
    create index message_letters on message (organization_id, ready_on, id) where ready_on is not null;
    create index message_open on message (organization_id) where state in ('queued', 'sending');
    create index message_attention on message (organization_id, id desc) where state in ('unknown', 'to_print', 'refused');

    create index payment_rejected_lately on payment (organization_id, rejected_on) where state = 'rejected';
    create index payment_settled_lately on payment (organization_id, paid_on) where state = 'settled';
    create index invoice_issued_lately on invoice_body (organization_id, issued_on) where kind = 'invoice';
    create index customer_blocked_lately on customer (organization_id, access_since_on)
      where access_state = 'blocked' and access_reason = 'debt';

    create table suppressed_address (
      organization_id text collate "C" not null references organization,
      address text not null check (length(address) <= 254),
      reply text not null,
      message_id text collate "C" references message,
      recorded_on date not null,
      recorded_at timestamptz not null,
      primary key (organization_id, address)
    );
    comment on table suppressed_address is 'An address that a mail server refused for good: nothing is sent there until it is taken off the list.';

    alter table promise add column amount_cents bigint check (amount_cents > 0);
    comment on column promise.amount_cents is 'What was promised; null: all that is owed.';

    create table reminder_hold (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      customer_id text collate "C" not null references customer,
      debt_id text collate "C",
      until_on date,
      note text check (length(note) <= 500),
      lifted_on date,
      actor text not null,
      recorded_on date not null,
      recorded_at timestamptz not null
    );
    comment on table reminder_hold is 'A person keeps a customer, or one debt, from reminders: up to and including a day, or until it is lifted.';
    create index reminder_hold_customer on reminder_hold (customer_id) where lifted_on is null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index payment_rejected_lately, invoice_issued_lately, customer_blocked_lately;
    drop table reminder_hold, suppressed_address, message, mail_text;
    alter table promise drop column amount_cents;
  `);
}
