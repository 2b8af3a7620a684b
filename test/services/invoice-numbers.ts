/** Many issuers at once, of whom some fail and some lose their connection after the number was given. */
import { type Context, writeContext } from '../../src/context.ts';
import { newId } from '../../src/ids.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import type { Database } from '../../src/store/database.ts';
import { query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { seller } from '../http/invoicing.ts';

export const ISSUERS = 10;

type Fault = 'none' | 'fails' | 'loses its connection';

class Failed extends Error {}

/** Gives the organization an identity, so that it may invoice. */
export async function mayInvoice(database: Database, organization: string): Promise<void> {
  await database.raw(
    `update organization set settings = settings || jsonb_build_object('invoicing', ?::jsonb), version = version + 1 where id = ?`,
    [JSON.stringify({ seller }), organization],
  );
}

export async function issueOne(
  database: Database,
  organizationId: string,
  contract: string,
  fault: Fault,
): Promise<void> {
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw new Error('no organization');
  await database.transaction(async (trx) => {
    const ctx: Context = writeContext(trx, organization, 'test', new Date());
    const input = { contract, new_invoice: newId('inv') };
    await commitOperation(ctx, 'issue-invoice', operations['issue-invoice'], input);
    if (fault === 'fails') throw new Failed();
    if (fault === 'loses its connection') await trx.raw('select pg_terminate_backend(pg_backend_pid())');
  });
}

/** As a worker does a backlog: several contracts in one transaction. */
export async function issueTogether(
  database: Database,
  organizationId: string,
  contracts: readonly string[],
): Promise<void> {
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw new Error('no organization');
  await database.transaction(async (trx) => {
    const answers = await operations['issue-invoice'].commitMany?.(
      writeContext(trx, organization, 'test', new Date()),
      contracts.map((contract) => ({
        name: 'issue-invoice',
        input: { contract, new_invoice: newId('inv') },
        expected: {},
        job_id: newId('job'),
      })),
    );
    const refused = answers?.find((answer) => answer === null || answer instanceof Error);
    if (!answers || refused !== undefined) throw new Error(`not issued: ${refused}`);
  });
}

/** Issues one invoice for each contract, ten at a time; each is tried again after its faults. @returns the faults. */
export async function issueAll(
  database: Database,
  organization: string,
  contracts: readonly string[],
): Promise<number> {
  const waiting = contracts.map((contract, at) => ({ contract, faults: faultsOf(at) }));
  let faults = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const fault = next.faults.shift() ?? 'none';
      try {
        await issueOne(database, organization, next.contract, fault);
      } catch (error) {
        if (fault === 'none') throw error;
        faults += 1;
        waiting.push(next);
      }
    }
  };
  await Promise.all(Array.from({ length: ISSUERS }, work));
  return faults;
}

function faultsOf(at: number): Fault[] {
  if (at % 33 === 0) return ['fails', 'loses its connection', 'fails'];
  if (at % 11 === 0) return ['loses its connection'];
  return at % 5 === 0 ? ['fails'] : [];
}

export async function numbersOf(database: Database, organization: string): Promise<string[]> {
  const rows = await query<{ number: string }>(
    database,
    'select number from invoice where organization_id = ? order by counter',
    [organization],
  );
  return rows.map((row) => row.number);
}
