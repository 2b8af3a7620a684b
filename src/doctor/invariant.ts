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
}

/** Violations shown of one rule; there may be more. */
export const MOST_SHOWN = 20;

/** A rule whose violations one query finds: columns `organization`, `id` and `detail`. */
export function bySql(name: string, says: string, sql: string): Invariant {
  return {
    name,
    says,
    async find(trx) {
      const { rows } = await trx.raw(`select * from (${sql}) violation limit ${MOST_SHOWN}`);
      return rows as Violation[];
    },
  };
}
