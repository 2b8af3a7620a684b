/**
 * What is kept sealed (IBANs, the bank's files): unreadable in the database, found again by a keyed index.
 *
 * Always true:
 * - sealing is AES-256-GCM with a fresh nonce; the value names its key, so keys can be exchanged one row at a time;
 * - what a value is for (`iban:org_…`) is bound into it: a value copied to another organization does not open;
 * - the index is an HMAC of its own key: equal texts of one organization are found by it, nothing is read from it;
 * - both keys are derived from one secret, which is 32 bytes, never kept in the database and never written to a log.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

interface SealingKey {
  id: string;
  seal: Buffer;
  index: Buffer;
}

/** A value that does not open: another key, another purpose, or somebody has changed it. */
export class SealBroken extends Error {
  constructor(why: string) {
    super(`a sealed value does not open: ${why}`);
    this.name = 'SealBroken';
  }
}

export class Sealer {
  /** The first one seals; all of them open. */
  private readonly keys: readonly SealingKey[];

  constructor(keys: readonly SealingKey[]) {
    this.keys = keys;
  }

  /** @param purpose what it is and whose: opening needs the same */
  seal(text: string, purpose: string): string {
    const key = this.keys[0] as SealingKey;
    return `${VERSION}:${key.id}:${sealWith(key, Buffer.from(text), purpose).toString('base64url')}`;
  }

  /** @throws SealBroken */
  open(value: string, purpose: string): string {
    const [version, id, body] = value.split(':');
    if (version !== VERSION || id === undefined || body === undefined) throw new SealBroken('unknown form');
    return this.openWith(id, Buffer.from(body, 'base64url'), purpose).toString('utf8');
  }

  /** As `seal`, for bytes: the name of the key goes before them. */
  sealBytes(bytes: Uint8Array, purpose: string): Buffer {
    const key = this.keys[0] as SealingKey;
    return Buffer.concat([Buffer.from(`${VERSION}:${key.id}:`), sealWith(key, bytes, purpose)]);
  }

  /** @throws SealBroken */
  openBytes(value: Buffer, purpose: string): Buffer {
    const head = /^([^:]+):([^:]+):/.exec(value.subarray(0, 40).toString('latin1'));
    if (head?.[1] !== VERSION || head[2] === undefined) throw new SealBroken('unknown form');
    return this.openWith(head[2], value.subarray(head[0].length), purpose);
  }

  private openWith(id: string, sealed: Buffer, purpose: string): Buffer {
    const key = this.keys.find((candidate) => candidate.id === id);
    if (!key) throw new SealBroken(`key ${id.slice(0, 20)} is not in the ring`);
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('too short');
    const decipher = createDecipheriv('aes-256-gcm', key.seal, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(`${VERSION}:${id}:${purpose}`));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]);
    } catch {
      throw new SealBroken('it was changed, or sealed for something else');
    }
  }

  /** The index value to keep beside a sealed text. */
  index(text: string, purpose: string): string {
    return indexWith(this.keys[0] as SealingKey, text, purpose);
  }

  /** Every index value that the text may be found under: one per key, the newest first. */
  indexes(text: string, purpose: string): string[] {
    return this.keys.map((key) => indexWith(key, text, purpose));
  }

  /** Was it sealed with an older key? Then it is sealed anew with the first one. */
  isOld(value: string): boolean {
    return !value.startsWith(`${VERSION}:${this.keys[0]?.id}:`);
  }
}

function sealWith(key: SealingKey, bytes: Uint8Array, purpose: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(`${VERSION}:${key.id}:${purpose}`));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function indexWith(key: SealingKey, text: string, purpose: string): string {
  const mac = createHmac('sha256', key.index).update(purpose).update('\0').update(text).digest('base64url');
  return `${key.id}:${mac}`;
}

/** Reads `id:base64` of 32 bytes each, separated by commas or line ends; `#` begins a comment. @throws Error */
export function parseKeys(text: string): Sealer {
  const keys: SealingKey[] = [];
  for (const entry of text.replace(/#.*$/gm, '').split(/[,\s]+/)) {
    if (entry === '') continue;
    const at = entry.indexOf(':');
    const id = entry.slice(0, at);
    const secret = Buffer.from(entry.slice(at + 1), 'base64');
    if (at < 1 || !/^[A-Za-z0-9_-]{1,20}$/.test(id)) throw new Error('an encryption key is written as id:base64');
    if (secret.length !== KEY_BYTES) throw new Error(`encryption key ${id} is not ${KEY_BYTES} bytes in base64`);
    if (keys.some((key) => key.id === id)) throw new Error(`encryption key ${id} stands twice`);
    keys.push({ id, seal: derive(secret, 'seal'), index: derive(secret, 'index') });
  }
  if (keys.length === 0) throw new Error('there is no encryption key: set ENCRYPTION_KEYS or ENCRYPTION_KEY_FILE');
  return new Sealer(keys);
}

function derive(secret: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `echeance ${VERSION} ${use}`, KEY_BYTES));
}

let kept: Sealer | undefined;

/** The sealer of this process: its keys come from the environment, once. @throws Error where there are none */
export function theSealer(): Sealer {
  kept ??= readKeys(process.env);
  return kept;
}

/** The keys that the configuration names; the variable goes before the file. @throws Error */
export function readKeys(config: {
  ENCRYPTION_KEYS?: string | undefined;
  ENCRYPTION_KEY_FILE?: string | undefined;
}): Sealer {
  if (config.ENCRYPTION_KEYS) return parseKeys(config.ENCRYPTION_KEYS);
  return parseKeys(config.ENCRYPTION_KEY_FILE ? readFileSync(config.ENCRYPTION_KEY_FILE, 'utf8') : '');
}
