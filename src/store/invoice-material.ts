/**
 * What the invoice of a contract is made from: who pays, what was sold, its instalments and the customer's fees with what
 * was received for each. Many contracts at once, because a backlog of invoices is issued together.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { FeeSource, InstalmentSource } from '../domain/invoices/choose-sources.ts';
import type { NamedMandate } from '../domain/invoices/remainder.ts';
import type { IssueTerms } from '../domain/schedule/terms.ts';
import type { Language } from '../errors/language.ts';
import type { Address } from '../schemas/address.ts';
import type { Business } from '../schemas/customer.ts';
import type { PlanKind } from '../schemas/plan.ts';
import { lockChains } from './contract-state.ts';
import { query } from './database.ts';

export interface InvoiceMaterial {
  contract: string;
  contract_version: number;
  customer: string;
  customer_version: number;
  name: string;
  email: string | null;
  locale: Language;
  address: Address | null;
  external_id: string | null;
  business: Business | null;
  plan: string;
  plan_version: number;
  kind: PlanKind;
  starts_on: Day;
  ends_on: Day | null;
  terms: { interval_months: number; instalments: number | null; issues?: IssueTerms };
  credits: number | null;
  tax_rate_bps: number;
  mandate: NamedMandate | null;
  instalments: InstalmentSource[];
  fees: FeeSource[];
}

/** Received for a claim, and not given back. */
const received = (claim: string) => `coalesce((
  select json_agg(json_build_object('on', p.paid_on, 'amount', part.amount_cents, 'method', p.method) order by p.paid_on, p.id)
  from payment_part part join payment p on p.id = part.payment_id
  where part.claim_id = ${claim} and p.state = 'settled'), '[]')`;

/** The payment that asks for a claim, and the day on which one that is with the bank is collected. */
const asked = (claim: string) => `
  'asked', (select json_build_object('method', p.method, 'due_on', p.due_on)
            from payment_part part join payment p on p.id = part.payment_id
            where part.claim_id = ${claim} and p.state = 'pending' order by p.due_on, p.id limit 1),
  'collect_on', (select line.collection_on from payment_part part
                 join payment p on p.id = part.payment_id join collection_line line on line.payment_id = p.id
                 where part.claim_id = ${claim} and p.state = 'collecting' and line.state = 'in_flight' limit 1)`;

const onInvoice = (column: string, claim: string) => `(
  select invoice.number from invoice_line line join invoice on invoice.id = line.invoice_id
  where line.${column} = ${claim} and line.live)`;

const sql = `
  select contract.id as contract, contract.version as contract_version, customer.id as customer,
    customer.version as customer_version, customer.name, customer.email, customer.locale, customer.address,
    customer.external_id, customer.business, plan.name as plan, plan.version as plan_version, contract.kind,
    contract.starts_on, contract.ends_on, contract.terms,
    contract.credits_left - coalesce((select sum(delta) from credit_movement where contract_id = contract.id), 0)::int as credits,
    contract.tax_rate_bps,
    case when customer.deceased_on is null and customer.collections_stopped_on is null then
      (select json_build_object('reference', mandate.reference, 'account_ending', mandate.iban_last4) from mandate
       where mandate.customer_id = customer.id and mandate.state = 'active'
         and (contract.mandate_id is null or mandate.id = contract.mandate_id)
       order by mandate.id desc limit 1) end as mandate,
    coalesce((
      select json_agg(json_build_object('kind', 'instalment', 'id', i.id, 'number', i.number, 'due_on', i.due_on,
        'amount', i.amount_cents, 'status', i.status, 'method', i.method, 'sold', i.sold_cents is not null,
        'invoice', ${onInvoice('instalment_id', 'i.id')}, 'settlements', ${received('i.id')}, ${asked('i.id')})
        order by i.number)
      from instalment i where i.contract_id = contract.id), '[]') as instalments,
    coalesce((
      select json_agg(json_build_object('kind', 'fee', 'id', f.id, 'label', f.label, 'due_on', f.due_on,
        'amount', f.sold_cents, 'tax_rate_bps', f.tax_rate_bps, 'sold', true,
        'status', case when exists (select 1 from payment_part part join payment p on p.id = part.payment_id
                                    where part.claim_id = f.id and p.state = 'collecting') then 'collecting'
                       when f.covered_cents = f.sold_cents then 'paid' else 'scheduled' end,
        'own', exists (select 1 from instalment i where i.id = f.follows_id and i.contract_id = contract.id)
            or exists (select 1 from contract_change change where change.id = f.change_id and change.contract_id = contract.id),
        'invoice', ${onInvoice('fee_id', 'f.id')}, 'settlements', ${received('f.id')}, ${asked('f.id')})
        order by f.due_on, f.id)
      from fee f where f.customer_id = contract.customer_id and f.kind <> 'refund'), '[]') as fees
  from contract
  join customer on customer.id = contract.customer_id
  join plan on plan.id = contract.plan_id
  where contract.id = any(?::text[]) and contract.organization_id = ? and contract.deleted_at is null`;

/** By contract; those that are unknown, deleted or another organization's are left out. */
export async function loadMaterial(
  ctx: ReadContext,
  contracts: readonly string[],
  locking: boolean,
): Promise<Map<string, InvoiceMaterial>> {
  if (locking) await lockChains(ctx, contracts);
  const rows = await query<InvoiceMaterial>(ctx.reader, sql, [contracts, ctx.organization.id], 'invoice-material');
  return new Map(rows.map((row) => [row.contract, row]));
}
