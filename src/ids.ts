/**
 * Public identifiers: a prefix that says what is named, then a ULID, so that ids sort by creation time.
 * They are the primary keys as well (decision 0003).
 */
import { webcrypto } from 'node:crypto';
import { monotonicFactory } from 'ulid';

export const idPrefixes = {
  organization: 'org',
  api_key: 'key',
  person: 'per',
  session: 'ses',
  customer: 'cus',
  plan: 'pln',
  contract: 'ctr',
  change: 'chg',
  instalment: 'ins',
  suspension: 'sus',
  publication: 'pub',
  incident: 'inc',
  payment: 'pay',
  mandate: 'mdt',
  fee: 'fee',
  refund: 'ref',
  credit_use: 'use',
  write_off: 'wof',
  waiver: 'wvr',
  promise: 'prm',
  collection: 'col',
  collection_line: 'lin',
  bank_return: 'brt',
  invoice: 'inv',
  logo: 'lgo',
  reminder: 'rem',
  mail_text: 'txt',
  reminder_hold: 'hld',
  job: 'job',
  event: 'evt',
  request: 'req',
} as const;

export type IdPrefix = (typeof idPrefixes)[keyof typeof idPrefixes] | (string & {});

/** Random numbers drawn by the thousand: the library's own way asks the system for each character. */
const pool = new Uint32Array(1024);
let drawn = pool.length;

function random(): number {
  if (drawn === pool.length) {
    webcrypto.getRandomValues(pool);
    drawn = 0;
  }
  const value = pool[drawn] as number;
  drawn += 1;
  return value / 0x1_0000_0000;
}

const ulid = monotonicFactory(random);

export function newId(prefix: IdPrefix): string {
  return `${prefix}_${ulid()}`;
}

/** Matches the ids of one prefix, for input schemas. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);
}
