/** The log: one JSON line each. Secrets and account numbers never reach it: they are not passed, and redacted if they are. */
import { pino } from 'pino';

const secretFields = ['authorization', 'cookie', 'api_key', 'key', 'iban', 'secret', 'password', 'token'];

export function createLog(level: string, name: string) {
  return pino({
    level,
    name,
    base: { pid: process.pid },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[kept out]' },
  });
}

export type Log = ReturnType<typeof createLog>;
