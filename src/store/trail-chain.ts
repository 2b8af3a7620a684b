/**
 * The chain that the trail hangs on: each event's link holds a hash over what the event says and the hash before it, so
 * that nothing in it can be changed, left out, put elsewhere or cut off without the later hashes telling.
 *
 * Always true: links are made apart from the work that events tell of, some seconds later, by one process at a time, in
 * numbers without gap per organization; an event is linked once. An event that is not linked yet can still be lost
 * unseen: `LATEST_LINKED` says how long that may last.
 */
import { type Database, query, queryOne, type Reader, type Trx } from './database.ts';

const BATCH = 5000;
/** An event may be committed this long after its id was made, and be found all the same without looking at all of them. */
const LOOKS_BACK_MS = 3_600_000;
/** By then every event is linked. */
export const LATEST_LINKED_MS = 2 * LOOKS_BACK_MS;
/** How often everything is looked through, for what a host with a wrong clock has written. */
const LOOKS_AT_ALL_EVERY_MS = 86_400_000;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The smallest id that an event of this instant can have. */
export function firstEventIdOf(instant: Date): string {
  let left = Math.max(0, instant.getTime());
  let text = '';
  for (let at = 0; at < 10; at += 1) {
    text = CROCKFORD[left % 32] + text;
    left = Math.floor(left / 32);
  }
  return `evt_${text}`;
}

interface Linked {
  count: number;
  /** The last id of the batch; null where there was nothing. */
  last: string | null;
}

/**
 * Until the end of the transaction nothing is linked: what an erasure takes out of events could otherwise be linked as it
 * was before, and the link would tell of a change for ever.
 */
export async function lockTrail(trx: Trx): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('echeance trail'))`);
}

/** Links one batch of events after an id. @returns null where another process is at it */
async function linkBatch(trx: Trx, after: string): Promise<Linked | null> {
  const lock = await queryOne<{ taken: boolean }>(
    trx,
    `select pg_try_advisory_xact_lock(hashtext('echeance trail')) as taken`,
  );
  if (!lock?.taken) return null;
  return queryOne<Linked>(
    trx,
    `with unlinked as materialized (
       select event as row, uuid_send(gen_random_uuid()) as salt
       from event where event.id > ? and not exists (select from event_link link where link.event_id = event.id)
       order by event.id limit ${BATCH}
     ), digested as materialized (
       select (row).organization_id, (row).id, salt, event_data_digest(salt, (row).data) as data_digest, row from unlinked
     ), head as (
       select organization_id, last.seq, last.hash
       from (select distinct organization_id from digested) organization
       cross join lateral (select seq, hash from event_link link
                           where link.organization_id = organization.organization_id order by seq desc limit 1) last
     ), hashed as (
       select organization_id, coalesce(head.seq, 0) + row_number() over line as seq, id, salt, data_digest,
         coalesce(head.hash, chain_origin(organization_id)) as first,
         chain_hash(coalesce(head.hash, chain_origin(organization_id)), event_words(row, data_digest)) over line as hash
       from digested left join head using (organization_id)
       window line as (partition by organization_id order by id rows unbounded preceding)
     ), linked as (
     insert into event_link (organization_id, seq, event_id, data_salt, data_digest, hash_before, hash, linked_at)
     select organization_id, seq, id, salt, data_digest,
            coalesce(lag(hash) over (partition by organization_id order by seq), first), hash, clock_timestamp()
     from hashed
     returning event_id)
     select count(*)::int as count, max(event_id) as last from linked`,
    [after],
  );
}

/** When each process has looked through everything. */
const lookedAtAll = new WeakMap<Database, number>();

/**
 * Links every event that is committed and is not linked yet.
 * @param most batches at the most; the rest is left to the next time
 * @returns how many
 */
export async function linkTrail(database: Database, most = 20): Promise<number> {
  const now = Date.now();
  const isDue = now - (lookedAtAll.get(database) ?? 0) > LOOKS_AT_ALL_EVERY_MS;
  let after = isDue ? '' : firstEventIdOf(new Date(now - LOOKS_BACK_MS));
  let linked = 0;
  for (let batch = 0; batch < most; batch += 1) {
    const done = await database.transaction((trx) => linkBatch(trx, after));
    if (done === null) return linked;
    linked += done.count;
    after = done.last ?? after;
    if (done.count < BATCH) {
      if (isDue) lookedAtAll.set(database, now);
      return linked;
    }
  }
  return linked;
}

export interface Head {
  seq: number;
  hash: string;
}

export async function headOf(reader: Reader, organizationId: string): Promise<Head | null> {
  return queryOne<Head>(
    reader,
    `select seq, encode(hash, 'hex') as hash from event_link where organization_id = ? order by seq desc limit 1`,
    [organizationId],
  );
}

/** How many events of the organization are not linked yet: those of the last seconds. */
export async function unlinkedOf(reader: Reader, organizationId: string, now: Date): Promise<number> {
  const from = firstEventIdOf(new Date(now.getTime() - LATEST_LINKED_MS));
  const row = await queryOne<{ count: number }>(
    reader,
    `select count(*)::int as count from event where organization_id = ? and id >= ?
       and not exists (select from event_link link where link.event_id = event.id)`,
    [organizationId, from],
  );
  return row?.count ?? 0;
}

/** Whether the chain still has this hash at this place. */
export async function hasHead(reader: Reader, organizationId: string, head: Head): Promise<boolean> {
  const row = await queryOne(
    reader,
    `select 1 from event_link where organization_id = ? and seq = ? and hash = decode(?, 'hex')`,
    [organizationId, head.seq, head.hash],
  );
  return row !== null;
}

export interface ChainFault {
  organization: string;
  id: string;
  detail: string;
}

/** Its data are gone, and no erasure tells of it. */
const isEmptied = `link.data_salt is null and not exists (
  select from event erasure where erasure.id = event.data ->> 'erased' and erasure.type = 'customer.erased'
    and erasure.organization_id = link.organization_id)`;

/**
 * Every place where a chain does not hold, as SQL: numbers with gaps, events that are gone or say something else than when they were
 * linked, hashes that do not follow from the one before.
 * @param where narrows the links looked at to whole organizations
 */
export const chainFaults = (where: string): string => `
  select organization_id as organization, event_id as id, 'link ' || seq || ': ' || fault as detail
  from (
    select link.organization_id, link.event_id, link.seq,
           case
             when link.seq <> link.place then 'a number is missing before it'
             when event.id is null then 'its event is gone'
             when event.organization_id <> link.organization_id then 'its event is of another organization'
             when link.data_salt is not null and event_data_digest(link.data_salt, event.data) <> link.data_digest
               then 'the data of its event were changed'
             when ${isEmptied}
               then 'its data are gone and no erasure tells of it'
             when link.hash_before <> coalesce(link.before, chain_origin(link.organization_id)) then 'the link before it was changed'
             when link.hash <> sha256(link.hash_before || event_words(event, link.data_digest)) then 'its event was changed'
           end as fault
    -- The links are put in order before their events are read: no event is carried along.
    from (
      select link.*, row_number() over line as place, lag(link.hash) over line as before
      from event_link link where ${where}
      window line as (partition by link.organization_id order by link.seq)) link
    left join event on event.id = link.event_id
  ) looked_at
  where fault is not null`;

/**
 * Whether any chain may not hold, as SQL. Each link is looked at with its event alone; that they follow one another is weighed:
 * the hash of each against what the next one says that it was.
 * @param weigh the weight of a text at its place
 */
export const mayFail = (weigh: (text: string, place: string) => string): string => {
  const hash = (of: string) => weigh(`encode(${of}.hash, 'hex')`, `${of}.seq`);
  const before = (of: string) => weigh(`encode(${of}.hash_before, 'hex')`, `${of}.seq - 1`);
  return `
    (select count(*) > 0
     from (select organization_id, count(*) as count, min(seq) as least, max(seq) as most, sum(${hash('link')}) as hashes, sum(${before('link')}) as before
           from event_link link group by organization_id) chain
     left join event_link first on first.organization_id = chain.organization_id and first.seq = 1
     left join event_link last on last.organization_id = chain.organization_id and last.seq = chain.most
     where least <> 1 or most <> count or first.hash_before <> chain_origin(chain.organization_id)
       or hashes - ${hash('last')} <> before - ${before('first')})
    or (select count(*) > 0 from event_link link left join event on event.id = link.event_id
        where event.id is null or event.organization_id <> link.organization_id or ${isEmptied}
          or event_data_digest(link.data_salt, event.data) <> link.data_digest
          or link.hash <> sha256(link.hash_before || event_words(event, link.data_digest)))`;
};

export async function faultsOf(reader: Reader, organizationId: string, limit: number): Promise<ChainFault[]> {
  return query<ChainFault>(reader, `${chainFaults('link.organization_id = ?')} limit ${limit}`, [organizationId]);
}
