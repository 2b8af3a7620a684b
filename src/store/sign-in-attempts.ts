/**
 * What slows guessing down: after a few failures each attempt has to wait, twice as long each time, up to a quarter of
 * an hour. Accounts and addresses are counted, those that do not exist alike; only hashes of them are kept.
 *
 * Always true: an attempt is counted before the password is looked at, so many at once are no way around.
 */
import { createHash } from 'node:crypto';
import { type Database, queryOne } from './database.ts';

const FREE_OF_ACCOUNT = 5;
const FREE_OF_ADDRESS = 20;
const LONGEST_WAIT_S = 900;
const FORGET_AFTER = '1 day';

export interface Attempt {
  account: string;
  address: string;
}

const hashOf = (kind: string, text: string) => createHash('sha256').update(`${kind}\0${text}`).digest('hex');

export function attemptOf(organizationId: string, email: string, address: string): Attempt {
  return { account: hashOf('account', `${organizationId}\0${email}`), address: hashOf('address', address) };
}

async function count(database: Database, subject: string, free: number): Promise<boolean> {
  const row = await queryOne(
    database,
    `insert into sign_in_attempt as attempt (subject, failures, last_at) values (?, 1, clock_timestamp())
     on conflict (subject) do update set last_at = clock_timestamp(),
       failures = case when attempt.last_at < clock_timestamp() - interval '${FORGET_AFTER}' then 1 else attempt.failures + 1 end
     where attempt.failures < ?
       or attempt.last_at + make_interval(secs => least(${LONGEST_WAIT_S}, power(2, least(attempt.failures - ?, 20))))
          < clock_timestamp()
     returning failures`,
    [subject, free, free],
  );
  return row !== null;
}

/** @returns whether the attempt may be made; it then counts as failed until `attemptSucceeded` */
export async function countAttempt(database: Database, attempt: Attempt): Promise<boolean> {
  return (
    (await count(database, attempt.address, FREE_OF_ADDRESS)) &&
    (await count(database, attempt.account, FREE_OF_ACCOUNT))
  );
}

/** The account begins anew; of the address only this attempt is taken back, or who has an account could guess others'. */
export async function attemptSucceeded(database: Database, attempt: Attempt): Promise<void> {
  await queryOne(database, 'delete from sign_in_attempt where subject = ?', [attempt.account]);
  await queryOne(database, 'update sign_in_attempt set failures = greatest(failures - 1, 0) where subject = ?', [
    attempt.address,
  ]);
}

/** What says nothing any more. */
export async function forgetOldAttempts(database: Database): Promise<void> {
  await queryOne(database, `delete from sign_in_attempt where last_at < clock_timestamp() - interval '2 days'`);
}
