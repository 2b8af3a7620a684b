/**
 * The files that banks send, as they came.
 *
 * Always true: the bytes hold account numbers, so they are kept sealed, in pieces, and never changed; their SHA-256 is
 * that of the bytes before sealing, and the same bytes are the same file.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Context } from '../context.ts';
import { Refusal, type RefusalParams } from '../errors/refusal.ts';
import { queryOne, type Reader } from './database.ts';
import { theSealer } from './sealing.ts';

export type BankMessageState = 'received' | 'applied' | 'refused';

/** Bytes of one piece before it is compressed and sealed. */
const PIECE = 1_000_000;

function purposeOf(organizationId: string, messageId: string, number: number): string {
  return `bank_message:${organizationId}:${messageId}:${number}`;
}

/** Keeps a file. @returns its id, or that of the same file kept before */
export async function keepBankMessage(ctx: Context, id: string, bytes: Buffer): Promise<string> {
  const organization = ctx.organization.id;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const made = await queryOne<{ id: string }>(
    ctx.trx,
    `insert into bank_message (id, organization_id, sha256, byte_count, state, received_on, actor, recorded_at)
     values (?, ?, ?, ?, 'received', ?, ?, ?) on conflict (organization_id, sha256) do nothing returning id`,
    [id, organization, sha256, bytes.length, ctx.today, ctx.actor, ctx.now],
  );
  if (!made) {
    const kept = await queryOne<{ id: string }>(
      ctx.trx,
      'select id from bank_message where organization_id = ? and sha256 = ?',
      [organization, sha256],
    );
    return (kept as { id: string }).id;
  }
  for (let number = 1; (number - 1) * PIECE < bytes.length; number += 1) {
    const piece = deflateRawSync(bytes.subarray((number - 1) * PIECE, number * PIECE), { level: 3 });
    await ctx.trx.raw(
      'insert into bank_message_part (organization_id, message_id, number, sealed_bytes) values (?, ?, ?, ?)',
      [organization, id, number, theSealer().sealBytes(piece, purposeOf(organization, id, number))],
    );
  }
  return id;
}

/** The bytes of a file as they came, one piece at a time. @throws SealBroken */
export async function* bytesOfMessage(
  reader: Reader,
  organizationId: string,
  messageId: string,
): AsyncGenerator<Buffer, void, undefined> {
  for (let number = 1; ; number += 1) {
    const row = await queryOne<{ sealed_bytes: Buffer }>(
      reader,
      'select sealed_bytes from bank_message_part where message_id = ? and organization_id = ? and number = ?',
      [messageId, organizationId, number],
      'part-of-bank-message',
    );
    if (!row) return;
    const piece = theSealer().openBytes(row.sealed_bytes, purposeOf(organizationId, messageId, number));
    yield inflateRawSync(piece, { maxOutputLength: PIECE });
  }
}

/** @throws Refusal `not_found` */
export async function lockBankMessage(ctx: Context, id: string): Promise<{ state: BankMessageState }> {
  const row = await queryOne<{ state: BankMessageState }>(
    ctx.trx,
    'select state from bank_message where id = ? and organization_id = ? for no key update',
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row;
}

export async function markApplied(
  ctx: Context,
  id: string,
  applied: { kind: string; report: object; entries: number },
): Promise<void> {
  await ctx.trx.raw(
    `update bank_message set state = 'applied', kind = ?, applied_on = ?, refusal = null, report = ?, entry_count = ? where id = ?`,
    [applied.kind.slice(0, 40), ctx.today, JSON.stringify(applied.report), applied.entries, id],
  );
}

export async function markRefused(ctx: Context, id: string, code: string, params: RefusalParams): Promise<void> {
  await ctx.trx.raw(`update bank_message set state = 'refused', refusal = ? where id = ? and state <> 'applied'`, [
    JSON.stringify({ code, params }),
    id,
  ]);
}
