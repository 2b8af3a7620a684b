/**
 * The cookie of a person who is signed in, and who may write with it.
 *
 * Always true: scripts cannot read it, other sites cannot send it, it goes over TLS only (browsers make an exception
 * for localhost) and to this host only; a write with it comes from a page of this server, or is refused.
 */
import type { Request } from 'express';

const NAME = '__Host-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

export function sessionCookie(token: string, seconds: number): string {
  return `${NAME}=${token}; ${ATTRIBUTES}; Max-Age=${seconds}`;
}

export const noSessionCookie = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

export function sessionFromCookie(request: Request): string | null {
  const header = request.get('cookie');
  if (!header || header.length > 8000) return null;
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME && value?.startsWith('ps_')) return value;
  }
  return null;
}

/** Browsers say where a request comes from; what does not say so is not believed. */
export function isFromHere(request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === request.get('host');
}
