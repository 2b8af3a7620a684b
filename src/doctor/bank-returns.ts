/** Rules about what banks told: kept whole, booked once, and the books say the same as the words. */
import { createHash } from 'node:crypto';
import { bytesOfMessage } from '../store/bank-messages.ts';
import { query, type Trx } from '../store/database.ts';
import { bankEffectInvariants } from './bank-effects.ts';
import { bySql, type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';

/** How much of the newest files is read again, in all. */
const MOST_BYTES = 64 * 1024 * 1024;

async function brokenFiles(trx: Trx): Promise<Violation[]> {
  const files = await query<{ id: string; organization: string; sha256: string; byte_count: number }>(
    trx,
    `select id, organization_id as organization, sha256, byte_count from (
       select *, sum(byte_count) over (order by id desc) as read from bank_message) newest
     where read <= ? or id = (select max(id) from bank_message) order by id desc`,
    [MOST_BYTES],
  );
  const found: Violation[] = [];
  for (const { id, organization, sha256, byte_count } of files) {
    const detail = await faultOf(trx, { id, organization, sha256, byte_count });
    if (detail !== null) found.push({ organization, id, detail });
    if (found.length === MOST_SHOWN) break;
  }
  return found;
}

async function faultOf(
  trx: Trx,
  file: { id: string; organization: string; sha256: string; byte_count: number },
): Promise<string | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of bytesOfMessage(trx, file.organization, file.id)) {
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    return `its bytes do not open: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (bytes !== file.byte_count) return `${bytes} bytes of ${file.byte_count}`;
  return hash.digest('hex') === file.sha256 ? null : 'its bytes have another SHA-256';
}

export const bankReturnInvariants: readonly Invariant[] = [
  bySql(
    'bank_file_whole',
    'A file of the bank is applied with every entry that it says it kept, or has none; nothing in it waits to be weighed.',
    `select m.organization_id as organization, m.id, m.state || ' with ' || count(e.id) || ' entries of ' || coalesce(m.entry_count, 0) as detail
     from bank_message m left join bank_entry e on e.message_id = m.id and e.position is not null
     group by m.id having count(e.id) <> coalesce(m.entry_count, 0)
     union all
     select organization_id, id::text, 'an entry that was matched and never weighed' from bank_entry where effect = 'told'`,
  ),
  {
    name: 'bank_file_bytes_hold',
    says: 'The bytes of a bank’s file open, are as many as came, and have the SHA-256 that they came with (the newest 64 MB).',
    find: brokenFiles,
  },
  ...bankEffectInvariants,
  bySql(
    'given_back_is_owed_once',
    'What was given back of a payment that then came back is a claim, at most what was given back.',
    `select fee.organization_id as organization, fee.id, fee.sold_cents || ' owed again, ' || p.refunded_cents || ' given back' as detail
     from fee join payment p on p.id = fee.payment_id where fee.kind = 'refund' and fee.sold_cents > p.refunded_cents`,
  ),
];
