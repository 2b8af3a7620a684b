/**
 * The one way to reach PostgreSQL.
 *
 * Always true: a `date` is read as its text, a `bigint` as a number checked to be safe, a `timestamptz` as a Date.
 */
import knexFactory, { type Knex } from 'knex';
import pg from 'pg';

export type Database = Knex;
/** A transaction. Functions that lock or write take one in their type, so they do not compile outside it. */
export type Trx = Knex.Transaction;
/** Something that can read: a database or a transaction. */
export type Reader = Knex | Knex.Transaction;

const DATE = 1082;
const BIGINT = 20;

function checkedNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint is too large to be read as a number');
  return value;
}

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === DATE) return (text: string) => text;
    if (oid === BIGINT) return checkedNumber;
    return pg.types.getTypeParser(oid, format ?? 'text');
  },
};

export interface DatabaseOptions {
  max?: number;
  application?: string;
}

export function connectDatabase(url: string, options: DatabaseOptions = {}): Database {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: options.application ?? 'echeance',
      types,
      statement_timeout: 120_000,
      lock_timeout: 10_000,
      // A frozen worker must not hold its locks for ever: others take over its work after this.
      idle_in_transaction_session_timeout: 15_000,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.max ?? 16, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 30_000,
  });
}

interface PgConnection {
  query(config: { text: string; values: readonly unknown[]; name?: string }): Promise<{ rows: unknown[] }>;
}

const positioned = new Map<string, string>();

/** `?` placeholders as PostgreSQL numbers them. Statements are few and fixed, so each is translated once. */
function withNumbers(sql: string): string {
  let text = positioned.get(sql);
  if (text === undefined) {
    let at = 0;
    text = sql.replace(/\\\?|\?/g, (mark) => {
      if (mark !== '?') return '?';
      at += 1;
      return `$${at}`;
    });
    if (positioned.size < 1000) positioned.set(sql, text);
  }
  return text;
}

/**
 * Runs one statement. `name` makes it a prepared statement, planned once per connection: for the statements
 * that run thousands of times. Outside a transaction it goes straight to a connection of the pool: Knex's own
 * road costs as much again as the query (measured: 230 against 130 microseconds of processor time).
 */
export async function query<Row>(
  reader: Reader,
  sql: string,
  bindings: readonly unknown[] = [],
  name?: string,
): Promise<Row[]> {
  if (!reader.isTransaction) {
    const connection = (await reader.client.acquireConnection()) as PgConnection;
    try {
      const config = { text: withNumbers(sql), values: bindings };
      return (await connection.query(name ? { ...config, name } : config)).rows as Row[];
    } finally {
      await reader.client.releaseConnection(connection);
    }
  }
  const statement = reader.raw(sql, bindings as never);
  const result = await (name ? statement.options({ name }) : statement);
  return result.rows as Row[];
}

/** As `query`, for a statement that gives one row or none. */
export async function queryOne<Row>(
  reader: Reader,
  sql: string,
  bindings: readonly unknown[] = [],
  name?: string,
): Promise<Row | null> {
  return (await query<Row>(reader, sql, bindings, name))[0] ?? null;
}

const connectionTrouble = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Cut off for standing still inside a transaction, as a frozen process does.
  '25P03',
  '57P05',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Lost the connection, or the server is stopping: the work may or may not have been committed. */
export function isConnectionTrouble(error: unknown): boolean {
  const code = codeOf(error);
  if (connectionTrouble.has(code) || code.startsWith('08')) return true;
  return (
    error instanceof Error &&
    /Connection terminated|connection.*closed|Client was closed|connection error and is not queryable|acquir(?:e|ing) a connection|timeout expired/i.test(
      error.message,
    )
  );
}

/** Two transactions stood in each other's way; doing it again is right. */
export function isContention(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes(codeOf(error));
}

/** Of those that waited for each other PostgreSQL has ended this one; to begin anew is right, and costs nobody anything. */
export function isDeadlock(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/** The name of the unique or exclusion constraint that refused a row, or null. */
export function violatedConstraint(error: unknown): string | null {
  if (!['23505', '23P01'].includes(codeOf(error))) return null;
  return (error as { constraint?: string }).constraint ?? '';
}
