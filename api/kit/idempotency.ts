/**
 * Idempotency keys, kept in the transaction of the work: a key is there exactly when its work is.
 *
 * Always true: the same key and request get the same answer; the same key with another request is refused; two at
 * once get one answer and one `409`; what is kept has no account number in clear, an organization's own neither.
 */
import { createHash } from 'node:crypto';
import { maskAccountNumbers } from '../../src/domain/iban.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { queryOne, type Trx } from '../../src/store/database.ts';

export interface KeptAnswer {
  status: number;
  answer: object | null;
  job_id: string | null;
}

export function requestHash(method: string, path: string, query: unknown, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, query, Buffer.isBuffer(body) ? null : (body ?? null)]))
    .update(Buffer.isBuffer(body) ? body : '')
    .digest('hex');
}

/** @returns the kept answer, or null when the work is to be done now. Holds the key until the transaction ends. */
export async function takeKey(trx: Trx, organizationId: string, key: string, hash: string): Promise<KeptAnswer | null> {
  const lock = await queryOne<{ taken: boolean }>(
    trx,
    `select pg_try_advisory_xact_lock(hashtextextended(?, 7)) as taken`,
    [`${organizationId} ${key}`],
  );
  if (!lock?.taken) throw new Refusal('idempotency_in_flight');
  const kept = await queryOne<KeptAnswer & { request_hash: string }>(
    trx,
    'select status, answer, job_id, request_hash from idempotency_key where organization_id = ? and key = ?',
    [organizationId, key],
  );
  if (!kept) return null;
  if (kept.request_hash !== hash) throw new Refusal('idempotency_key_reused');
  return kept;
}

export async function keepAnswer(
  trx: Trx,
  organizationId: string,
  key: string,
  hash: string,
  kept: KeptAnswer,
  now: Date,
): Promise<void> {
  await trx.raw(
    `insert into idempotency_key (organization_id, key, request_hash, status, answer, job_id, created_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [organizationId, key, hash, kept.status, maskAccountNumbers(JSON.stringify(kept.answer)), kept.job_id, now],
  );
}
