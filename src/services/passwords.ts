/**
 * Passwords, kept as scrypt hashes with their own parameters and salt, so that the parameters can be raised: a hash
 * with lower ones is made anew when its person signs in.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and three passes: what OWASP asks of scrypt where 128 MiB for each attempt is too much. */
const N = 2 ** 15;
const R = 8;
const P = 3;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const MAX_MEMORY = 2 ** 27;

const derive = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, { ...options, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, { N, r: R, p: P });
  return ['scrypt', N, R, P, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Costs as much where there is no hash, so that the time tells nobody which accounts exist. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, n, r, p, salt, hash] = (kept ?? `scrypt$${N}$${R}$${P}$AAAAAAAAAAAAAAAAAAAAAA$`).split('$');
  const made = await derive(password, Buffer.from(salt ?? '', 'base64url'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  const expected = Buffer.from(hash ?? '', 'base64url');
  return kept !== null && expected.length === made.length && timingSafeEqual(expected, made);
}

/** Was it made with other parameters than those in use? */
export const isOldHash = (kept: string): boolean => !kept.startsWith(`scrypt$${N}$${R}$${P}$`);
