/** An organization in a transaction that is thrown away. */
import { type Context, writeContext } from '../../src/context.ts';
import { createOrganization } from '../../src/services/create-organization.ts';
import type { Database, Trx } from '../../src/store/database.ts';
import { TODAY } from './population.ts';

export async function inOrganization(
  database: Database,
  work: (ctx: Context, trx: Trx) => Promise<void>,
): Promise<void> {
  const trx = await database.transaction();
  try {
    const given = { name: 'Club', timezone: 'Europe/Paris', currency: 'EUR', locale: 'fr', test_today: TODAY } as const;
    const organization = await createOrganization(trx, given, new Date());
    await work(writeContext(trx, organization, 'test', new Date()), trx);
  } finally {
    await trx.rollback();
  }
}
