/**
 * Contracts to which nothing happened but that instalments were paid, went to the bank or came back: no change, no
 * renewal, no credit. Their schedules follow from their terms alone. Those that were sold and written down alike come as
 * one, with the weight of what is written down in the place of its rows (decision 0095).
 */
import { randomInt } from 'node:crypto';
import { type Day, day, daysBetween } from '../domain/day.ts';
import { paymentMethods } from '../domain/payment-method.ts';
import type { Instalment } from '../domain/schedule/instalment.ts';
import type { Terms } from '../domain/schedule/terms.ts';
import { query, type Trx } from './database.ts';

export interface AlikeContracts {
  /** One of them. */
  id: string;
  terms: Terms;
  starts_on: Day;
  ends_on: Day | null;
  materialised_until: Day | null;
  created_on: Day;
  /** How many instalments each has, and what they weigh. */
  count: number;
  weight: bigint;
}

export interface PlainContracts {
  alike: readonly AlikeContracts[];
  /** The chains that have a contract to which something happened. */
  other_chains: readonly string[];
  /** What the instalments would weigh; null: there are more than are weighed. */
  weigh: (instalments: readonly Instalment[]) => bigint | null;
  /** The chains of all contracts that were sold like one of these. */
  chainsLike: (ids: readonly string[]) => Promise<string[]>;
}

interface Row extends Omit<AlikeContracts, 'terms' | 'weight'> {
  weight: string;
  other: string | null;
}

/** The number of an instalment gives its weight; more than any schedule has. */
const MOST_NUMBERS = 2000;
const NUMBER_WEIGHTS = 2 ** 20;
/** So that a weight times an amount, a day and a method is a bigint. */
const FIELD_WEIGHTS = 2 ** 23;
const METHOD_CODES = 2 ** 14;
const FROM = day('2000-01-01');

export async function plainContracts(trx: Trx): Promise<PlainContracts> {
  const seed = randomInt(2 ** 47);
  const days = randomInt(1, FIELD_WEIGHTS);
  const methods = randomInt(1, FIELD_WEIGHTS);
  const rows = await query<Row>(trx, plain(seed, days, methods));
  const alike = rows.filter(({ other }) => other === null);
  const termsOf = await termsById(trx, alike);
  return {
    alike: alike.map((row) => ({ ...row, terms: termsOf.get(row.id)!, weight: BigInt(row.weight) })),
    other_chains: [...new Set(rows.flatMap(({ other }) => other ?? []))],
    weigh: weighing(await numberWeights(trx, seed), { days, methods, codes: await methodCodes(trx) }),
    chainsLike: async (ids) => {
      const chains = await query<{ chain_id: string }>(
        trx,
        `select distinct contract.chain_id from contract where contract.deleted_at is null and jsonb_hash_extended(contract.terms, ${seed}) in (
           select jsonb_hash_extended(terms, ${seed}) from contract where id = any(?::text[]))`,
        [[...ids]],
      );
      return chains.map(({ chain_id }) => chain_id);
    },
  };
}

/** A contract that is not plain is called by its chain, which puts it apart from any other. */
const plain = (seed: number, days: number, methods: number) => `
  select min(id) as id, other, starts_on, ends_on, materialised_until, created_on, count, weight::text as weight from (
    select contract.id, contract.organization_id, contract.starts_on, contract.ends_on, contract.materialised_until, contract.created_on,
      jsonb_hash_extended(contract.terms, ${seed}) as sold, coalesce(written.count, 0) as count, coalesce(written.weight, 0) as weight,
      case when changed.contract_id is not null or renewed.chain_id is not null or written.is_other then contract.chain_id end as other
    from contract
    left join (
      select contract_id, count(*) as count,
        bool_or(status in ('waived', 'cancelled') or credited_cents > 0 or cardinality(explains) > 0) as is_other,
        sum((hashint4extended(number, ${seed}) & ${NUMBER_WEIGHTS - 1}) * (amount_cents + (due_on - '${FROM}'::date) * ${days}::bigint
          + (hashtext(method) & ${METHOD_CODES - 1}) * ${methods}::bigint)) as weight
      from instalment group by contract_id) written on written.contract_id = contract.id
    left join (select distinct contract_id from contract_change) changed on changed.contract_id = contract.id
    left join (
      select chain_id from contract where deleted_at is null group by chain_id having count(*) > 1
    ) renewed on renewed.chain_id = contract.chain_id
    where contract.deleted_at is null) contract
  group by other, organization_id, sold, starts_on, ends_on, materialised_until, created_on, count, weight`;

async function termsById(trx: Trx, alike: readonly Row[]): Promise<Map<string, Terms>> {
  const rows = await query<{ id: string; terms: Terms }>(
    trx,
    'select id, terms from contract where id = any(?::text[])',
    [alike.map(({ id }) => id)],
  );
  return new Map(rows.map(({ id, terms }) => [id, terms]));
}

async function numberWeights(trx: Trx, seed: number): Promise<number[]> {
  const rows = await query<{ weight: number }>(
    trx,
    `select hashint4extended(number, ${seed}) & ${NUMBER_WEIGHTS - 1} as weight from generate_series(0, ${MOST_NUMBERS}) number order by number`,
  );
  return rows.map(({ weight }) => weight);
}

async function methodCodes(trx: Trx): Promise<Map<string, number>> {
  const rows = await query<{ method: string; code: number }>(
    trx,
    `select method, hashtext(method) & ${METHOD_CODES - 1} as code from unnest(?::text[]) method`,
    [[...paymentMethods]],
  );
  return new Map(rows.map(({ method, code }) => [method, code]));
}

function weighing(
  numbers: readonly number[],
  fields: { days: number; methods: number; codes: ReadonlyMap<string, number> },
): PlainContracts['weigh'] {
  return (instalments) => {
    let sum = 0n;
    for (const { number, amount, due_on, method } of instalments) {
      const weight = numbers[number];
      if (weight === undefined) return null;
      const value = amount + daysBetween(FROM, due_on) * fields.days + fields.codes.get(method)! * fields.methods;
      sum += BigInt(weight) * BigInt(value);
    }
    return sum;
  };
}
