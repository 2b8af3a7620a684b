/**
 * The key that seals IBANs, for `npm start` on a database of its own: made on the first start and kept beside the
 * data, readable by their owner alone. Whoever sets ENCRYPTION_KEYS or ENCRYPTION_KEY_FILE decides instead.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './server-home.ts';

export function provideEncryptionKey(folder: string): void {
  if (process.env.ENCRYPTION_KEYS || process.env.ENCRYPTION_KEY_FILE) return;
  const file = join(folder, 'encryption-keys');
  if (!existsSync(file)) writePrivate(file, `k1:${randomBytes(32).toString('base64')}\n`);
  process.env.ENCRYPTION_KEY_FILE = file;
}
