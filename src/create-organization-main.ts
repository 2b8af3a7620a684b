/**
 * The program `create-organization`: the first organization of a new deployment, and its first key.
 *
 * npm run create-organization -- --name 'My club' [--timezone Europe/Paris] [--currency EUR] [--locale fr]
 */
import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { isTimezone } from './domain/day.ts';
import { languages } from './errors/language.ts';
import { createApiKey, createOrganization } from './services/create-organization.ts';
import { connectDatabase } from './store/database.ts';

function complain(line: string): never {
  process.stderr.write(`create-organization: ${line}\n`);
  process.exit(1);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        name: { type: 'string' },
        timezone: { type: 'string', default: 'Europe/Paris' },
        currency: { type: 'string', default: 'EUR' },
        locale: { type: 'string', default: 'fr' },
      },
    });
    return values;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
}

const { name, timezone, currency, locale } = readArguments();
if (!name || name.length > 200) complain('--name is needed, of at most 200 characters');
if (!isTimezone(timezone)) complain(`--timezone ${timezone} is not a timezone, such as Europe/Paris`);
if (!/^[A-Z]{3}$/.test(currency)) complain(`--currency ${currency} is not a currency, such as EUR`);
const language = languages.find((one) => one === locale) ?? complain(`--locale is one of ${languages.join(', ')}`);

try {
  const database = connectDatabase(readConfig().DATABASE_URL, { max: 1, application: 'echeance-create' });
  const { id, secret } = await database.transaction(async (trx) => {
    const now = new Date();
    const organization = await createOrganization(
      trx,
      { name, timezone, currency, locale: language, test_today: null },
      now,
    );
    const key = { organization_id: organization.id, label: 'first', role: 'admin', is_operator: true, live: true };
    return { id: organization.id, secret: await createApiKey(trx, key, now) };
  });
  await database.destroy();
  process.stdout.write(`organization: ${id}\nkey (shown this once): ${secret}\n`);
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
}
