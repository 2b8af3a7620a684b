/** Who calls: found by the hash of the key, with the organization it belongs to. */
import { createHash } from 'node:crypto';
import type { Organization } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { queryOne, type Reader } from '../../src/store/database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../../src/store/organizations.ts';
import type { Role } from './roles.ts';

export interface Principal {
  key_id: string;
  role: Role;
  is_operator: boolean;
  expires_at: Date | null;
  organization: Organization;
}

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

/** @throws Refusal `unauthenticated`, alike for a key that is missing, forged, expired or revoked. */
export async function authenticate(reader: Reader, key: string | null): Promise<Principal> {
  if (!key || !/^[\x21-\x7e]{8,200}$/.test(key)) throw new Refusal('unauthenticated');
  const row = await queryOne<{
    id: string;
    role: Role;
    is_operator: boolean;
    expires_at: Date | null;
    organization: OrganizationRow;
  }>(
    reader,
    `select api_key.id, api_key.role, api_key.is_operator, api_key.expires_at, ${organizationJson} as organization
     from api_key join organization on organization.id = api_key.organization_id
     where key_hash = ? and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    [hashKey(key)],
    'authenticate',
  );
  if (!row) throw new Refusal('unauthenticated');
  return {
    key_id: row.id,
    role: row.role,
    is_operator: row.is_operator,
    expires_at: row.expires_at,
    organization: organizationFrom(row.organization),
  };
}
