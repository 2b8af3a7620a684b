/**
 * Contracts with what their schedules rest on, chain by chain, for the doctor. The rows of a contract's instalments come as
 * lists, a quarter of what JSON costs.
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

/** Contract by contract, each with what an index has of it: they are few, or so many that nothing costs less. */
const sql = `
  select contract.id, contract.organization_id, contract.chain_id, recorded.changes, contract.terms::text as terms, contract.starts_on,
    contract.ends_on, contract.materialised_until, contract.created_on, written.*, invoiced.*
  from contract
  cross join lateral (
    select array_to_string(array_agg(case when covered_cents > 0 then -number else number end), ',') as numbers,
      array_to_string(array_agg(due_on), ',') as days, array_to_string(array_agg(amount_cents), ',') as amounts,
      string_agg(status, ',') as statuses, string_agg(method, ',') as methods,
      string_agg(concat(number, ',', array_to_string(explains, ' '), ',', credited_cents), ';')
        filter (where explains <> '{}' or credited_cents > 0) as explained
    from instalment where contract_id = contract.id) written
  cross join lateral (
    select json_agg(data || jsonb_build_object('id', id, 'kind', kind, 'recorded_on', recorded_on) order by seq)::text as changes
    from contract_change where contract_id = contract.id) recorded
  cross join lateral (
    select string_agg(instalment.number::text, ',') as invoiced
    from invoice_line line join instalment on instalment.id = line.instalment_id
    where line.contract_id = contract.id and ${fixedByInvoice}) invoiced
  where contract.deleted_at is null and contract.chain_id = any(?)
  order by contract.chain_id, contract.starts_on`;

const AT_ONCE = 1000;
const TERMS_KEPT = 10_000;

/** Hands over each of the chains, its contracts in the order they follow one another. */
export async function eachWrittenChain(
  trx: Trx,
  chains: readonly string[],
  look: (chain: WrittenContract[]) => void,
): Promise<void> {
  const termsOf = remembering((text) => JSON.parse(text) as Terms, TERMS_KEPT);
  const read = (at: number) => query<Row>(trx, sql, [chains.slice(at, at + AT_ONCE)]);
  let reading = read(0);
  for (let at = AT_ONCE; at < chains.length + AT_ONCE; at += AT_ONCE) {
    const rows = await reading;
    // The server makes the next ones ready while these are looked at.
    reading = read(at);
    let chain: WrittenContract[] = [];
    for (const [place, row] of rows.entries()) {
      chain.push(contractFrom(row, termsOf(row.terms)));
      if (rows[place + 1]?.chain_id === row.chain_id) continue;
      look(chain);
      chain = [];
    }
  }
  await reading;
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
  const { id, organization_id, starts_on, ends_on, materialised_until, created_on } = row;
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
