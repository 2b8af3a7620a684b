/** Many who do things to the same rows at the same moment, each over a connection of its own. */
import { type Context, writeContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { connectDatabase, type Database, isContention, queryOne, type Trx } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';

export interface RaceOutcome {
  /** What it gave; undefined where it was refused. */
  result?: unknown;
  /** The code of the refusal, where it was refused. */
  refused?: string;
}

export interface Race {
  database: Database;
  /** How many connections were in use at once, at the most. */
  together(): number;
  /** How often PostgreSQL has ended a deadlock in this database. */
  deadlocks(): Promise<number>;
  /**
   * Runs all at once, each in its transaction, again where two stood in each other's way. As many as have a connection
   * begin together: none is done before the others have theirs. @throws anything but a refusal
   */
  run(organization: string, ...works: ((ctx: Context) => Promise<unknown>)[]): Promise<RaceOutcome[]>;
  stop(): Promise<void>;
}

/** The least that make a race. */
export const CONNECTIONS = 16;

export function startRace(databaseUrl: string): Race {
  const most = CONNECTIONS + 8;
  const database = connectDatabase(databaseUrl, { max: most, application: 'race' });
  let together = 0;
  return {
    database,
    together: () => together,
    async run(id, ...works) {
      const organization = await findOrganization(database, id);
      if (!organization) throw new Error(`${id} is gone`);
      const line = startingLine(Math.min(works.length, most), () => {
        together = Math.max(together, database.client.pool.numUsed());
      });
      return Promise.all(
        works.map(async (work): Promise<RaceOutcome> => {
          for (;;) {
            try {
              const result = await database.transaction(async (trx: Trx) => {
                await line();
                return work(writeContext(trx, organization, 'race', new Date()));
              });
              return { result };
            } catch (error) {
              if (error instanceof Refusal) return { refused: error.code };
              if (!isContention(error)) throw error;
            }
          }
        }),
      );
    },
    async deadlocks() {
      const sql = 'select deadlocks from pg_stat_database where datname = current_database()';
      return (await queryOne<{ deadlocks: number }>(database, sql))?.deadlocks ?? 0;
    },
    stop: () => database.destroy(),
  };
}

/** Who comes waits for the others, until so many are there; from then on nobody waits. */
function startingLine(count: number, start: () => void): () => Promise<void> {
  let there = 0;
  let go: () => void;
  const started = new Promise<void>((resolve) => {
    go = resolve;
  });
  return () => {
    there += 1;
    if (there === count) {
      start();
      go();
    }
    return started;
  };
}
