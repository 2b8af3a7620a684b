/** What an invariant is: a rule about the database that is always true, with the query that finds where it is not. */
import type { Trx } from '../store/database.ts';

export interface Violation {
  organization: string | null;
  /** The id of the row at fault, or the name of the table. */
  id: string;
  detail: string;
}

export interface Invariant {
  /** Names it in the report and in the tests. */
  name: string;
  /** The rule, in one sentence. */
  says: string;
  /** Finds what breaks the rule; none where it holds. Reads only. */
  find: (trx: Trx) => Promise<Violation[]>;
  /** Where one reading of the rows answers several rules: those of the same pass are looked after at once. */
  pass?: Pass;
}

/** @returns by the name of the rule, what breaks it */
export type Pass = (trx: Trx) => Promise<ReadonlyMap<string, Violation[]>>;

/**
 * Joins by reading two sides beside each other, each in the order of an index: where they lie in that order, or nearly so, a
 * fraction of what it costs to make a hash of the one, or to sort it. The planner does not know how they lie.
 */
export async function alongIndexes<Result>(trx: Trx, work: () => Promise<Result>): Promise<Result> {
  await trx.raw('set local enable_hashjoin = off; set local enable_sort = off');
  const result = await work();
  await trx.raw('set local enable_hashjoin = on; set local enable_sort = on');
  return result;
}

/** Violations shown of one rule; there may be more. */
export const MOST_SHOWN = 20;

/** A rule whose violations one query finds: columns `organization`, `id` and `detail`. */
export function bySql(name: string, says: string, sql: string): Invariant {
  return {
    name,
    says,
    async find(trx) {
      // Planned for all of them: for the first few the planner would go through one side again for each row of the other.
      const { rows } = await trx.raw(
        `with violation as materialized (${sql}) select * from violation limit ${MOST_SHOWN}`,
      );
      return rows as Violation[];
    },
  };
}

/**
 * Rows that are read from the first to the last and kept: the planner, which is told of an index, would rather go there
 * and back for each of half a million.
 */
export const inMemory = (select: string): string => `(${select} offset 0)`;

/** A rule about each row of what is read together with others. */
export interface RowRule {
  name: string;
  says: string;
  /** Whether a row breaks it, as SQL. */
  broken: string;
  /** What is wrong with that row, as SQL. */
  detail: string;
}

/**
 * Rules about the same rows, which are read once for all of them.
 * @param rows what follows FROM, as SQL
 * @param id the id of a row, and `organization` whose it is, as SQL
 */
export function inOnePass(
  { rows, id, organization }: { rows: string; id: string; organization: string },
  rules: readonly RowRule[],
): Invariant[] {
  const any = rules.map(({ broken }) => `(${broken})`).join(' or ');
  const each = rules.map(({ name, broken, detail }) => `('${name}', (${broken}), ${detail})`).join(',\n');
  const sql = `
    select rule, organization, id, detail from (
      select fault.rule, ${organization} as organization, ${id} as id, fault.detail,
        row_number() over (partition by fault.rule) as place
      from ${rows} cross join lateral (values ${each}) as fault (rule, broken, detail)
      where (${any}) and fault.broken) violation
    where place <= ${MOST_SHOWN}`;
  const pass: Pass = async (trx) => {
    const found = new Map<string, Violation[]>(rules.map(({ name }) => [name, []]));
    const { rows: violations } = await trx.raw(sql);
    for (const { rule, ...violation } of violations as (Violation & { rule: string })[])
      found.get(rule)?.push(violation);
    return found;
  };
  return byPass(pass, rules);
}

/** Rules that one reading answers. */
export function byPass(pass: Pass, rules: readonly Pick<Invariant, 'name' | 'says'>[]): Invariant[] {
  return rules.map(({ name, says }) => ({ name, says, pass, find: async (trx) => (await pass(trx)).get(name) ?? [] }));
}
