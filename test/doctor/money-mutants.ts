/** For each rule about money, statements that break it, on the club of `collected-club.ts`. */
export const moneyMutants: Record<string, string> = {
  postings_balance: `alter table posting drop constraint posting_check; update posting set credit = debit where id = (select min(id) from posting)`,
  reversals_fit: `update posting set amount_cents = amount_cents + 1 where reverses is not null`,
  claims_equal_ledger: `delete from posting where id = (select max(id) from posting where credit = 'revenue')`,
  owed_from_two_sides: `update payment set amount_cents = amount_cents + 1 where state = 'settled'`,
  payments_equal_ledger: `update payment set state = 'settled' where state = 'rejected'`,
  in_flight_is_with_the_bank: `delete from posting where debit = 'bank' and credit = 'in_flight'`,
  parts_sum_to_payments: `delete from payment_part where payment_id in (select id from payment where state = 'settled')`,
  nothing_asked_twice: `update payment_part set amount_cents = amount_cents + 1 where payment_id in (select id from payment where state = 'pending')`,
  refunds_within_receipts: `update payment set refunded_cents = 1 where state = 'settled'`,
  credit_never_negative: `insert into posting (organization_id, customer_id, claim_id, debit, credit, amount_cents, effective_on, cause, entry, recorded_on, recorded_at)
    select organization_id, customer_id, claim_id, 'customer_credit', 'receivable', 1000000, effective_on, 'x', 'x', recorded_on, recorded_at
    from posting where claim_id is not null limit 1`,
  due_is_sold: `update instalment set sold_cents = null, sold_revision = 0, covered_cents = 0, status = 'scheduled' where sold_cents is not null`,
  status_equals_money: `update instalment set status = 'paid' where status = 'scheduled' and sold_cents is null`,
  one_live_presentation: `drop index payment_presented_once; update collection_line set payment_id = (select min(payment_id) from collection_line where state = 'settled')
    where state in ('in_flight', 'settled')`,
  lines_equal_payments: `update collection_line set state = 'settled' where state = 'in_flight'`,
  nothing_waived_is_collected: `update instalment set status = 'waived', amount_cents = 0 where status = 'collecting'`,
  collections_sum_up: `update collection set total_cents = total_cents + 1 where file_sha256 is not null`,
  files_as_written: `update collection_file_part set bytes = bytes || 'x'::bytea`,
  one_off_used_once: `update collection_line set mandate_id = (select id from mandate where kind = 'one_off' limit 1)`,
  blocked_for_a_debt: `update customer set access_state = 'blocked', access_reason = 'debt', access_review_on = null where access_state = 'active'`,
  nobody_waits_for_a_review: `update customer set access_review_on = '2010-01-01'`,
  refusals_have_a_reason: `update customer set access_reason = 'debt' where access_state = 'active'`,
};
