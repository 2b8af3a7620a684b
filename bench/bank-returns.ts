/**
 * A camt.054 of many returns fully applied (entries, lines, fee, representment, instalments, access, events each), against
 * bare multi-row inserts of the rows that it writes. `BENCH_RETURNS` says how many (10,000).
 */
import { type Context, writeContext } from '../src/context.ts';
import { type Day, day } from '../src/domain/day.ts';
import { newId } from '../src/ids.ts';
import { draftCollection } from '../src/services/draft-collection.ts';
import { importBankReturn } from '../src/services/import-bank-return.ts';
import { releaseLines } from '../src/services/release-collection.ts';
import { keepBankMessage } from '../src/store/bank-messages.ts';
import { connectDatabase, type Database, query, queryOne } from '../src/store/database.ts';
import { ibanPurpose } from '../src/store/mandates.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { theSealer } from '../src/store/sealing.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import type { BenchResult } from './ratio.ts';

const RETURNS = Number(process.env.BENCH_RETURNS ?? 10_000);
const IBAN = 'FR7630006000011234567890189';
const FEE = { article: 'rejection_fee', label: 'Frais de rejet', amount: 1000, tax_rate_bps: 2000 };
/** The tables that a return writes rows into. */
const WRITTEN = ['bank_entry', 'fee', 'posting', 'payment', 'payment_part', 'event'] as const;

type Doing = <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>;

export async function benchBankReturns(environment: BenchEnvironment): Promise<BenchResult[]> {
  process.env.ENCRYPTION_KEYS ??= `bench:${Buffer.alloc(32, 7).toString('base64')}`;
  const database = connectDatabase(environment.databaseUrl, { max: 4, application: 'bench' });
  try {
    const { organization: id } = await loadContracts(database, RETURNS, 'Returns');
    await database.raw(
      `update organization set settings = jsonb_set(settings, '{rejections,fee}', ?::jsonb) where id = ?`,
      [JSON.stringify(FEE), id],
    );
    const organization = await findOrganization(database, id);
    if (!organization) throw new Error('the organization is not there');
    const doing: Doing = (work) =>
      database.transaction((trx) => work(writeContext(trx, organization, 'bench', new Date())));
    await signMandates(database, id);
    const file = await collectAll(database, doing);
    await database.raw('analyze');
    const before = await counts(database, id);
    const started = performance.now();
    const message = newId('brt');
    await doing((ctx) => keepBankMessage(ctx, message, file));
    await doing((ctx) => importBankReturn(ctx, message));
    const own = performance.now() - started;
    const after = await counts(database, id);
    const applied = await queryOne<{ n: number }>(
      database,
      `select count(*) as n from bank_entry e join collection_line line on line.id = e.line_id
       join payment p on p.id = line.payment_id and p.state = 'rejected'
       join payment again on again.first_attempt_id = p.id and again.attempt = 2 and again.amount_cents = 6900
       where e.message_id = ? and e.effect = 'applied'`,
      [message],
    );
    if (applied?.n !== RETURNS) throw new Error(`${applied?.n} of ${RETURNS} returns were applied`);
    const bare = await bareInserts(
      database,
      id,
      WRITTEN.map((table) => [table, after[table] - before[table]] as const),
    );
    const rate = Math.round(RETURNS / (own / 1000));
    return [
      {
        name: `camt.054 of ${RETURNS} returns fully applied: share of what is asked (1,000 a second, or five times bare inserts)`,
        ratio: Math.max(rate / 1000, (5 * bare.ms) / own),
        target: 1,
        detail:
          `${rate} returns/s, ${(own / 1000).toFixed(2)} s; the ${bare.rows} rows alone ${(bare.ms / 1000).toFixed(2)} s ` +
          `(${(own / bare.ms).toFixed(1)} times), file of ${(file.length / 1e6).toFixed(1)} MB`,
      },
    ];
  } finally {
    await database.destroy();
  }
}

async function signMandates(database: Database, organization: string): Promise<void> {
  const purpose = ibanPurpose(organization);
  await database.raw(
    `insert into mandate (id, organization_id, customer_id, reference, scheme, kind, state, signed_on, sealed_iban, iban_index,
       iban_country, iban_last4, account_change_untold, version, created_at)
     select 'man' || substr(id, 4), organization_id, id, 'RUM-' || substr(id, 5), 'CORE', 'recurrent', 'active', '2026-07-01', ?, ?, 'FR', '0189',
       false, 1, now() from customer where organization_id = ?`,
    [theSealer().seal(IBAN, purpose), theSealer().index(IBAN, purpose), organization],
  );
  await database.raw('analyze');
}

/** Hands every member's next instalment to the bank. @returns the bank's file by which all of them come back */
async function collectAll(database: Database, doing: Doing): Promise<Buffer> {
  const collection = newId('col');
  await doing((ctx) => draftCollection(ctx, { id: collection, until_on: day('2026-08-05') }));
  const { findings } = (await queryOne<{ findings: { code: string }[] }>(
    database,
    'select findings from collection where id = ?',
    [collection],
  )) as { findings: { code: string }[] };
  await doing((ctx) => releaseLines(ctx, { collection, confirm: findings.map(({ code }) => code) }));
  const lines = await query<{ id: string }>(
    database,
    `select id from collection_line where collection_id = ? and state = 'in_flight'`,
    [collection],
  );
  return returnsFile(
    lines.map(({ id }) => ({ id, amount_cents: 5900 })),
    day('2026-07-12'),
  );
}

/** A bank's file by which these debits come back. */
export function returnsFile(lines: readonly { id: string; amount_cents: number }[], on: Day): Buffer {
  const start =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>' +
    `<GrpHdr><MsgId>N1</MsgId><CreDtTm>${on}T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1-1</Id>`;
  return Buffer.from(
    `${start}${lines.map((line) => oneReturn(line, on)).join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n`,
  );
}

function oneReturn({ id, amount_cents }: { id: string; amount_cents: number }, on: Day): string {
  const amount = `<Amt Ccy="EUR">${(amount_cents / 100).toFixed(2)}</Amt>`;
  return (
    `<Ntry>${amount}<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on}</Dt></BookgDt>` +
    `<ValDt><Dt>${on}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>` +
    `<NtryDtls><TxDtls><Refs><EndToEndId>${id.replace('_', '-')}</EndToEndId></Refs>${amount}<RltdPties><Dbtr><Pty>` +
    `<Nm>Membre</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>${IBAN}</IBAN></Id></DbtrAcct></RltdPties>` +
    '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>'
  );
}

async function counts(database: Database, organization: string): Promise<Record<(typeof WRITTEN)[number], number>> {
  const found = {} as Record<(typeof WRITTEN)[number], number>;
  for (const table of WRITTEN) {
    const row = await queryOne<{ n: number }>(
      database,
      `select count(*) as n from ${table} where organization_id = ?`,
      [organization],
    );
    found[table] = row?.n ?? 0;
  }
  return found;
}

const ROWS_AT_ONCE = 1000;

/** The newest rows of each table once more, into tables of the same form with the same indexes. */
async function bareInserts(
  database: Database,
  organization: string,
  written: readonly (readonly [string, number])[],
): Promise<{ ms: number; rows: number }> {
  const given: [string, Record<string, unknown>[]][] = [];
  for (const [table, count] of written) {
    await database.raw(`create table bare_${table} (like ${table} including all)`);
    const order = table === 'payment_part' ? 'payment_id' : 'id';
    const rows = await query<Record<string, unknown>>(
      database,
      `select * from ${table} where organization_id = ? order by ${order} desc limit ?`,
      [organization, count],
    );
    given.push([table, rows.map(asGiven)]);
  }
  const started = performance.now();
  await database.transaction(async (trx) => {
    for (const [table, rows] of given)
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
        await trx(`bare_${table}`).insert(rows.slice(at, at + ROWS_AT_ONCE));
  });
  return { ms: performance.now() - started, rows: given.reduce((all, [, rows]) => all + rows.length, 0) };
}

/** As it is inserted: numbers that the table makes itself are left out, documents are text. */
function asGiven(row: Record<string, unknown>): Record<string, unknown> {
  const { id, ...rest } = row;
  const made = typeof id === 'number' || id === undefined ? rest : row;
  return Object.fromEntries(
    Object.entries(made).map(([name, value]) => [
      name,
      value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
        ? JSON.stringify(value)
        : value,
    ]),
  );
}
