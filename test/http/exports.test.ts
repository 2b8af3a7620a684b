/** The accountant's files over HTTP: their totals are the ledger's, their cells are no formulas. */
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendPieces } from '../../api/kit/send-pieces.ts';
import { readContext } from '../../src/context.ts';
import { day } from '../../src/domain/day.ts';
import { sayDay } from '../../src/domain/wording.ts';
import { renderPdf } from '../../src/gateways/invoice-pdf/render.ts';
import { statementOfAccount } from '../../src/services/statement-of-account.ts';
import { organizationFrom } from '../../src/store/organizations.ts';
import { type Client, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { memberOfClub } from './invoicing.ts';
import { instalment, pay, refused, sell } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

async function linesOf(desk: Client, path: string): Promise<string[][]> {
  const { status, body } = await desk.get(path);
  expect(status).toBe(200);
  const separator = path.includes('/fec') ? '\t' : ',';
  return String(body)
    .replace('\ufeff', '')
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(separator));
}

const centsOf = (text: string) => Math.round(Number(text.replace(',', '.')) * 100);

describe('the accountant’s files', () => {
  it('hold every posting once: both sides sum to the ledger, each entry balances, numbers have no gap', async () => {
    const { desk, contract, plan } = await memberOfClub(engine, '2026-01-01');
    const hostile = await desk.post('/v1/customers', { name: '=HYPERLINK("http://x","y")' });
    const other = await sell(desk, hostile, plan, { starts_on: '2026-01-01' });
    await desk.post('/v1/test_clock/advance', { to: '2026-02-10' });
    await pay(desk, contract, 1, '2026-01-03');
    await pay(desk, other, 1, '2026-01-05');
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    const { rows } = await engine.database.raw(
      'select sum(amount_cents)::int as total, count(*)::int as count from posting where organization_id = ?',
      [desk.organization.id],
    );
    const [ledger] = rows as { total: number; count: number }[];
    expect(ledger?.count).toBeGreaterThan(5);

    const period = 'from_on=2026-01-01&to_on=2026-12-31';
    const [head, ...lines] = await linesOf(desk, `/v1/exports/fec?${period}`);
    expect(head?.join(' ')).toBe(
      'JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise',
    );
    expect(lines.every((line) => line.length === 18)).toBe(true);
    const total = (column: number, among = lines) =>
      among.reduce((sum, line) => sum + centsOf(line[column] as string), 0);
    expect([total(11), total(12)]).toEqual([ledger?.total, ledger?.total]);
    const numbers = [...new Set(lines.map((line) => Number(line[2])))];
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    for (const number of numbers) {
      const entry = lines.filter((line) => Number(line[2]) === number);
      expect(total(11, entry)).toBe(total(12, entry));
    }
    expect(lines.map((line) => line[3] as string)).toEqual(lines.map((line) => line[3] as string).sort());
    const sale = lines.filter((line) => line[8] === invoice.number);
    expect(sale.map((line) => [line[0], line[4], line[11], line[12]])).toEqual([
      ['VE', '411000', '50,00', '0,00'],
      ['VE', '706000', '0,00', '41,67'],
      ['VE', '445710', '0,00', '8,33'],
    ]);

    const sales = (await linesOf(desk, `/v1/exports/sales?${period}`)).slice(1);
    const settlements = (await linesOf(desk, `/v1/exports/settlements?${period}`)).slice(1);
    const last = (all: string[][], back: number) =>
      all.reduce((sum, line) => sum + centsOf(line.at(back) as string), 0);
    expect(last(sales, -2) + last(settlements, -2)).toBe(ledger?.total);
    expect(last(sales, -1)).toBe(last(sales, -2));
    const { body } = await desk.get(`/v1/exports/sales?${period}`);
    expect(body).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(body).not.toMatch(/(^|,)"?[=+@]/m);
    expect(await linesOf(desk, '/v1/exports/fec?from_on=2025-01-01&to_on=2025-12-31')).toHaveLength(1);
  });

  it('letter what is settled in whole by the end of the period, and nothing else', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    const first = await instalment(desk, contract, 1);
    const part = { paid_on: '2026-01-01', method: 'cash', amount: 2000 };
    await desk.post(`/v1/instalments/${first.id}/payments`, part);
    await desk.post('/v1/test_clock/advance', { to: '2026-02-10' });
    await pay(desk, contract, 1, '2026-01-20');
    const second = await instalment(desk, contract, 2);
    const half = { paid_on: '2026-02-10', method: 'card', amount: 1 };
    await desk.post(`/v1/instalments/${second.id}/payments`, half);
    const lettered = async (to: string) => {
      const lines = (await linesOf(desk, `/v1/exports/fec?from_on=2026-01-01&to_on=${to}`)).slice(1);
      for (const line of lines) expect(line[13] === '', 'letters and their day come together').toBe(line[14] === '');
      return lines
        .filter((line) => line[13] !== '')
        .map((line) => [line[3], line[4], line[11], line[12], line[13], line[14]]);
    };
    expect(await lettered('2026-02-28')).toEqual([
      ['20260101', '411000', '50,00', '0,00', first.id, '20260120'],
      ['20260101', '411000', '0,00', '20,00', first.id, '20260120'],
      ['20260120', '411000', '0,00', '30,00', first.id, '20260120'],
    ]);
    expect(await lettered('2026-01-15'), 'not settled by then').toEqual([]);
  });

  it('are the organization’s own, for those who keep its books, and want a period that ends', async () => {
    const { desk } = await memberOfClub(engine, '2026-01-01');
    const other = await memberOfClub(engine, '2026-01-01');
    await other.desk.post('/v1/test_clock/advance', { to: '2026-01-02' });
    const { body } = await desk.get('/v1/exports/fec?from_on=2026-01-01&to_on=2026-12-31');
    expect(String(body)).not.toContain(other.customer.id);
    const reversed = '/v1/exports/sales?from_on=2026-02-01&to_on=2026-01-01';
    await refused(desk, 'GET', reversed, undefined, 'period_reversed');
  });
});

describe('a statement of account', () => {
  it('is a PDF of what was owed before, what was sold and settled, and what is owed after', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    await desk.post('/v1/test_clock/advance', { to: '2026-02-10' });
    await pay(desk, contract, 1, '2026-02-03');
    const path = `/v1/customers/${customer.id}/statement/pdf`;
    const { rows } = await engine.database.raw('select * from organization where id = ?', [desk.organization.id]);
    const organization = organizationFrom(rows[0]);
    const ctx = readContext(engine.database, organization, 'test', new Date());
    const document = await statementOfAccount(ctx, customer.id, day('2026-02-01'), day('2026-02-28'));
    expect(document).toMatchObject({ opening: 5000, sales: 5000, settlements: 5000, closing: 5000 });
    const labels = document.lines.map(({ label }) => label).join();
    expect(labels, 'days as people write them').toContain(sayDay(day('2026-02-01'), document.language));
    expect(labels).not.toMatch(/\d{4}-\d\d-\d\d/);
    const answer = await fetch(`${engine.url}${path}?from_on=2026-02-01&to_on=2026-02-28`, {
      headers: { authorization: `Bearer ${desk.key}` },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(renderPdf({ kind: 'statement', document }).pdf)).toBe(true);
    const stranger = await engine.sandbox('2026-01-01');
    expect((await stranger.get(`${path}?from_on=2026-02-01&to_on=2026-02-28`)).status).toBe(404);
  });
});

describe('a long file', () => {
  /** Takes a piece whenever it is asked to, and holds no more than one. */
  const reader = (take: (done: () => void) => void) =>
    new Writable({ highWaterMark: 1, write: (_piece, _encoding, done) => take(done) });

  it('leaves nobody waiting for what did not happen', async () => {
    const heard: number[] = [];
    const response = reader((done) => setImmediate(done));
    async function* pieces() {
      for (let at = 0; at < 30; at += 1) {
        heard.push(response.listenerCount('close') + response.listenerCount('error'));
        yield `piece ${at}`;
      }
    }
    await sendPieces(response, pieces());
    expect(heard).toEqual(heard.map(() => heard[0]));
  });

  it('ends where nobody reads on, and closes what it is read from', async () => {
    let isClosed = false;
    async function* pieces() {
      try {
        for (;;) yield 'piece';
      } finally {
        isClosed = true;
      }
    }
    const response = reader(() => response.destroy());
    await sendPieces(response, pieces());
    expect(isClosed).toBe(true);
  });
});
