/** Rules about the ledger, and about what claims and payments say of it. */
import { bySql, type Invariant, inOnePass } from './invariant.ts';
import { unlessEven, type Weigh } from './weighed.ts';

const income = `('revenue', 'fee_income', 'tax')`;
const personal = `('receivable', 'customer_credit')`;
/** Of these the money is here, or with the bank. */
const received = `('collecting', 'settled', 'refunded')`;
/** The parts of others may have been given up since. */
const hasAllItsParts = `state in ('pending', 'collecting', 'settled') and refunded_cents = 0`;

/**
 * Whether each rule that puts the ledger beside claims, payments and customers may be broken, by weighing both sides. The
 * postings are weighed once, by the pair of accounts that they move between; what a pair means to a rule is said of the sums.
 */
const ledgerDiffers = (weigh: Weigh): string => `
  with pair as materialized (
    select debit, credit, coalesce(sum(${weigh('claim_id')} * amount_cents), 0) as claim,
      coalesce(sum(${weigh('payment_id')} * amount_cents), 0) as payment,
      coalesce(sum(${weigh('payment_id')} * amount_cents) filter (where starts_with(entry, 'refund:')), 0) as refund,
      coalesce(sum(${weigh('customer_id')} * amount_cents), 0) as customer,
      min(amount_cents) <= 0 or debit = credit or count(claim_id) <> case when 'receivable' in (debit, credit) then count(*) else 0 end as is_lopsided
    from posting group by debit, credit
  ), owed_again as (
    -- What was given back and is owed again is a claim like a sale, though it is no income.
    select coalesce(sum(${weigh('fee.id')} * case when debit = 'receivable' then amount else -amount end), 0) as claim from (
      select id, payment_id from fee where kind = 'refund') fee
    cross join lateral (select debit, posting.amount_cents as amount from posting where posting.claim_id = fee.id
      and posting.payment_id = fee.payment_id and debit not in ${income} and credit not in ${income}) posting
  ), ledger as (
    select
      coalesce(sum(case when is_income then owed else 0 end), 0) as sold,
      coalesce(sum(case when is_income then 0 else -owed end), 0) as covered,
      coalesce(sum(case when credit in ${personal} then payment else 0 end - case when debit in ${personal} then payment else 0 end), 0) as settled,
      coalesce(sum(case when debit = 'in_flight' then payment when credit = 'in_flight' then -payment else 0 end), 0) as flying,
      coalesce(sum(refund), 0) as refunded,
      coalesce(sum(case when debit in ${personal} then customer else 0 end - case when credit in ${personal} then customer else 0 end
        + case when debit = 'write_off' then customer when credit = 'write_off' then -customer else 0 end), 0) as owed,
      coalesce(bool_or(is_lopsided), false) as is_lopsided
    from (select *, debit in ${income} or credit in ${income} as is_income,
            case when debit = 'receivable' then claim else -claim end as owed from pair) pair
  ), instalments as (
    select coalesce(sum(${weigh('id')} * sold_cents), 0) as sold, coalesce(sum(${weigh('id')} * covered_cents), 0) as covered,
      coalesce(sum(${weigh('customer_id')} * sold_cents), 0) as of_customer
    from instalment where sold_cents is not null or covered_cents <> 0
  ), fees as (
    select coalesce(sum(${weigh('id')} * sold_cents), 0) as sold, coalesce(sum(${weigh('id')} * covered_cents), 0) as covered,
      coalesce(sum(${weigh('customer_id')} * sold_cents), 0) as of_customer
    from fee
  ), payment_state as materialized (
    select state, ${hasAllItsParts} as is_whole, sum(${weigh('id')} * amount_cents) as amount,
      coalesce(sum(${weigh('id')} * credit_cents) filter (where credit_cents <> 0), 0) as credit,
      coalesce(sum(${weigh('id')} * refunded_cents) filter (where refunded_cents <> 0), 0) as refunded,
      sum(${weigh('customer_id')} * (refunded_cents - amount_cents)) as of_customer,
      bool_or(refunded_cents > amount_cents) as is_too_much,
      array_agg(id) filter (where not (${hasAllItsParts})) as not_whole
    from payment group by state, is_whole
  ), payments as (
    select
      coalesce(sum(case when state in ${received} then amount - refunded else -refunded end), 0) as settled,
      coalesce(sum(amount) filter (where state = 'collecting'), 0) as flying,
      coalesce(sum(refunded), 0) as refunded,
      coalesce(sum(amount - credit) filter (where is_whole), 0) as parts,
      coalesce(sum(of_customer) filter (where state in ${received}), 0) as of_customer,
      coalesce(bool_or(is_too_much), false) as is_too_much
    from payment_state
  ), parts as (
    select coalesce(sum(${weigh('payment_id')} * amount_cents), 0) as parts from payment_part
  ), other_parts as (
    select coalesce(sum(${weigh('payment_id')} * amount_cents), 0) as parts
    from payment_state cross join unnest(not_whole) as payment (id)
    cross join lateral (select payment_id, amount_cents from payment_part where payment_id = payment.id offset 0) part
  )
  select
    ledger.is_lopsided as postings_balance,
    ledger.sold + owed_again.claim <> instalments.sold + fees.sold
      or ledger.covered + owed_again.claim <> instalments.covered + fees.covered
      or (select count(*) > 0 from posting where claim_id is not null and not exists (select from instalment where instalment.id = posting.claim_id)
          and not exists (select from fee where fee.id = posting.claim_id)) as claims_equal_ledger,
    ledger.owed <> instalments.of_customer + fees.of_customer + payments.of_customer as owed_from_two_sides,
    ledger.settled <> payments.settled as payments_equal_ledger,
    ledger.flying <> payments.flying as in_flight_is_with_the_bank,
    parts.parts - other_parts.parts <> payments.parts as parts_sum_to_payments,
    ledger.refunded <> payments.refunded or payments.is_too_much as refunds_within_receipts
  from ledger, owed_again, instalments, fees, payments, parts, other_parts`;

/**
 * Whether each rule about single instalments may be broken. Each is looked at by itself: the day that is open is the latest
 * of all organizations, and which are with the bank is asked of those that say so, and of those that are.
 */
const instalmentsDiffer = `
  with flying as materialized (
    select distinct part.claim_id as id from payment join payment_part part on part.payment_id = payment.id where payment.state = 'collecting'
  ), flown as (
    select count(*) filter (where status = 'collecting') as collecting,
      count(*) filter (where status not in ('collecting', 'cancelled', 'waived')) as otherwise
    from flying cross join lateral (select status from instalment where instalment.id = flying.id offset 0) instalment
  ), said as (
    select
      count(*) filter (where status = 'collecting') as collecting,
      coalesce(bool_or(amount_cents < 0 or credited_cents < 0 or amount_cents <> 0 and status = 'waived'), false) as is_negative,
      coalesce(bool_or(sold_cents is null and amount_cents > 0 and due_on <= (select max(opened_on) from organization) and status = 'scheduled'), false) as is_unsold,
      coalesce(bool_or(case when sold_cents is null then status = 'paid'
        when sold_cents = 0 then false
        when sold_cents = covered_cents then status not in ('paid', 'collecting', 'cancelled', 'waived')
        else status = 'paid' end), false) as is_other
    from instalment
  )
  select
    (select count(*) > 0 from instalment join contract on contract.id = instalment.contract_id
     where contract.customer_id <> instalment.customer_id) as instalment_is_its_customers,
    is_negative as amounts_never_negative,
    is_unsold as due_is_sold,
    is_other or flown.otherwise > 0 or said.collecting <> flown.collecting as status_equals_money
  from said, flown`;

export const moneyInvariants: readonly Invariant[] = [
  bySql(
    'reversals_fit',
    'A reversal exchanges the accounts of a posting that exists, and takes back no more than it posted and was not given again.',
    // Few are reversals: they are picked once, and each looks for what it takes back.
    `with back as materialized (select * from posting where reverses is not null),
     undone as (select organization_id, reverses as cause, sum(amount_cents) as amount from back group by 1, 2)
     select back.organization_id as organization, back.reverses as id,
       'taken back ' || sum(back.amount_cents - coalesce(undone.amount, 0)) || ' of ' || coalesce(min(first.amount_cents)::text, 'nothing') as detail
     from back left join lateral (select amount_cents, debit, credit, effective_on from posting
       where posting.organization_id = back.organization_id and posting.cause = back.reverses offset 0) first on true
     left join undone on undone.organization_id = back.organization_id and undone.cause = back.cause
     group by 1, 2
     having min(first.amount_cents) is null or sum(back.amount_cents - coalesce(undone.amount, 0)) > min(first.amount_cents)
       or bool_or(back.debit <> first.credit or back.credit <> first.debit or back.effective_on < first.effective_on)`,
  ),
  ...unlessEven(ledgerDiffers, [
    bySql(
      'postings_balance',
      'Every posting moves a positive amount between two accounts, and what is on the receivable is that of a claim.',
      `select organization_id as organization, cause as id, debit || ' from ' || credit || ' ' || amount_cents as detail from posting
       where amount_cents <= 0 or debit = credit or (debit = 'receivable' or credit = 'receivable') <> (claim_id is not null)`,
    ),
    bySql(
      'claims_equal_ledger',
      'What an instalment or fee says was sold of it and is covered is what the postings on it sum to.',
      `with difference as (
         select id, sum(is_claim) as claims, sum_cents(sold) as sold, sum_cents(covered) as covered from (
           select claim_id as id, 0 as is_claim,
             case when is_sale then owed else 0 end as sold, case when is_sale then 0 else -owed end as covered
           from (
             select claim_id, case when debit = 'receivable' then amount_cents else -amount_cents end as owed,
               credit in ${income} or debit in ${income}
                 or (claim_id, payment_id) in (select id, payment_id from fee where kind = 'refund') as is_sale
             from posting where claim_id is not null) sided
           union all
           select id, 1, -coalesce(sold_cents, 0), -covered_cents from instalment where sold_cents is not null or covered_cents <> 0
           union all
           select id, 1, -sold_cents, -covered_cents from fee) side
         group by id
       )
       select coalesce(i.organization_id, f.organization_id, p.organization_id) as organization, difference.id,
         'says ' || coalesce(i.sold_cents, f.sold_cents, 0) || ' and ' || coalesce(i.covered_cents, f.covered_cents, 0)
           || ', posted ' || sold + coalesce(i.sold_cents, f.sold_cents, 0) || ' and ' || covered + coalesce(i.covered_cents, f.covered_cents, 0) as detail
       from difference left join instalment i on i.id = difference.id left join fee f on f.id = difference.id
       left join lateral (select organization_id from posting where posting.claim_id = difference.id limit 1) p on true
       where claims <> 1 or sold <> 0 or covered <> 0`,
    ),
    ...inOnePass(
      {
        rows: `customer
          left join (
            select customer_id, sum_cents(case when debit in ${personal} then amount_cents else 0 end - case when credit in ${personal} then amount_cents else 0 end) as owed,
              sum_cents(case when debit = 'write_off' then -amount_cents when credit = 'write_off' then amount_cents else 0 end) as given_up
            from posting where customer_id is not null group by 1) ledger on ledger.customer_id = customer.id
          left join (select customer_id, sum_cents(sold_cents) as sold from instalment group by 1) sold on sold.customer_id = customer.id
          left join (select customer_id, sum_cents(sold_cents) as sold from fee group by 1) fees on fees.customer_id = customer.id
          left join (select customer_id, sum_cents(refunded_cents - amount_cents) as paid from payment
                     where state in ${received} group by 1) paid on paid.customer_id = customer.id`,
        organization: 'customer.organization_id',
        id: 'customer.id',
      },
      [
        {
          name: 'owed_from_two_sides',
          says: 'What a customer owes less what is kept for them is the same from the ledger as from sales, payments, and what was given up.',
          broken: `coalesce(ledger.owed, 0) <> coalesce(sold.sold, 0) + coalesce(fees.sold, 0) + coalesce(paid.paid, 0) + coalesce(ledger.given_up, 0)`,
          detail: `'ledger ' || coalesce(ledger.owed, 0) || ', else ' || coalesce(sold.sold, 0) + coalesce(fees.sold, 0) + coalesce(paid.paid, 0) + coalesce(ledger.given_up, 0)`,
        },
      ],
    ),
    ...inOnePass(
      {
        rows: `payment
          left join (
            select payment_id, sum_cents(case when credit in ${personal} then amount_cents else 0 end - case when debit in ${personal} then amount_cents else 0 end) as settled,
              sum_cents(case when debit = 'in_flight' then amount_cents when credit = 'in_flight' then -amount_cents else 0 end) as flying,
              sum_cents(case when starts_with(entry, 'refund:') then amount_cents else 0 end) as refunded
            from posting where payment_id is not null group by 1) posted on posted.payment_id = payment.id
          left join (select payment_id, sum_cents(amount_cents) as amount from payment_part group by 1) parts on parts.payment_id = payment.id`,
        organization: 'payment.organization_id',
        id: 'payment.id',
      },
      [
        {
          name: 'payments_equal_ledger',
          says: 'A payment has settled in the ledger what its state says: all of it, or nothing; less refunds.',
          broken: `coalesce(settled, 0) <> case when state in ${received} then amount_cents else 0 end - refunded_cents`,
          detail: `state || ' ' || amount_cents || ', posted ' || coalesce(settled, 0)`,
        },
        {
          name: 'in_flight_is_with_the_bank',
          says: 'On the clearing account stands what is with the bank, payment by payment, and nothing else.',
          broken: `coalesce(flying, 0) <> case when state = 'collecting' then amount_cents else 0 end`,
          detail: `state || ', in flight ' || coalesce(flying, 0)`,
        },
        {
          name: 'parts_sum_to_payments',
          says: 'The parts of a payment and the credit it left are the whole of it.',
          broken: `${hasAllItsParts} and coalesce(parts.amount, 0) + credit_cents <> amount_cents`,
          detail: `amount_cents || ', parts ' || coalesce(parts.amount, 0)`,
        },
        {
          name: 'refunds_within_receipts',
          says: 'Never more is given back than was received, and what was given back is what the ledger says.',
          broken: 'refunded_cents > amount_cents or refunded_cents <> coalesce(refunded, 0)',
          detail: `'refunded ' || refunded_cents || ', posted ' || coalesce(refunded, 0)`,
        },
      ],
    ),
  ]),
  bySql(
    'credit_never_negative',
    'Nobody has used more credit than was kept for them.',
    `select min(organization_id) as organization, customer_id as id, 'credit ' || sum(kept) as detail
     from (select organization_id, customer_id, case when credit = 'customer_credit' then amount_cents else -amount_cents end as kept
           from posting where credit = 'customer_credit' or debit = 'customer_credit') posting
     group by customer_id having sum(kept) < 0`,
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
  ...unlessEven(
    () => instalmentsDiffer,
    [
      ...inOnePass(
        {
          rows: `instalment i join organization o on o.id = i.organization_id left join contract c on c.id = i.contract_id
          left join (select distinct part.claim_id from payment join payment_part part on part.payment_id = payment.id
                     where payment.state = 'collecting') flying on flying.claim_id = i.id`,
          organization: 'i.organization_id',
          id: 'i.id',
        },
        [
          {
            name: 'instalment_is_its_customers',
            says: 'An instalment is owed by the customer of its contract.',
            broken: 'i.customer_id <> c.customer_id',
            detail: 'i.customer_id',
          },
          {
            name: 'amounts_never_negative',
            says: 'No instalment is below zero, and a waived one is zero.',
            broken: `i.amount_cents < 0 or i.credited_cents < 0 or (i.status = 'waived' and i.amount_cents <> 0)`,
            detail: `i.status || ' ' || i.amount_cents`,
          },
          {
            name: 'due_is_sold',
            says: 'An instalment whose day is open is sold.',
            broken: `i.due_on <= o.opened_on and i.sold_cents is null and i.amount_cents > 0 and i.status = 'scheduled' and c.deleted_at is null`,
            detail: `'due on ' || i.due_on`,
          },
          {
            name: 'status_equals_money',
            says: 'An instalment is paid when all that was sold of it is covered, and collecting while a debit of it is with the bank.',
            broken: `i.status not in ('cancelled', 'waived') and (
            (i.status = 'collecting') <> (flying.claim_id is not null)
            or coalesce(i.sold_cents, -1) <> 0 and (i.status = 'paid')
               <> (flying.claim_id is null and coalesce(i.sold_cents, 0) > 0 and i.covered_cents = i.sold_cents))`,
            detail: `i.status || ', sold ' || coalesce(i.sold_cents::text, 'nothing') || ', covered ' || i.covered_cents`,
          },
        ],
      ),
    ],
  ),
];
