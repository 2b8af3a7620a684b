/** Invoices and credit notes over the whole road: HTTP, job, worker, database, printer, HTTP. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPdf } from '../../src/gateways/invoice-pdf/render.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { fetchPdf, instalmentIds, memberOfClub, seller } from './invoicing.ts';
import { instalment, member, pay, refused, schedule } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('making an invoice', () => {
  it('invoices what is paid and not invoiced yet, once', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01', { contract: { method: 'card' } });
    await desk.post('/v1/test_clock/advance', { to: '2026-02-15' });
    await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_without_lines');
    await pay(desk, contract, 1, '2026-01-03');
    await pay(desk, contract, 2, '2026-02-01');
    const preview = await desk.send('POST', '/v1/invoices?dry_run=true', { contract: contract.id });
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(preview.body.after).toMatchObject({ number: null, totals: { gross_amount: 10_000, due_amount: 0 } });
    expect((await desk.get('/v1/invoices')).body.data).toEqual([]);

    const path = `/v1/invoices?preview_token=${preview.body.preview_token}`;
    const { status, body } = await desk.send('POST', path, { contract: contract.id });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({
      object: 'invoice',
      number: 'F2026-00001',
      status: 'paid',
      customer: customer.id,
      issued_on: '2026-02-15',
      gross_amount: 10_000,
      paid_amount: 10_000,
      due_amount: 0,
    });
    expect(body.document).toMatchObject({
      number: 'F2026-00001',
      seller: { name: 'Aquaforme SAS', siren: '552100554', legal_form: 'SAS au capital de 50\u202f000,00\u00a0€' },
      buyer: { name: 'Anne Martin' },
      supply: { from_on: '2026-01-01', to_on: '2026-02-28' },
      totals: { net_amount: 8333, tax_amount: 1667, gross_amount: 10_000, paid_amount: 10_000, due_amount: 0 },
      settlements: [
        { on: '2026-01-03', amount: 5000, method: 'cash' },
        { on: '2026-02-01', amount: 5000, method: 'cash' },
      ],
      remainder: null,
    });
    expect(body.document.lines.map((line: Json) => line.gross_amount)).toEqual([5000, 5000]);
    await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_without_lines');
    const ids = await instalmentIds(desk, contract);
    const again = { contract: contract.id, instalments: [ids[1]] };
    expect(await refused(desk, 'POST', '/v1/invoices', again, 'invoice_instalment_invoiced')).toMatchObject({
      status: 409,
    });
    expect((await desk.get(`/v1/invoices?contract=${contract.id}`)).body.data).toHaveLength(1);
  });

  it('invoices what is due and not paid; paid later, the invoice stands paid and its document as it was', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01', { contract: { method: 'transfer' } });
    const [first, second] = await instalmentIds(desk, contract);
    await refused(
      desk,
      'POST',
      '/v1/invoices',
      { contract: contract.id, instalments: [first, second] },
      'invoice_instalment_not_due',
    );
    const made = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    expect(made).toMatchObject({ status: 'open', due_amount: 5000, paid_amount: 0 });
    expect(made.document.remainder).toMatchObject({
      how: 'payment',
      due_on: '2026-01-01',
      method: 'transfer',
      no_debit: null,
    });
    await pay(desk, contract, 1, '2026-01-01');
    const { body } = await desk.get(`/v1/invoices/${made.id}`);
    expect(body).toMatchObject({ status: 'paid', due_amount: 0, paid_amount: 5000 });
    const masked = { ...body.document.seller, iban: made.document.seller.iban };
    expect(masked.iban, 'kept with the job, so not in clear').not.toBe(body.document.seller.iban);
    expect({ ...body.document, seller: masked }).toEqual(made.document);
  });

  it('refuses while the identity is incomplete, naming all that is missing', async () => {
    const { desk, contract } = await member(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const first = await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_seller_incomplete');
    expect(first.detail).toContain('name, address, vat_number');
    const known = { ...seller, siren: undefined, siret: undefined, vat_number: undefined };
    await desk.send('PATCH', '/v1/organization', { settings: { invoicing: { seller: known } } });
    const second = await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_seller_incomplete');
    expect(second.detail).toContain('siren, vat_number');
    await desk.send('PATCH', '/v1/organization', {
      settings: { invoicing: { seller: { ...known, siren: '552100554' }, tax_regime: 'franchise' } },
    });
    const made = await desk.post('/v1/invoices', { contract: contract.id });
    expect(made.document.taxes).toMatchObject([
      { tax_amount: 0, net_amount: 5000, tax: { category: 'E', exemption_code: 'VATEX-FR-FRANCHISE' } },
    ]);
  });

  it('knows nothing of what is somebody else’s', async () => {
    const mine = await memberOfClub(engine, '2026-01-01');
    const other = await memberOfClub(engine, '2026-01-01');
    await pay(mine.desk, mine.contract, 1, '2026-01-01');
    const made = await mine.desk.post('/v1/invoices', { contract: mine.contract.id });
    const [foreign] = await instalmentIds(mine.desk, mine.contract);
    const attempts: [string, string, unknown?][] = [
      ['GET', `/v1/invoices/${made.id}`],
      ['GET', `/v1/invoices/${made.id}/pdf`],
      ['POST', `/v1/invoices/${made.id}/cancellation`, { reason: 'x' }],
      ['POST', '/v1/invoices', { contract: mine.contract.id }],
      ['POST', '/v1/invoices', { contract: other.contract.id, instalments: [foreign] }],
      ['GET', '/v1/invoices/inv_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB'],
    ];
    for (const [method, path, body] of attempts) {
      expect(await other.desk.send(method, path, body), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect((await other.desk.get('/v1/invoices')).body.data).toEqual([]);
  });

  it('is a fact: no change moves an invoiced instalment, and a sold product with an invoice is not deleted', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01', { plan: { freeze: { amount: 200 } } });
    const [first] = await instalmentIds(desk, contract);
    const made = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    const suspension = { starts_on: '2026-01-01', days: 70, reason: 'Jambe cassée' };
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, suspension);
    expect(await schedule(desk, contract, '2026-04-30')).toEqual([
      '1 2026-01-01 5000 scheduled',
      '2 2026-02-01 200 scheduled',
      '3 2026-03-01 200 scheduled',
      '4 2026-04-01 5000 scheduled',
    ]);
    await refused(desk, 'PATCH', `/v1/instalments/${first}`, { amount: 100 }, 'instalment_settled');
    const refusal = await refused(desk, 'DELETE', `/v1/contracts/${contract.id}`, undefined, 'deletion_invoice');
    expect(refusal.detail).toContain('F2026-00001');

    const path = `/v1/invoices/${made.id}/cancellation`;
    const wrong = { still_owed: true, reason: 'Suspension' };
    const { body: preview } = await desk.send('POST', `${path}?dry_run=true`, wrong);
    expect(preview.after).toMatchObject({ no_longer_owed_amount: 4800, to_credit_amount: 0 });
    expect(preview.changes).toMatchObject([
      { invoice: made.id, released_line: 1 },
      {
        contract: contract.id,
        instalments: [
          { number: 1, before: { amount: 5000 }, after: { amount: 200 } },
          { number: 3, before: { amount: 200 }, after: { amount: 5000 } },
        ],
      },
    ]);
    await desk.post(path, wrong);
    expect((await schedule(desk, contract, '2026-03-31'))[0], 'taken back, it follows its schedule again').toBe(
      '1 2026-01-01 200 scheduled',
    );
    const once = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    expect(once).toMatchObject({ number: 'F2026-00002', gross_amount: 200 });
    await desk.post(`/v1/invoices/${once.id}/cancellation`, { reason: 'Erreur' });
    expect((await desk.send('DELETE', `/v1/contracts/${contract.id}`)).status).toBe(200);
  });

  it('a preview is stale once what it read has changed', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const preview = await desk.send('POST', '/v1/invoices?dry_run=true', { contract: contract.id });
    await desk.post('/v1/invoices', { contract: contract.id });
    const path = `/v1/invoices?preview_token=${preview.body.preview_token}`;
    await refused(desk, 'POST', path, { contract: contract.id }, 'stale_preview');
  });
});

describe('an invoice that cannot be', () => {
  it('of more than a thousand lines is refused, and made from part of them', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const [first] = (await instalmentIds(desk, contract)) as [string];
    await engine.database.raw(
      `insert into fee (id, organization_id, customer_id, kind, label, amount_cents, sold_cents, covered_cents, tax_rate_bps,
                        due_on, follows_id, recorded_on, recorded_at)
       select 'fee_' || lpad(n::text, 26, '0'), organization_id, customer_id, 'rejection', 'Frais', 1, 1, 1, 0, due_on, id,
              due_on, now()
       from instalment, generate_series(1, 1000) n where id = ?`,
      [first],
    );
    const refusal = await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_too_long');
    expect(refusal).toMatchObject({ status: 422, detail: expect.stringContaining('1000') });
    expect(await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] })).toMatchObject({
      number: 'F2026-00001',
      gross_amount: 5000,
    });
  });

  it('printed is told with the job to retry where its printing failed', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const { id } = await desk.post('/v1/invoices', { contract: contract.id });
    const printed = await fetchPdf(engine, desk, id);
    const { rows } = await engine.database.raw(`select id from job where concerns = ? and name = 'print-invoice'`, [
      id,
    ]);
    const [{ id: job }] = rows;
    await engine.database.transaction(async (trx) => {
      await trx.raw(`set local session_replication_role = 'replica'`);
      await trx.raw('delete from invoice_file where invoice_id = ?', [id]);
      await trx.raw(`update job set state = 'failed', reason_code = 'internal', result = null where id = ?`, [job]);
    });
    const refusal = await refused(desk, 'GET', `/v1/invoices/${id}/pdf`, undefined, 'invoice_print_failed');
    expect(refusal).toMatchObject({ status: 409, detail: expect.stringContaining(job) });
    expect((await desk.send('POST', `/v1/jobs/${job}/retry`)).status).toBe(200);
    expect((await fetchPdf(engine, desk, id)).bytes.equals(printed.bytes)).toBe(true);
  });
});

describe('cancelling an invoice', () => {
  it('163.99 credited 82.00 and then the rest closes to the cent, in tax too', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01', { plan: { amount: 16_399 } });
    await pay(desk, contract, 1, '2026-01-01');
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    expect(invoice.document.totals).toMatchObject({ net_amount: 13_666, tax_amount: 2733, gross_amount: 16_399 });
    const path = `/v1/invoices/${invoice.id}/cancellation`;
    const first = await desk.post(path, { lines: [{ line: 1, amount: 8200 }], reason: 'Un cours annulé' });
    expect(first).toMatchObject({ object: 'credit_note', number: 'A2026-00001', corrects: invoice.id });
    expect((await desk.get(`/v1/invoices/${invoice.id}`)).body).toMatchObject({
      status: 'paid',
      credited_amount: 8200,
      paid_amount: 8199,
      due_amount: 0,
    });
    await refused(desk, 'POST', path, { amount: 8200, reason: 'x' }, 'credit_exceeds_invoice');
    const second = await desk.post(path, { reason: 'Le reste' });
    expect([first.gross_amount, second.gross_amount]).toEqual([8200, 8199]);
    const taxes = [first, second].map((note) => note.document.totals.tax_amount);
    expect(taxes).toEqual([1367, 1366]);
    expect(second.document.corrects).toEqual({
      number: 'F2026-00001',
      issued_on: '2026-01-01',
      reason: 'Le reste',
    });
    expect((await desk.get(`/v1/invoices/${invoice.id}`)).body).toMatchObject({
      status: 'cancelled',
      credit_notes: [first.id, second.id],
    });
    await refused(desk, 'POST', path, { reason: 'Encore' }, 'credit_nothing_left');
    await refused(desk, 'POST', `/v1/invoices/${first.id}/cancellation`, { reason: 'x' }, 'credit_of_credit_note');
  });

  it('previews what is left, and refuses what is not there', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-03-01', { contract: { starts_on: '2026-01-01' } });
    for (const number of [1, 2, 3]) await pay(desk, contract, number, '2026-03-01');
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    const path = `/v1/invoices/${invoice.id}/cancellation`;
    const preview = await desk.send('POST', `${path}?dry_run=true`, { amount: 7000, reason: 'Geste' });
    expect(preview.body).toMatchObject({
      before: { left: [{ line: 1 }, { line: 2 }, { line: 3 }] },
      after: {
        left: [
          { line: 2, gross_amount: 3000 },
          { line: 3, gross_amount: 5000 },
        ],
      },
      changes: [{ released_line: 1 }],
    });
    expect((await desk.get('/v1/invoices?kind=credit_note')).body.data).toEqual([]);
    await desk.post(`${path}?preview_token=${preview.body.preview_token}`, { amount: 7000, reason: 'Geste' });
    await refused(desk, 'POST', '/v1/invoices', { contract: contract.id }, 'invoice_without_lines');
    await refused(desk, 'POST', path, { lines: [{ line: 9 }], reason: 'x' }, 'credit_line_unknown');
    await refused(desk, 'POST', path, { lines: [{ line: 2, amount: 3001 }], reason: 'x' }, 'credit_exceeds_line');
    const twice = [{ line: 2, amount: 1 }, { line: 2 }];
    await refused(desk, 'POST', path, { lines: twice, reason: 'x' }, 'credit_line_twice');
    await refused(desk, 'POST', path, { lines: [{ line: 2 }], amount: 1, reason: 'x' }, 'credit_lines_or_amount');
    const keyless = await desk.call('POST', path, { body: { reason: 'x' } });
    expect(keyless.body).toMatchObject({ code: 'idempotency_key_required' });
  });
});

describe('what was issued', () => {
  it('never changes: the database refuses to update or delete it', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const { id } = await desk.post('/v1/invoices', { contract: contract.id });
    expect((await fetchPdf(engine, desk, id)).status).toBe(200);
    const attempts = [
      `update invoice_body set document = '{}' where id = ?`,
      `update invoice_number set number = 'F1' where id = ?`,
      'delete from invoice_body where id = ?',
      'delete from invoice_number where id = ?',
      'update invoice_line set gross_cents = 1 where invoice_id = ?',
      'delete from invoice_line where invoice_id = ?',
      `update invoice_file set bytes = '' where invoice_id = ?`,
      'delete from invoice_file where invoice_id = ?',
    ];
    for (const sql of attempts) await expect(engine.database.raw(sql, [id]), sql).rejects.toThrow(/never|only ever/);
    await engine.database.raw('update invoice_line set live = false where invoice_id = ?', [id]);
    await expect(
      engine.database.raw('update invoice_line set live = true where invoice_id = ?', [id]),
      'a line never comes back to life',
    ).rejects.toThrow(/only ever/);
  });

  it('is printed once, served with its hash, and rendering it again gives the same bytes', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const { id } = await desk.post('/v1/invoices', { contract: contract.id });
    const pdf = await fetchPdf(engine, desk, id);
    const sha256 = createHash('sha256').update(pdf.bytes).digest('hex');
    expect(pdf.status).toBe(200);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(Object.fromEntries(pdf.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="F2026-00001.pdf"',
      'content-length': String(pdf.bytes.length),
      etag: `"${sha256}"`,
    });
    const { body } = await desk.get(`/v1/invoices/${id}`);
    expect(body.pdf).toMatchObject({ ready: true, sha256, pages: 1, warnings: [] });
    expect(renderPdf({ kind: 'invoice', document: body.document }).pdf.equals(pdf.bytes)).toBe(true);
    const unchanged = await fetchPdf(engine, desk, id, {
      'if-none-match': `"${sha256}"`,
      'cache-control': 'max-age=0',
    });
    expect([unchanged.status, unchanged.bytes.length]).toEqual([304, 0]);
  });

  it('keeps the look and the identity of its day', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC';
    const withLogo = await desk.send('PUT', '/v1/organization/logo', { image: png });
    expect(withLogo.status, JSON.stringify(withLogo.body)).toBe(200);
    await refused(desk, 'PUT', '/v1/organization/logo', { image: 'aGVsbG8=' }, 'logo_unreadable');
    await pay(desk, contract, 1, '2026-01-01');
    const { id } = await desk.post('/v1/invoices', { contract: contract.id });
    const before = await fetchPdf(engine, desk, id);
    const { invoicing } = withLogo.body.settings;
    const other = { ...invoicing, logo: null, accent: '#cc0000', seller: { ...invoicing.seller, name: 'Autre SAS' } };
    expect((await desk.send('PATCH', '/v1/organization', { settings: { invoicing: other } })).status).toBe(200);
    const { body } = await desk.get(`/v1/invoices/${id}`);
    expect(body.document.seller.name).toBe('Aquaforme SAS');
    expect(body.pdf.warnings).toEqual([]);
    const logo = Buffer.from(png, 'base64');
    expect(renderPdf({ kind: 'invoice', document: body.document, logo }).pdf.equals(before.bytes)).toBe(true);
    const foreign = { ...invoicing, logo: 'lgo_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB' };
    const answer = await desk.send('PATCH', '/v1/organization', { settings: { invoicing: foreign } });
    expect(answer.status).toBe(404);
  });
});

describe('the numbers', () => {
  it('start again with the year, and a series in use keeps its pattern', async () => {
    const { desk, contract } = await memberOfClub(engine, '2025-12-20', { contract: { starts_on: '2025-12-01' } });
    await pay(desk, contract, 1, '2025-12-20');
    expect(await desk.post('/v1/invoices', { contract: contract.id })).toMatchObject({ number: 'F2025-00001' });
    await desk.post('/v1/test_clock/advance', { to: '2026-01-02' });
    await pay(desk, contract, 2, '2026-01-02');
    expect(await desk.post('/v1/invoices', { contract: contract.id })).toMatchObject({ number: 'F2026-00001' });
    const change = (invoices: object) =>
      desk.send('PATCH', '/v1/organization', { settings: { invoicing: { seller, invoices } } });
    const used = { code: 'F', pattern: 'F{YYYY}-{NNNNN}', restarts: 'yearly' };
    expect((await change({ ...used, restarts: 'never' })).body.code).toBe('number_series_in_use');
    const ambiguous = await change({ ...used, pattern: 'X{YYYY}{NN}' });
    expect(ambiguous.body).toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/settings/invoicing/invoices/pattern', code: 'number_pattern_invalid' }],
    });
    expect((await change({ ...used, code: 'G', pattern: 'F{YYYY}-{NNN}' })).body.code).toBe('number_series_in_use');
    expect((await change({ code: 'G', pattern: 'G{NNNN}', restarts: 'never' })).status).toBe(200);
    await desk.post('/v1/test_clock/advance', { to: '2026-02-01' });
    await pay(desk, contract, 3, '2026-02-01');
    expect(await desk.post('/v1/invoices', { contract: contract.id })).toMatchObject({ number: 'G0001' });
  });

  it('one section of the settings changed leaves the others as they are', async () => {
    const { desk } = await memberOfClub(engine, '2026-01-01');
    await desk.send('PATCH', '/v1/organization', { settings: { grace_days: 5 } });
    const { body } = await desk.get('/v1/organization');
    expect(body.settings).toMatchObject({ grace_days: 5, invoicing: { seller: { name: 'Aquaforme SAS' } } });
  });
});

it('an instalment invoiced and then paid is paid once', async () => {
  const { desk, contract } = await memberOfClub(engine, '2026-01-01');
  const first = await instalment(desk, contract, 1);
  await desk.post('/v1/invoices', { contract: contract.id, instalments: [first.id] });
  await pay(desk, contract, 1, '2026-01-01');
  const again = { paid_on: '2026-01-01', method: 'cash' };
  await refused(desk, 'POST', `/v1/instalments/${first.id}/payments`, again, 'claim_settled');
});
