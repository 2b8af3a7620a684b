/** Request headers that the API understands, read strictly. */
import type { Request } from 'express';
import { type Language, languages } from '../../src/errors/language.ts';
import { Refusal } from '../../src/errors/refusal.ts';

/** The caller's language: the first of `Accept-Language` that the engine speaks, else the organization's. */
export function languageOf(request: Request, fallback: Language): Language {
  if (!request.headers['accept-language']) return fallback;
  const best = request.acceptsLanguages(...languages);
  return (languages as readonly string[]).includes(best || '') ? (best as Language) : fallback;
}

/** `Prefer: wait=N` (RFC 7240), N from 0 to 30 seconds; null when not asked. */
export function preferredWait(request: Request): number | null {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/.exec(request.get('prefer') ?? '');
  return match ? Math.min(30, Number(match[1])) : null;
}

export function idempotencyKeyOf(request: Request): string | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new Refusal('bad_request');
  return key;
}

/** The version in `If-Match: "7"`; undefined when absent or `*`. */
export function ifMatchOf(request: Request): number | undefined {
  const header = request.get('if-match');
  if (header === undefined || header.trim() === '*') return undefined;
  const match = /^\s*"(\d{1,9})"\s*$/.exec(header);
  if (!match) throw new Refusal('stale_version');
  return Number(match[1]);
}

export function etagOf(body: object): string | null {
  const version = (body as { version?: unknown }).version;
  return typeof version === 'number' ? `"${version}"` : null;
}
