/** Rules about the ledger, and about what claims and payments say of it. */
import { bySql, type Invariant } from './invariant.ts';

const income = `('revenue', 'fee_income', 'tax')`;
const personal = `('receivable', 'customer_credit')`;

export const moneyInvariants: readonly Invariant[] = [
  bySql(
    'postings_balance',
    'Every posting moves a positive amount between two accounts, and what is on the receivable is that of a claim.',
    `select organization_id as organization, cause as id, debit || ' from ' || credit || ' ' || amount_cents as detail from posting
     where amount_cents <= 0 or debit = credit or (debit = 'receivable' or credit = 'receivable') <> (claim_id is not null)`,
  ),
  bySql(
    'reversals_fit',
    'A reversal exchanges the accounts of a posting that exists, and takes back no more than it posted and was not given again.',
    `with undone as (
       select organization_id, reverses as cause, sum(amount_cents) as amount from posting where reverses is not null group by 1, 2
     )
     select back.organization_id as organization, back.reverses as id,
       'taken back ' || sum(back.amount_cents - coalesce(undone.amount, 0)) || ' of ' || coalesce(min(first.amount_cents)::text, 'nothing') as detail
     from posting back left join posting first on first.organization_id = back.organization_id and first.cause = back.reverses
     left join undone on undone.organization_id = back.organization_id and undone.cause = back.cause
     where back.reverses is not null group by 1, 2
     having min(first.amount_cents) is null or sum(back.amount_cents - coalesce(undone.amount, 0)) > min(first.amount_cents)
       or bool_or(back.debit <> first.credit or back.credit <> first.debit or back.effective_on < first.effective_on)`,
  ),
  bySql(
    'claims_equal_ledger',
    'What an instalment or fee says was sold of it and is covered is what the postings on it sum to.',
    `with moved as (
       select claim_id, coalesce(sum(owed) filter (where is_sale), 0) as sold, coalesce(sum(-owed) filter (where not is_sale), 0) as covered
       from (
         select posting.claim_id, case when debit = 'receivable' then posting.amount_cents else -posting.amount_cents end as owed,
           credit in ${income} or debit in ${income} or given_back.id is not null as is_sale
         from posting left join fee given_back on given_back.id = posting.claim_id and given_back.kind = 'refund'
           and given_back.payment_id = posting.payment_id
         where posting.claim_id is not null) sided
       group by 1
     ), claim as (
       select organization_id, id, sold_cents, covered_cents from instalment where sold_cents is not null or covered_cents <> 0
       union all select organization_id, id, sold_cents, covered_cents from fee
     )
     select claim.organization_id as organization, coalesce(claim.id, moved.claim_id) as id,
       'says ' || coalesce(sold_cents, 0) || ' and ' || coalesce(covered_cents, 0) || ', posted ' || coalesce(sold, 0) || ' and ' || coalesce(covered, 0) as detail
     from claim full join moved on moved.claim_id = claim.id
     where claim.id is null or coalesce(sold_cents, 0) <> coalesce(sold, 0) or covered_cents <> coalesce(covered, 0)`,
  ),
  bySql(
    'owed_from_two_sides',
    'What a customer owes less what is kept for them is the same from the ledger as from sales, payments, and what was given up.',
    `with ledger as (
       select customer_id, sum(case when debit in ${personal} then amount_cents else 0 end - case when credit in ${personal} then amount_cents else 0 end) as owed
       from posting where customer_id is not null group by 1
     ), other as (
       select customer_id, sum(amount) as owed from (
         select customer_id, coalesce(sold_cents, 0) as amount from instalment
         union all select customer_id, sold_cents from fee
         union all select customer_id, refunded_cents - amount_cents from payment where state in ('collecting', 'settled', 'refunded')
         union all select customer_id, case when debit = 'write_off' then -amount_cents else amount_cents end from posting
           where debit = 'write_off' or credit = 'write_off'
       ) part group by 1
     )
     select customer.organization_id as organization, customer.id, 'ledger ' || coalesce(ledger.owed, 0) || ', else ' || coalesce(other.owed, 0) as detail
     from customer left join ledger on ledger.customer_id = customer.id left join other on other.customer_id = customer.id
     where coalesce(ledger.owed, 0) <> coalesce(other.owed, 0)`,
  ),
  bySql(
    'payments_equal_ledger',
    'A payment has settled in the ledger what its state says: all of it, or nothing; less refunds.',
    `with posted as (
       select payment_id, sum(case when credit in ${personal} then amount_cents else 0 end - case when debit in ${personal} then amount_cents else 0 end) as settled
       from posting where payment_id is not null group by 1
     )
     select payment.organization_id as organization, payment.id, state || ' ' || amount_cents || ', posted ' || coalesce(settled, 0) as detail
     from payment left join posted on posted.payment_id = payment.id
     where coalesce(settled, 0) <> case when state in ('collecting', 'settled', 'refunded') then amount_cents else 0 end - refunded_cents`,
  ),
  bySql(
    'in_flight_is_with_the_bank',
    'On the clearing account stands what is with the bank, payment by payment, and nothing else.',
    `with posted as (
       select payment_id, sum(case when debit = 'in_flight' then amount_cents else -amount_cents end) as flying
       from posting where debit = 'in_flight' or credit = 'in_flight' group by 1
     )
     select payment.organization_id as organization, payment.id, state || ', in flight ' || coalesce(flying, 0) as detail
     from payment left join posted on posted.payment_id = payment.id
     where coalesce(flying, 0) <> case when state = 'collecting' then amount_cents else 0 end`,
  ),
  bySql(
    'parts_sum_to_payments',
    'The parts of a payment and the credit it left are the whole of it.',
    `select payment.organization_id as organization, payment.id, amount_cents || ', parts ' || coalesce(parts.amount, 0) as detail
     from payment left join (select payment_id, sum(amount_cents) as amount from payment_part group by 1) parts on parts.payment_id = payment.id
     where state in ('pending', 'collecting', 'settled') and refunded_cents = 0 and coalesce(parts.amount, 0) + credit_cents <> amount_cents`,
  ),
  bySql(
    'nothing_asked_twice',
    'Of no claim more is asked for than is open.',
    `select claim.organization_id as organization, claim.id, 'open ' || claim.amount || ', asked ' || asked.amount as detail
     from (select part.claim_id, sum(part.amount_cents) as amount from payment join payment_part part on part.payment_id = payment.id
           where payment.state = 'pending' group by 1) asked
     join (select organization_id, id, coalesce(sold_cents, amount_cents) - covered_cents as amount from instalment
           union all select organization_id, id, sold_cents - covered_cents from fee) claim on claim.id = asked.claim_id
     where asked.amount > claim.amount`,
  ),
  bySql(
    'refunds_within_receipts',
    'Never more is given back than was received, and what was given back is what the ledger says.',
    `select payment.organization_id as organization, payment.id, 'refunded ' || refunded_cents || ', posted ' || coalesce(back.amount, 0) as detail
     from payment left join (select payment_id, sum(amount_cents) as amount from posting
                             where payment_id is not null and starts_with(entry, 'refund:') group by 1) back on back.payment_id = payment.id
     where refunded_cents > amount_cents or refunded_cents <> coalesce(back.amount, 0)`,
  ),
  bySql(
    'credit_never_negative',
    'Nobody has used more credit than was kept for them.',
    `select min(organization_id) as organization, customer_id as id, 'credit ' || sum(case when credit = 'customer_credit' then amount_cents else -amount_cents end) as detail
     from posting where credit = 'customer_credit' or debit = 'customer_credit' group by customer_id
     having sum(case when credit = 'customer_credit' then amount_cents else -amount_cents end) < 0`,
  ),
  bySql(
    'due_is_sold',
    'An instalment whose day is open is sold.',
    `select i.organization_id as organization, i.id, 'due on ' || i.due_on as detail
     from instalment i join organization o on o.id = i.organization_id join contract c on c.id = i.contract_id
     where i.due_on <= o.opened_on and i.sold_cents is null and i.amount_cents > 0 and i.status = 'scheduled' and c.deleted_at is null`,
  ),
  bySql(
    'status_equals_money',
    'An instalment is paid when all that was sold of it is covered, and collecting while a debit of it is with the bank.',
    `with flying as (select distinct part.claim_id from payment join payment_part part on part.payment_id = payment.id
                     where payment.state = 'collecting')
     select i.organization_id as organization, i.id, i.status || ', sold ' || coalesce(i.sold_cents::text, 'nothing') || ', covered ' || i.covered_cents as detail
     from instalment i left join flying on flying.claim_id = i.id
     where i.status not in ('cancelled', 'waived') and (
       (i.status = 'collecting') <> (flying.claim_id is not null)
       or coalesce(i.sold_cents, -1) <> 0 and (i.status = 'paid')
          <> (flying.claim_id is null and coalesce(i.sold_cents, 0) > 0 and i.covered_cents = i.sold_cents))`,
  ),
];
