/**
 * Every contract of the database with what its schedule rests on, chain by chain, for the doctor. The rows of a contract's
 * instalments come as one text: a quarter of what JSON costs the server, which is most of the whole.
 */
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
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
  readonly instalments: WrittenInstalment[];
  /** All of the above but whose it is and the changes, as one text: the same for contracts that are alike. */
  written: string;
}

/** Shared by those that are alike: never written to. */
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
  changes: Change[] | null;
  instalments: string | null;
  invoiced: number[] | null;
}

const sql = `
  select contract.id, contract.organization_id, contract.chain_id, contract.terms::text as terms,
    contract.starts_on, contract.ends_on, contract.materialised_until, contract.created_on,
    recorded.changes, written.instalments, invoiced.numbers as invoiced
  from contract
  left join (
    select contract_id, string_agg(concat(number, ',', due_on, ',', amount_cents, ',', status, ',', method,
      case when covered_cents > 0 then ',+' end,
      case when explains <> '{}' or credited_cents > 0 then concat(',', array_to_string(explains, ' '), ',', credited_cents) end), ';') as instalments
    from instalment group by contract_id) written on written.contract_id = contract.id
  left join (
    select contract_id, json_agg(data || jsonb_build_object('id', id, 'kind', kind, 'recorded_on', recorded_on) order by seq) as changes
    from contract_change group by contract_id) recorded on recorded.contract_id = contract.id
  left join (
    select line.contract_id, array_agg(instalment.number) as numbers
    from invoice_line line join instalment on instalment.id = line.instalment_id
    where ${fixedByInvoice} group by line.contract_id) invoiced on invoiced.contract_id = contract.id
  where contract.deleted_at is null
  order by contract.chain_id, contract.starts_on`;

const AT_ONCE = 2000;
const TERMS_KEPT = 10_000;
const INSTALMENTS_KEPT = 100_000;

/** Hands over each chain, its contracts in the order they follow one another. */
export async function eachWrittenChain(trx: Trx, look: (chain: WrittenContract[]) => void): Promise<void> {
  // All of it is read, so its first rows need not come soon.
  await trx.raw('set local cursor_tuple_fraction = 1');
  await trx.raw(`declare every_schedule no scroll cursor for ${sql}`);
  const fetch = () => query<Row>(trx, `fetch ${AT_ONCE} from every_schedule`);
  const termsOf = remembering((text) => JSON.parse(text) as Terms, TERMS_KEPT);
  const instalmentOf = remembering(instalmentFrom, INSTALMENTS_KEPT);
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
      chain.push(contractFrom(row, termsOf(row.terms), instalmentOf));
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

function contractFrom(row: Row, terms: Terms, instalmentOf: (text: string) => WrittenInstalment): WrittenContract {
  const { id, organization_id, starts_on, ends_on, materialised_until, created_on } = row;
  const changes = row.changes ?? NO_CHANGES;
  let instalments: WrittenInstalment[] | null = null;
  return {
    id,
    organization_id,
    terms,
    starts_on,
    ends_on,
    materialised_until,
    created_on,
    changes,
    // Most are never asked for: a contract that is like another is not looked at again.
    get instalments() {
      instalments ??= instalmentsFrom(row, instalmentOf);
      return instalments;
    },
    written: `${row.terms}|${starts_on}|${ends_on}|${materialised_until}|${created_on}|${row.invoiced}|${row.instalments}`,
  };
}

function instalmentsFrom(row: Row, instalmentOf: (text: string) => WrittenInstalment): WrittenInstalment[] {
  const instalments = row.instalments === null ? [] : row.instalments.split(';').map(instalmentOf);
  // Written in order as a rule, and read in the order of the table.
  instalments.sort((a, b) => a.number - b.number);
  if (row.invoiced === null) return instalments;
  const invoiced = new Set(row.invoiced);
  return instalments.map((one) => (invoiced.has(one.number) ? { ...one, stands: true } : one));
}

const NO_CHANGES: readonly Change[] = [];
const NO_IDS: readonly string[] = [];

/** Number, day, amount, status, method; a plus where a part is paid; changes and credit where there are any. */
function instalmentFrom(text: string): WrittenInstalment {
  const parts = text.split(',') as string[];
  const stands = parts[5] === '+';
  const explains = parts[stands ? 6 : 5];
  return {
    number: Number(parts[0]),
    due_on: parts[1] as Day,
    amount: Number(parts[2]) as Cents,
    status: parts[3] as InstalmentStatus,
    method: parts[4] as PaymentMethod,
    explains: explains ? explains.split(' ') : NO_IDS,
    credited: Number(parts[stands ? 7 : 6] ?? 0) as Cents,
    stands,
  };
}
