/** Many who do things to the same rows at the same moment, each over a connection of its own. */
import { type Context, writeContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { connectDatabase, type Database, isContention } from '../../src/store/database.ts';
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
  /** Runs all at once, each in its transaction, again where two stood in each other's way. @throws anything but a refusal */
  run(organization: string, ...works: ((ctx: Context) => Promise<unknown>)[]): Promise<RaceOutcome[]>;
  stop(): Promise<void>;
}

/** The least that make a race. */
export const CONNECTIONS = 16;

export function startRace(databaseUrl: string): Race {
  const database = connectDatabase(databaseUrl, { max: CONNECTIONS + 8, application: 'race' });
  let together = 0;
  const watch = setInterval(() => {
    together = Math.max(together, database.client.pool.numUsed());
  }, 1);
  return {
    database,
    together: () => together,
    async run(id, ...works) {
      const organization = await findOrganization(database, id);
      if (!organization) throw new Error(`${id} is gone`);
      return Promise.all(
        works.map(async (work): Promise<RaceOutcome> => {
          for (;;) {
            try {
              const context = (trx: Parameters<typeof writeContext>[0]) =>
                writeContext(trx, organization, 'race', new Date());
              return { result: await database.transaction((trx) => work(context(trx))) };
            } catch (error) {
              if (error instanceof Refusal) return { refused: error.code };
              if (!isContention(error)) throw error;
            }
          }
        }),
      );
    },
    async stop() {
      clearInterval(watch);
      await database.destroy();
    },
  };
}
