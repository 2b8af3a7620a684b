/**
 * Every environment variable that the programs read, in one place. `docker-compose.yml` and `.env.example`
 * are checked against `environment` by a test.
 */
import { z } from 'zod';

export const environment = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL')
    .describe('PostgreSQL 15 or newer'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// URL')
    .optional()
    .describe('the queue on Redis; without it the queue is kept in PostgreSQL'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('where the API listens'),
  HOST: z.string().min(1).default('127.0.0.1').describe('the address the API binds'),
  PUBLIC_URL: z.string().url().optional().describe('the address people use, for links'),
  DATA_DIR: z.string().min(1).default('.data').describe('where the embedded server keeps its data (npm start only)'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(10).describe('rings taken at once per lane'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(16).describe('connections per process'),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(6000).describe('requests a minute for one key'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('reverse proxies in front of the API, whose X-Forwarded-For is believed'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// URL')
    .optional()
    .describe('the mail server; without it mail is kept in the demo mailbox'),
  MAIL_FROM: z.string().min(3).max(254).optional().describe('the sender address of mails'),
  ENCRYPTION_KEYS: z
    .string()
    .optional()
    .describe('keys that seal IBANs: `id:base64` of 32 bytes, comma separated, the first one seals'),
  RESTORE_WITNESS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('a file, kept apart from the database, that tells the workers whether the database went back'),
  ENCRYPTION_KEY_FILE: z.string().optional().describe('a file that holds the same'),
} as const;

const schema = z.object(environment);
export type Config = z.infer<typeof schema>;

/** @throws Error with one line per wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(environment)
      .map((name) => [name, env[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}
