/**
 * A contract with everything its schedule rests on, and the contracts of its chain before and after it.
 *
 * Always true: who loads for writing holds the lock of the customer, so that changes of contracts and of money take
 * turns, and then that of the chain's first contract, so a renewal cannot be signed while a suspension moves the
 * contract it follows.
 */
import type { ReadContext } from '../context.ts';
import { addMonths, type Day, later } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { ContractState } from '../domain/schedule/chain.ts';
import type { Change } from '../domain/schedule/changes.ts';
import type { Fact } from '../domain/schedule/facts.ts';
import type { Instalment, InstalmentStatus } from '../domain/schedule/instalment.ts';
import type { Terms } from '../domain/schedule/terms.ts';
import { Refusal } from '../errors/refusal.ts';
import type { PlanKind } from '../schemas/plan.ts';
import { query, type Reader } from './database.ts';

export interface StoredInstalment extends Instalment {
  id: string;
  /** A part of it is paid: it stands, though the rest is still to be paid. */
  paid_in_part: boolean;
  /** The ledger has sold it, be it before its day. */
  sold: boolean;
}

export interface StoredContract {
  /** Ids of instalments that stand on an invoice, or that a credit note gave up. */
  invoiced: string[];
  id: string;
  customer_id: string;
  /** The customer was erased: only the books are left. */
  of_erased?: boolean;
  plan_id: string;
  chain_id: string;
  renews_id: string | null;
  kind: PlanKind;
  terms: Terms;
  starts_on: Day;
  ends_on: Day | null;
  /** Instalments due up to here are written down; null where all are. */
  materialised_until: Day | null;
  version: number;
  created_on: Day;
  /** In the order they were recorded. */
  changes: Change[];
  /** As they are written down, by number. */
  instalments: StoredInstalment[];
  /** What credit notes took off its instalments for good; null but for subscriptions to issues. */
  taken_back?: { on: Day; amount: Cents }[] | null;
}

export interface StoredChain {
  /** The contract asked for. */
  contract: StoredContract;
  /** All contracts of the chain, the first one first; `contract` is one of them. */
  chain: StoredContract[];
}

/** An instalment of these can no longer move. */
export const factStatuses: ReadonlySet<InstalmentStatus> = new Set(['collecting', 'paid', 'rejected']);

/** What the schedule function reads of a stored contract. */
export function scheduled(contract: StoredContract): ContractState {
  const { id, terms, changes, taken_back } = contract;
  return { id, terms, changes, facts: factsOf(contract), ...(taken_back && { taken_back }) };
}

/** How far the instalments of a chain without end are written down. */
export function chainUntil(
  chain: readonly Pick<StoredContract, 'materialised_until' | 'starts_on'>[],
  today: Day,
  horizonMonths: number,
): Day {
  const written = chain.map((one) => one.materialised_until).filter((on) => on !== null);
  return written.length > 0 ? written.reduce(later) : horizonOf(chain[0]?.starts_on ?? today, today, horizonMonths);
}

export function horizonOf(startsOn: Day, today: Day, horizonMonths: number): Day {
  return addMonths(later(startsOn, today), horizonMonths);
}

/** The instalments that can no longer move: paid in whole or in part, rejected, with the bank, on an invoice, or given up by a credit note. */
export function factsOf({ instalments, invoiced }: Pick<StoredContract, 'instalments' | 'invoiced'>): Fact[] {
  return instalments.filter(
    ({ id, status, paid_in_part }) => paid_in_part || factStatuses.has(status) || invoiced.includes(id),
  ) as Fact[];
}

interface StateRow extends Omit<StoredContract, 'terms' | 'instalments'> {
  terms: Terms;
  instalments: [string, number, Day, number, InstalmentStatus, PaymentMethod, string[], number, boolean, boolean][];
}

/** A line of an invoice whose instalment can no longer move. */
export const fixedByInvoice = '(line.live or line.given_up) and line.instalment_id is not null';

const columnsSql = `
  select contract.id, contract.customer_id, contract.plan_id, contract.chain_id, contract.renews_id, contract.kind, contract.terms,
    contract.starts_on, contract.ends_on, contract.materialised_until, contract.version, contract.created_on,
    (select erased_at is not null from customer where customer.id = contract.customer_id) as of_erased,
    coalesce((select json_agg(change.data || jsonb_build_object('id', change.id, 'kind', change.kind,
                                                                      'recorded_on', change.recorded_on) order by change.seq)
              from contract_change change where change.contract_id = contract.id), '[]') as changes,
    coalesce((select json_agg(json_build_array(i.id, i.number, i.due_on, i.amount_cents, i.status, i.method, i.explains,
                                               i.credited_cents, i.covered_cents > 0,
                                               i.sold_cents is not null) order by i.number)
              from instalment i where i.contract_id = contract.id), '[]') as instalments,
    array(select line.instalment_id from invoice_line line
          where line.contract_id = contract.id and ${fixedByInvoice}) as invoiced,
    case when contract.kind = 'issues' then
      (select json_agg(json_build_object('on', note.issued_on, 'amount', (line ->> 'gross_amount')::bigint))
       from invoice note, jsonb_array_elements(note.document -> 'lines') line
       where note.contract_id = contract.id and note.kind = 'credit_note'
         and note.document -> 'remainder' ->> 'how' <> 'invoiced_again' and line -> 'source' ->> 'kind' = 'instalment')
    end as taken_back
  from contract`;

// Whoever locks several chains locks them in the order of their ids, so that two never wait for each other.
const chainsSql = `${columnsSql}
  where contract.organization_id = ? and contract.deleted_at is null and contract.chain_id = any(?::text[])
  order by contract.chain_id, contract.starts_on`;

const chainsOfSql = `${columnsSql}
  where contract.organization_id = ? and contract.deleted_at is null
    and contract.chain_id = any(array(select chain_id from contract where id = any(?::text[]) and organization_id = ? and deleted_at is null))
  order by contract.chain_id, contract.starts_on`;

function stateFrom(row: StateRow): StoredContract {
  return {
    ...row,
    instalments: row.instalments.map(
      ([id, number, due_on, amount, status, method, explains, credited, paid_in_part, sold]) => ({
        id,
        number,
        due_on,
        amount: amount as Cents,
        status,
        method,
        explains,
        credited: credited as Cents,
        paid_in_part,
        sold,
      }),
    ),
  };
}

const subscriptionsSql = `${columnsSql}
  where contract.organization_id = ? and contract.deleted_at is null
    and contract.publication_id is not null and (?::text is null or contract.publication_id = ?) and contract.starts_on <= ?
    and contract.id > ?
  order by contract.id limit ?`;

/** Every issue subscription that had begun by a day, so many at a time: memory stays flat however many there are. */
export async function* subscriptionsBegunBy(
  ctx: ReadContext,
  on: Day,
  publication: string | null,
  atOnce = 500,
): AsyncGenerator<StoredContract> {
  for (let last = ''; ; ) {
    const bindings = [ctx.organization.id, publication, publication, on, last, atOnce];
    const rows = await query<StateRow>(ctx.reader, subscriptionsSql, bindings, 'subscriptions');
    for (const row of rows) yield stateFrom(row);
    if (rows.length < atOnce) return;
    last = rows.at(-1)?.id ?? '';
  }
}

/** @throws Refusal `not_found` for an id that is unknown, deleted or another organization's. */
export async function loadChain(ctx: ReadContext, id: string, locking: boolean): Promise<StoredChain> {
  const found = (await loadChainsOf(ctx, [id], locking)).get(id);
  if (!found) throw new Refusal('not_found');
  return found;
}

/**
 * Takes the locks of contracts in the order that everybody takes them in: all the customers by their ids, then the
 * first contracts of the chains by theirs. Whoever changes several in one transaction begins with this.
 */
export async function lockChains(ctx: ReadContext, contractIds: readonly string[]): Promise<void> {
  const { id: organization } = ctx.organization;
  await query(
    ctx.reader,
    `with owners as materialized (
       select id from customer where id = any(array(select customer_id from contract where id = any(?::text[]) and organization_id = ?))
       order by id for no key update
     )
     select 1 from contract, (select count(*) from owners) locked
     where contract.id = any(array(select chain_id from contract where id = any(?::text[]) and organization_id = ?))
     order by contract.id for update of contract`,
    [contractIds, organization, contractIds, organization],
    'lock-chains-of',
  );
}

/** The chains of many contracts in one statement, by contract; those that are not there are left out. */
export async function loadChainsOf(
  ctx: ReadContext,
  contractIds: readonly string[],
  locking: boolean,
): Promise<Map<string, StoredChain>> {
  const { id: organization } = ctx.organization;
  if (locking) await lockChains(ctx, contractIds);
  const rows = await query<StateRow>(
    ctx.reader,
    chainsOfSql,
    [organization, contractIds, organization],
    'load-chains-of',
  );
  const wanted = new Set(contractIds);
  const found = new Map<string, StoredChain>();
  for (const chain of chainsFrom(rows)) {
    for (const contract of chain) if (wanted.has(contract.id)) found.set(contract.id, { contract, chain });
  }
  return found;
}

/** Chains of any organization, for the doctor: those that are not there any more are left out. */
export async function storedChains(reader: Reader, chainIds: readonly string[]): Promise<StoredContract[][]> {
  const sql = `${columnsSql}
    where contract.deleted_at is null and contract.chain_id = any(?::text[])
    order by contract.chain_id, contract.starts_on`;
  return chainsFrom(await query<StateRow>(reader, sql, [[...chainIds]]));
}

/** Several chains at once, in the order of their ids. Chains that are not there any more are left out. */
export async function loadChains(
  ctx: ReadContext,
  chainIds: readonly string[],
  locking: boolean,
): Promise<StoredContract[][]> {
  if (locking) {
    const sql = `
      with owners as materialized (
        select id from customer where id = any(array(select customer_id from contract where id = any(?::text[])))
        order by id for no key update
      )
      select 1 from contract, (select count(*) from owners) locked
      where contract.id = any(?::text[]) order by contract.id for update of contract`;
    await query(ctx.reader, sql, [chainIds, chainIds], 'lock-chains');
  }
  return chainsFrom(await query<StateRow>(ctx.reader, chainsSql, [ctx.organization.id, chainIds], 'load-chains'));
}

/** Rows in the order of their chains, each chain in the order of its contracts. */
function chainsFrom(rows: readonly StateRow[]): StoredContract[][] {
  const chains: StoredContract[][] = [];
  for (const row of rows) {
    const contract = stateFrom(row);
    const chain = chains.at(-1);
    if (chain?.[0]?.chain_id === contract.chain_id) chain.push(contract);
    else chains.push([contract]);
  }
  return chains;
}
