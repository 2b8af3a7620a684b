/** A club whose members' debits are with the bank, and the bank's files about them, for tests that speak HTTP. */
import { expect } from 'vitest';
import type { Answer, Client, Json, TestEngine } from '../harness/engine.ts';

export const BANK_IBAN = 'FR76 3000 6000 0112 3456 7890 189';
export const COLLECTED_ON = '2026-11-25';
export const BOOKED_ON = '2026-11-27';

export interface Debit {
  customer: string;
  contract: string;
  instalment: string;
  mandate: string;
  mandate_reference: string;
  line: string;
  payment: string;
  end_to_end_id: string;
  amount: number;
}

export interface Club {
  desk: Client;
  collection: Json;
  /** In the order of the amounts asked for. */
  debits: Debit[];
}

export interface ClubTerms {
  settings?: object;
  /** Leave the collection a draft. */
  draft?: boolean;
  today?: string;
}

const FEE = { label: 'Frais de rejet', amount: 1000 };

/** One member for each amount, their first instalment drafted and released, and the clock on the bank's day. */
export async function club(engine: TestEngine, amounts: readonly number[], terms: ClubTerms = {}): Promise<Club> {
  const desk = await engine.sandbox('2026-11-23');
  const settings = { rejections: { fee: FEE }, ...terms.settings };
  expect((await desk.send('PATCH', '/v1/organization', { settings })).status).toBe(200);
  const members = await Promise.all(amounts.map((amount, at) => join(desk, amount, at)));
  const drafted = await desk.post('/v1/collections', { until_on: COLLECTED_ON });
  const collection = terms.draft ? drafted : await release(desk, drafted);
  const debits = members.map((member) => {
    const line = collection.lines.find((one: Json) => one.customer === member.customer);
    expect(line, 'every member is in the collection').toBeDefined();
    return { ...member, line: line.id, payment: line.payment, end_to_end_id: line.end_to_end_id };
  });
  await advance(desk, terms.today ?? BOOKED_ON);
  return { desk, collection, debits };
}

async function join(desk: Client, amount: number, at: number) {
  const plan = await desk.post('/v1/plans', { name: `Gym ${at}`, kind: 'membership', amount });
  const customer = await desk.post('/v1/customers', { name: `Membre ${at + 1}`, email: `m${at}@example.org` });
  const mandate_reference = `RUM-${String(at + 1).padStart(4, '0')}`;
  const mandate = await desk.post(`/v1/customers/${customer.id}/mandates`, {
    iban: BANK_IBAN,
    signed_on: '2025-01-15',
    reference: mandate_reference,
  });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: COLLECTED_ON,
    method: 'direct_debit',
    mandate: mandate.id,
  });
  const schedule = await desk.get(`/v1/contracts/${contract.id}/schedule?until=2026-12-31`);
  const instalment = schedule.body.instalments[0].id as string;
  return { customer: customer.id, contract: contract.id, mandate: mandate.id, mandate_reference, instalment, amount };
}

export async function release(desk: Client, draft: Json): Promise<Json> {
  const confirm = draft.findings.map((finding: Json) => finding.code);
  return desk.post(`/v1/collections/${draft.id}/release`, { confirm });
}

export async function advance(desk: Client, to: string): Promise<void> {
  if ((await desk.get('/v1/organization')).body.today < to) await desk.post('/v1/test_clock/advance', { to });
}

/** Hands a file in and waits for it. */
export function handIn(desk: Client, xml: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  const raw = typeof xml === 'string' ? Buffer.from(xml) : xml;
  return desk.call('POST', '/v1/bank_returns', {
    raw,
    headers: { 'content-type': 'application/xml', prefer: 'wait=30', ...headers },
  });
}

/** As `handIn`, for a file that is taken. */
export async function taken(desk: Client, xml: string | Uint8Array): Promise<Json> {
  const answer = await handIn(desk, xml);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:';
let files = 0;

/** A document of the bank's; each is another file, as a bank's are. */
function document(name: string, content: string): string {
  files += 1;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${files} --><Document xmlns="${NAMESPACE}${name}">${content}</Document>\n`;
}

export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

export interface ReturnParts {
  reason?: string | null;
  on?: string;
  /** What the bank keeps, beside the amount. */
  charge?: number;
  /** A return taken back. */
  reversed?: boolean;
  amount?: number;
  end_to_end_id?: string;
  more?: string;
}

type Told = Pick<Debit, 'end_to_end_id' | 'amount'>;

function movement(debit: Told, parts: ReturnParts & { collected?: boolean }): string {
  const { reason = 'AM04', on = BOOKED_ON, charge, reversed, collected, more = '' } = parts;
  const amount = parts.amount ?? debit.amount;
  const direction = reversed || collected ? 'CRDT' : 'DBIT';
  const charges = charge
    ? `<Chrgs><Rcrd><Amt Ccy="EUR">${decimal(charge)}</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>`
    : '';
  const why = collected || reason === null ? '' : `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>`;
  return (
    `<Ntry><Amt Ccy="EUR">${decimal(amount + (charge ?? 0))}</Amt><CdtDbtInd>${direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>${on}</Dt></BookgDt><ValDt><Dt>${on}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd>` +
    `<SubFmlyCd>${collected ? 'ESDD' : 'UPDD'}</SubFmlyCd></Fmly></Domn></BkTxCd>${charges}<NtryDtls><TxDtls><Refs><EndToEndId>` +
    `${parts.end_to_end_id ?? debit.end_to_end_id}</EndToEndId></Refs><Amt Ccy="EUR">${decimal(amount)}</Amt>${more}${why}</TxDtls></NtryDtls></Ntry>`
  );
}

function camt(name: string, entries: string): string {
  const [message, statement] = name.startsWith('camt.053')
    ? ['BkToCstmrStmt', 'Stmt']
    : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  return document(
    name,
    `<${message}><GrpHdr><MsgId>N-1</MsgId><CreDtTm>2026-11-27T06:00:00</CreDtTm></GrpHdr><${statement}><Id>N-1-1</Id>` +
      `<CreDtTm>2026-11-27T06:00:00</CreDtTm><Acct><Id><IBAN>${BANK_IBAN.replaceAll(' ', '')}</IBAN></Id></Acct>${entries}</${statement}></${message}>`,
  );
}

export function camt054(debits: readonly Told[], parts: ReturnParts = {}, name = 'camt.054.001.08'): string {
  return camt(name, debits.map((debit) => movement(debit, parts)).join(''));
}

export function camt053(debits: readonly Told[], parts: ReturnParts = {}, name = 'camt.053.001.08'): string {
  return camt(name, debits.map((debit) => movement(debit, parts)).join(''));
}

/** Several notifications as one file. */
export function joined(files: readonly string[]): string {
  const entries = files.flatMap((file) => file.match(/<Ntry>.*?<\/Ntry>/gs) ?? []);
  return camt('camt.054.001.08', entries.join(''));
}

/** The bank pays debits, one by one. */
export function collectedOf(debits: readonly Told[], on = COLLECTED_ON): string {
  return camt('camt.053.001.08', debits.map((debit) => movement(debit, { collected: true, on })).join(''));
}

/** The bank books a group of ours as one amount. */
export function collectedGroup(group: string, amount: number, on = COLLECTED_ON): string {
  return camt(
    'camt.053.001.08',
    `<Ntry><Amt Ccy="EUR">${decimal(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on}</Dt></BookgDt>` +
      '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd>' +
      `<NtryDtls><Btch><PmtInfId>${group}</PmtInfId></Btch></NtryDtls></Ntry>`,
  );
}

export function pain002(
  collection: Json,
  debits: readonly Told[],
  parts: { status?: string; reason?: string; created_at?: string; name?: string } = {},
): string {
  const { status = 'RJCT', reason = 'AM04', created_at = '2026-11-24T07:00:00', name = 'pain.002.001.10' } = parts;
  const why = status === 'RJCT' ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : '';
  const told = debits
    .map(
      (debit) =>
        `<TxInfAndSts><OrgnlEndToEndId>${debit.end_to_end_id}</OrgnlEndToEndId><TxSts>${status}</TxSts>${why}</TxInfAndSts>`,
    )
    .join('');
  return document(
    name,
    `<CstmrPmtStsRpt><GrpHdr><MsgId>STS-1</MsgId><CreDtTm>${created_at}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>` +
      `${collection.message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>` +
      `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${collection.message_id}-1</OrgnlPmtInfId>${told}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>`,
  );
}

/** The whole file, or one group of it, refused without a word about single debits. */
export function refusedWhole(messageId: string, group: string | null = null, reason = 'AM05'): string {
  const why = `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`;
  const original = `<OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>`;
  const told = group
    ? `<OrgnlGrpInfAndSts>${original}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>${group}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>`
    : `<OrgnlGrpInfAndSts>${original}<GrpSts>RJCT</GrpSts>${why}</OrgnlGrpInfAndSts>`;
  return document(
    'pain.002.001.03',
    `<CstmrPmtStsRpt><GrpHdr><MsgId>STS-2</MsgId><CreDtTm>2026-11-24T08:00:00</CreDtTm></GrpHdr>${told}</CstmrPmtStsRpt>`,
  );
}

export async function owed(desk: Client, customer: string): Promise<number> {
  return (await desk.get(`/v1/customers/${customer}/ledger`)).body.owed_amount;
}

export async function paymentsOf(desk: Client, customer: string): Promise<Json[]> {
  const { body } = await desk.get(`/v1/payments?customer=${customer}&limit=100`);
  return body.data.toSorted((a: Json, b: Json) => a.attempt - b.attempt || (a.id < b.id ? -1 : 1));
}

/** What the ledger holds of a payment, as `entry amount`. */
export async function postingsOf(engine: TestEngine, payment: string): Promise<string[]> {
  const { rows } = await engine.database.raw(
    `select split_part(entry, ':', 1) || coalesce('/' || nullif(split_part(entry, ':', 3), ''), '') || ' ' || amount_cents as line
     from posting where payment_id = ? order by id`,
    [payment],
  );
  return rows.map((row: { line: string }) => row.line);
}
