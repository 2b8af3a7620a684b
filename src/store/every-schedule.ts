/**
 * Every contract of the database with what its schedule rests on, chain by chain, for the doctor. Contracts that were sold,
 * paid and written down alike, and to which nothing happened, come as one of them: the server compares them whole, and
 * neither side reads the same twice. The rows of a contract's instalments come as lists, a quarter of what JSON costs.
 */
import type { Day } from '../domain/day.ts';
import { type Cents, ZERO } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { Change } from '../domain/schedule/changes.ts';
import type { Instalment, InstalmentStatus } from '../domain/schedule/instalment.ts';
import type { Terms } from '../domain/schedule/terms.ts';
import { fixedByInvoice } from './contract-state.ts';
import { query, type Trx } from './database.ts';

export interface WrittenContract {
  id: string;
  organization_id: string;
  terms: Terms;
  starts_on: Day;
  ends_on: Day | null;
  materialised_until: Day | null;
  created_on: Day;
  /** In the order they were recorded. */
  changes: readonly Change[];
  /** By number. */
  instalments: readonly WrittenInstalment[];
  /** How many there are like it, itself included. */
  alike: number;
}

export interface WrittenInstalment extends Instalment {
  /** Paid in part, or on an invoice: it can no longer move, whatever its status. */
  stands: boolean;
}

interface Row {
  id: string;
  organization_id: string;
  chain_id: string;
  terms: string;
  starts_on: Day;
  ends_on: Day | null;
  materialised_until: Day | null;
  created_on: Day;
  changes: string | null;
  alike: number;
  /** A list of each column, in the same order; null where there is no instalment. Numbers of those paid in part are negative. */
  numbers: string | null;
  days: string;
  amounts: string;
  statuses: string;
  methods: string;
  /** Of the few with changes or credit: number, ids of the changes, credit. */
  explained: string | null;
  invoiced: string | null;
}

/** What of a contract makes it like another one: the same columns as `Row`, of which its id is not one. */
const compared = `organization_id, terms, starts_on, ends_on, materialised_until, created_on, numbers, days, amounts, statuses, methods, explained, invoiced`;

const sql = `
  select min(id) as id, organization_id, min(chain_id) as chain_id, min(changes) as changes, count(*) as alike,
    terms, starts_on, ends_on, materialised_until, created_on, array_to_string(numbers, ',') as numbers,
    array_to_string(days, ',') as days, array_to_string(amounts, ',') as amounts, statuses, methods, explained,
    array_to_string(invoiced, ',') as invoiced
  from (
    select contract.id, contract.organization_id, contract.chain_id, recorded.changes, contract.terms::text as terms,
      contract.starts_on, contract.ends_on, contract.materialised_until, contract.created_on,
      written.numbers, written.days, written.amounts, written.statuses, written.methods, written.explained, invoiced.numbers as invoiced,
      case when recorded.changes is not null or renewed.chain_id is not null then contract.id end as unlike
    from contract
    left join (
      select contract_id, array_agg(case when covered_cents > 0 then -number else number end) as numbers, array_agg(due_on) as days,
        array_agg(amount_cents) as amounts, string_agg(status, ',') as statuses, string_agg(method, ',') as methods,
        string_agg(concat(number, ',', array_to_string(explains, ' '), ',', credited_cents), ';')
          filter (where explains <> '{}' or credited_cents > 0) as explained
      from instalment group by contract_id) written on written.contract_id = contract.id
    left join (
      select contract_id, json_agg(data || jsonb_build_object('id', id, 'kind', kind, 'recorded_on', recorded_on) order by seq)::text as changes
      from contract_change group by contract_id) recorded on recorded.contract_id = contract.id
    left join (
      select line.contract_id, array_agg(instalment.number order by instalment.number) as numbers
      from invoice_line line join instalment on instalment.id = line.instalment_id
      where ${fixedByInvoice} group by line.contract_id) invoiced on invoiced.contract_id = contract.id
    left join (
      select chain_id from contract where deleted_at is null group by chain_id having count(*) > 1
    ) renewed on renewed.chain_id = contract.chain_id
    where contract.deleted_at is null) contract
  group by unlike, ${compared}
  order by chain_id, starts_on`;

const AT_ONCE = 2000;
const TERMS_KEPT = 10_000;

/** Hands over each chain, its contracts in the order they follow one another; of chains that are alike, one. */
export async function eachWrittenChain(trx: Trx, look: (chain: WrittenContract[]) => void): Promise<void> {
  // All of it is read, so its first rows need not come soon.
  await trx.raw('set local cursor_tuple_fraction = 1');
  await trx.raw(`declare every_schedule no scroll cursor for ${sql}`);
  const fetch = () => query<Row>(trx, `fetch ${AT_ONCE} from every_schedule`);
  const termsOf = remembering((text) => JSON.parse(text) as Terms, TERMS_KEPT);
  let chain: WrittenContract[] = [];
  let chainId = '';
  let reading = fetch();
  for (;;) {
    const rows = await reading;
    if (rows.length === 0) break;
    // The server makes the next ones ready while these are looked at.
    reading = fetch();
    for (const row of rows) {
      if (row.chain_id !== chainId) {
        if (chain.length > 0) look(chain);
        chain = [];
        chainId = row.chain_id;
      }
      chain.push(contractFrom(row, termsOf(row.terms)));
    }
  }
  if (chain.length > 0) look(chain);
  await trx.raw('close every_schedule');
}

/** Reads the same text once: most contracts of a plan that begin on a day were sold alike, and fall due alike. */
function remembering<Value>(read: (text: string) => Value, most: number): (text: string) => Value {
  const kept = new Map<string, Value>();
  return (text) => {
    let value = kept.get(text);
    if (value === undefined) {
      value = read(text);
      if (kept.size < most) kept.set(text, value);
    }
    return value;
  };
}

function contractFrom(row: Row, terms: Terms): WrittenContract {
  const { id, organization_id, starts_on, ends_on, materialised_until, created_on, alike } = row;
  const changes = row.changes === null ? NO_CHANGES : (JSON.parse(row.changes) as Change[]);
  const instalments = instalmentsFrom(row);
  return {
    id,
    organization_id,
    terms,
    starts_on,
    ends_on,
    materialised_until,
    created_on,
    changes,
    instalments,
    alike,
  };
}

const NO_CHANGES: readonly Change[] = [];
const NO_IDS: readonly string[] = [];

function instalmentsFrom(row: Row): WrittenInstalment[] {
  if (row.numbers === null) return [];
  const days = row.days.split(',') as Day[];
  const amounts = row.amounts.split(',');
  const statuses = row.statuses.split(',') as InstalmentStatus[];
  const methods = row.methods.split(',') as PaymentMethod[];
  const explained = new Map(row.explained?.split(';').map(explanation));
  const invoiced = new Set(row.invoiced?.split(',').map(Number));
  const instalments = row.numbers.split(',').map((signed, at): WrittenInstalment => {
    const number = Math.abs(Number(signed));
    return {
      number,
      due_on: days[at] as Day,
      amount: Number(amounts[at]) as Cents,
      status: statuses[at] as InstalmentStatus,
      method: methods[at] as PaymentMethod,
      ...(explained.get(number) ?? { explains: NO_IDS, credited: ZERO }),
      stands: signed.startsWith('-') || invoiced.has(number),
    };
  });
  // Written in order as a rule, and read in the order of the table.
  return instalments.sort((a, b) => a.number - b.number);
}

function explanation(text: string): [number, Pick<WrittenInstalment, 'explains' | 'credited'>] {
  const [number, ids, credited] = text.split(',') as [string, string, string];
  return [Number(number), { explains: ids === '' ? NO_IDS : ids.split(' '), credited: Number(credited) as Cents }];
}
