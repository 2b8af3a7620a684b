import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customer
      add column erased_at timestamptz,
      add column books_kept_until_on date,
      add constraint customer_erased_is_nobody check (erased_at is null or (name = id and email is null
        and address is null and business is null and birth_on is null and external_id is null and badge is null));
    comment on column customer.erased_at is 'When everything that tells who it was was erased. The books stay, under the id.';
    comment on column customer.books_kept_until_on is 'Invoices and bank files that name the erased customer are kept by law up to this day.';

    alter table message drop constraint message_says_something, add constraint message_says_something check
      (state not in ('sending', 'sent', 'to_print', 'unknown') or facts is not null or reason = 'erased');

    create function without_words(value jsonb) returns jsonb language plpgsql immutable as $$
    begin
      case jsonb_typeof(value)
        when 'object' then
          return coalesce((select jsonb_object_agg(key, without_words(inner_value)) from jsonb_each(value) as pair (key, inner_value)), '{}');
        when 'array' then
          return coalesce((select jsonb_agg(without_words(item) order by place)
                           from jsonb_array_elements(value) with ordinality as list (item, place)), '[]');
        when 'string' then
          return case when value #>> '{}' ~ '^([a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}|[0-9]{4}-[0-9]{2}-[0-9]{2})$' then value else '""' end;
        else
          return value;
      end case;
    end $$;
    comment on function without_words is 'Keeps the shape, numbers, ids and days; every other text is emptied, whatever it said.';
    create function without_reasons(data jsonb) returns jsonb language sql immutable
      return data || coalesce((select jsonb_object_agg(key, '') from jsonb_each(data) as pair (key, inner_value)
                               where key in ('reason', 'note', 'label') and jsonb_typeof(inner_value) = 'string'), '{}');
    comment on function without_reasons is 'Empties what somebody wrote why; what a schedule is computed from stays.';

    create function keep_but_for_erasure() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and current_setting('echeance.erasing', true) = 'on'
         and to_jsonb(new) - tg_argv[0] = to_jsonb(old) - tg_argv[0] then
        return new;
      end if;
      raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'restrict_violation';
    end $$;
    comment on function keep_but_for_erasure is 'Append-only, but for the one column that an erasure empties.';
    drop trigger event_append_only on event;
    create trigger event_append_only before update or delete on event
      for each row execute function keep_but_for_erasure('data');
    drop trigger event_link_append_only on event_link;
    create trigger event_link_append_only before update or delete on event_link
      for each row execute function keep_but_for_erasure('data_salt');
    drop trigger contract_change_append_only on contract_change;
    create trigger contract_change_append_only before update or delete on contract_change
      for each row execute function keep_but_for_erasure('data');
    drop trigger credit_movement_append_only on credit_movement;
    create trigger credit_movement_append_only before update or delete on credit_movement
      for each row execute function keep_but_for_erasure('reason');
  `);
}

export async function down(knex: Knex): Promise<void> {
  const tables = ['event', 'event_link', 'contract_change', 'credit_movement'];
  await knex.raw(`
    ${tables
      .map(
        (table) => `drop trigger ${table}_append_only on ${table};
    create trigger ${table}_append_only before update or delete on ${table} for each row execute function refuse_change();`,
      )
      .join('\n')}
    drop function keep_but_for_erasure();
    drop function without_reasons(jsonb);
    drop function without_words(jsonb);
    alter table message drop constraint message_says_something, add constraint message_says_something check
      (state not in ('sending', 'sent', 'to_print', 'unknown') or facts is not null);
    alter table customer drop constraint customer_erased_is_nobody, drop column erased_at, drop column books_kept_until_on;
  `);
}
