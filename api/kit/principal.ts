/** Who calls: a key or a person signed in, found by the hash of what they show, with the organization it belongs to. */
import { createHash } from 'node:crypto';
import type { Actor, Organization } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { query, queryOne, type Reader } from '../../src/store/database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../../src/store/organizations.ts';
import type { Role } from './roles.ts';

export interface Principal {
  /** Of the key, or of the person. */
  id: string;
  actor: Actor;
  /** The session of a person who is signed in; null for a key. */
  session: string | null;
  role: Role;
  is_operator: boolean;
  expires_at: Date | null;
  organization: Organization;
}

/** A person who did nothing for so long is signed out. */
const IDLE_LIMIT = '30 minutes';
/** How precisely it is written down when a session was last used. */
const SEEN_EVERY = '1 minute';

export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The bearer token, or the password of HTTP Basic (for browsers on the operators' pages). */
export function keyFromHeader(header: string | undefined, allowBasic: boolean): string | null {
  if (!header || header.length > 1000) return null;
  const [scheme, value] = header.split(' ', 2);
  if (!scheme || !value) return null;
  if (/^bearer$/i.test(scheme)) return value;
  if (allowBasic && /^basic$/i.test(scheme)) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    return text.slice(text.indexOf(':') + 1) || null;
  }
  return null;
}

interface Found {
  id: string;
  session: string | null;
  role: Role;
  is_operator: boolean;
  expires_at: Date | null;
  /** It is time to write down that it was used. */
  unseen: boolean;
  organization: OrganizationRow;
}

/** @throws Refusal `unauthenticated`, alike for what is missing, forged, expired or revoked. */
export async function authenticate(reader: Reader, shown: string | null): Promise<Principal> {
  if (!shown || !/^[\x21-\x7e]{8,200}$/.test(shown)) throw new Refusal('unauthenticated');
  const isSession = shown.startsWith('ps_');
  const row = await (isSession ? findSession(reader, hashKey(shown)) : findKey(reader, hashKey(shown)));
  if (!row) throw new Refusal('unauthenticated');
  if (row.unseen) await (row.session ? sawSession(reader, row.session) : sawKey(reader, row.id));
  return {
    id: row.id,
    actor: `${isSession ? 'person' : 'key'}:${row.id}`,
    session: row.session,
    role: row.role,
    is_operator: row.is_operator,
    expires_at: row.expires_at,
    organization: organizationFrom(row.organization),
  };
}

function findKey(reader: Reader, hash: string): Promise<Found | null> {
  return queryOne<Found>(
    reader,
    `select api_key.id, null as session, api_key.role, api_key.is_operator, api_key.expires_at,
            last_used_on is distinct from (clock_timestamp() at time zone organization.timezone)::date as unseen,
            ${organizationJson} as organization
     from api_key join organization on organization.id = api_key.organization_id
     where key_hash = ? and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    [hash],
    'authenticate',
  );
}

function findSession(reader: Reader, hash: string): Promise<Found | null> {
  return queryOne<Found>(
    reader,
    `select person.id, session.id as session, person.role, person.is_operator,
            least(session.expires_at, session.last_seen_at + interval '${IDLE_LIMIT}') as expires_at,
            session.last_seen_at < clock_timestamp() - interval '${SEEN_EVERY}' as unseen,
            ${organizationJson} as organization
     from session join person on person.id = session.person_id
     join organization on organization.id = session.organization_id
     where token_hash = ? and session.ended_at is null and person.disabled_at is null
       and session.expires_at > clock_timestamp() and session.last_seen_at + interval '${IDLE_LIMIT}' > clock_timestamp()`,
    [hash],
    'authenticate-session',
  );
}

function sawKey(reader: Reader, id: string): Promise<unknown> {
  return query(
    reader,
    `update api_key set last_used_on = (clock_timestamp() at time zone organization.timezone)::date
     from organization where organization.id = api_key.organization_id and api_key.id = ?`,
    [id],
  );
}

function sawSession(reader: Reader, id: string): Promise<unknown> {
  return query(reader, 'update session set last_seen_at = greatest(last_seen_at, clock_timestamp()) where id = ?', [
    id,
  ]);
}
