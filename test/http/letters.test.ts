/** Messages on paper: made ready, printed one by one and as the letters of a day, posted by a person, taken back when paid. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { windowOf } from '../../src/gateways/invoice-pdf/letter-sheet.ts';
import { faultsOf, type ReadPdf, readPdf } from '../gateways/invoice-pdf/read-pdf.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { seller } from './invoicing.ts';
import { type LatePayer, latePayer } from './late-payer.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const address = { street: '8 rue des Lilas', postcode: '44300', town: 'Nantes', country: 'FR' };
const creditor = { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR1420041010050500013M02606' };
const stages = [
  { after_days: 3, text: 'reminder_3', channel: 'letter', attach_invoice: true, fee_amount: 500, block: true },
];
const settings = { creditor, invoicing: { seller }, grace_days: 60, reminders: { stages } };

const paperOf = (given: { settings?: object; customer?: object } = {}): Promise<LatePayer> =>
  latePayer(engine, '2010-01-05', {
    settings: { ...settings, ...given.settings },
    customer: { email: undefined, address, locale: 'fr', ...given.customer },
  });

async function print(desk: Client, path: string): Promise<{ status: number; pdf: ReadPdf | null; bytes: Buffer }> {
  const response = await fetch(`${engine.url}${path}`, { headers: { authorization: `Bearer ${desk.key}` } });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, pdf: response.status === 200 ? await readPdf(bytes) : null, bytes };
}

const letters = async (desk: Client, query = ''): Promise<Json[]> => (await desk.get(`/v1/letters${query}`)).body.data;

describe('a stage by letter', () => {
  it('is a PDF with the address where the window is, its invoice behind it, and the same whenever it is printed', async () => {
    const anne = await paperOf();
    const due = await anne.instalment('2010-01-05');
    await anne.desk.post('/v1/invoices', { contract: anne.contract.id, instalments: [due.id] });
    await anne.to('2010-01-08');
    const [letter] = await letters(anne.desk, '?on=2010-01-08&status=to_print');
    expect(letter).toMatchObject({ name: 'Anne Martin', address, status: 'to_print', ready_on: '2010-01-08' });
    const { pdf, bytes } = await print(anne.desk, letter.pdf);
    expect(pdf?.pages).toHaveLength(2);
    expect(pdf?.text).toContain('64,00');
    expect(pdf?.text).toContain('8 janvier 2010');
    const inWindow = pdf?.placed.filter(({ page, x, y }) => page === 1 && x > 90 && x < 200 && y > 44 && y < 90);
    expect(inWindow?.map(({ text }) => text)).toEqual(['Anne Martin', '8 rue des Lilas', '44300 Nantes']);
    for (const { x, y, width } of inWindow ?? [])
      expect(x >= 100 && x + width <= 190 && y >= 55 && y <= 79, `${x} ${y}`).toBe(true);
    expect(faultsOf(bytes)).toEqual([]);

    // Moves and marries: the letter of that day stays what it was.
    await anne.desk.send('PATCH', `/v1/customers/${anne.customer.id}`, { name: 'Anne Petit', address: null });
    expect((await print(anne.desk, letter.pdf)).bytes.equals(bytes)).toBe(true);
  });

  it('sells its fee and blocks from the day that stands on it, whenever it is posted', async () => {
    const anne = await paperOf();
    await anne.to('2010-01-08');
    const access = () => anne.desk.get(`/v1/customers/${anne.customer.id}/access`).then(({ body }) => body);
    expect(await access()).toMatchObject({ state: 'blocked', reason: 'reminder_stage', since_on: '2010-01-08' });
    await anne.to('2010-01-11');
    const [{ id }] = await letters(anne.desk);
    const posted = await anne.desk.send('POST', '/v1/letters/posted', { letters: [id] });
    expect(posted).toMatchObject({ status: 200, body: { posted: [id], left: [] } });
    expect((await anne.desk.send('POST', '/v1/letters/posted', { letters: [id] })).body).toMatchObject({ left: [id] });
    expect(await letters(anne.desk, '?status=to_print')).toEqual([]);
    expect(await letters(anne.desk, '?status=posted')).toMatchObject([{ id, posted_on: '2010-01-11' }]);
    await anne.to('2010-01-12');
    expect((await access()).since_on).toBe('2010-01-08');
    const ledger = await anne.desk.get(`/v1/customers/${anne.customer.id}/ledger`);
    expect(ledger.body.owed_amount, 'once').toBe(6400);
    const stray = await anne.desk.send('POST', '/v1/letters/posted', { letters: ['rem_01ARZ3NDEKTSV4RRFFQ69G5FAV'] });
    expect(stray.status).toBe(404);
  });

  it('is taken back where its debt is paid before anybody has posted it', async () => {
    const anne = await paperOf({ settings: { reminders: { stages: [{ after_days: 3, channel: 'letter' }] } } });
    await anne.to('2010-01-08');
    expect(await letters(anne.desk)).toHaveLength(1);
    await anne.pays('2010-01-05', '2010-01-09');
    await anne.to('2010-01-10');
    expect(await letters(anne.desk)).toEqual([]);
    expect(await anne.reminders()).toMatchObject([{ status: 'skipped', reason: 'paid' }]);
  });

  it('made again, because what paid it came back, has the fee that it had, and no second one', async () => {
    const anne = await paperOf();
    await anne.to('2010-01-08');
    await anne.pays('2010-01-05', '2010-01-09');
    await anne.to('2010-01-10');
    expect(await anne.reminders()).toMatchObject([{ status: 'skipped', reason: 'paid', fee_amount: 500 }]);
    const [payment] = (await anne.desk.get(`/v1/payments?customer=${anne.customer.id}`)).body.data;
    await anne.desk.post(`/v1/payments/${payment.id}/rejection`, { received_on: '2010-01-10', representments: [] });
    const dearer = { ...stages[0], fee_amount: 700 };
    await anne.desk.send('PATCH', '/v1/organization', { settings: { reminders: { stages: [dearer] } } });
    await anne.to('2010-01-14');
    expect(await letters(anne.desk)).toHaveLength(1);
    expect(await anne.reminders()).toMatchObject([{ status: 'to_print', fee_amount: 500, amount: 6400 }]);
    const ledger = await anne.desk.get(`/v1/customers/${anne.customer.id}/ledger`);
    expect(ledger.body.owed_amount).toBe(6400);
    expect((await examine(engine.database)).filter(({ violations }) => violations.length > 0)).toEqual([]);
  });
});

describe('the letters of a day', () => {
  it('are one file, each with its own page numbers, and none of another day or organization', async () => {
    const club = await paperOf({ settings: { reminders: { stages: [{ after_days: 3, channel: 'letter' }] } } });
    const { desk } = club;
    const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 1000 });
    for (const name of ['Zoé Lefèvre', 'Ben Ali']) {
      const customer = await desk.post('/v1/customers', { name, locale: 'fr' });
      const contract = { customer: customer.id, plan: plan.id, starts_on: '2010-01-05', method: 'cash' };
      await desk.post('/v1/contracts', contract);
    }
    await club.to('2010-01-08');
    const { pdf } = await print(desk, '/v1/letters/pdf?on=2010-01-08');
    expect(pdf?.pages).toHaveLength(3);
    for (const name of ['Anne Martin', 'Zoé Lefèvre', 'Ben Ali']) expect(pdf?.text).toContain(name);
    expect(pdf?.text.match(/Page 1 sur 1/g)).toHaveLength(3);
    expect((await letters(desk)).filter((one) => one.address === null).map((one) => one.name)).toHaveLength(2);
    expect((await print(desk, '/v1/letters/pdf?on=2010-01-07')).status).toBe(404);
    expect((await print(desk, '/v1/letters/pdf?on=2010-01-08&part=2')).status).toBe(404);
    const other = await engine.sandbox('2010-01-08');
    expect((await print(other, '/v1/letters/pdf?on=2010-01-08')).status).toBe(404);
    const [{ id }] = await letters(desk);
    expect((await print(other, `/v1/letters/${id}/pdf`)).status).toBe(404);
  });
});

describe('announcements, receipts and notices', () => {
  it('go by letter to customers without an e-mail address, where the organization wants it', async () => {
    const reminders = {
      stages: [],
      receipts_for: ['cash'],
      notices: ['access_blocked', 'invoice'],
      letters_for: ['receipt', 'access_blocked', 'invoice'],
    };
    const anne = await paperOf({ settings: { grace_days: 0, reminders } });
    await anne.pays('2010-01-05', '2010-01-09');
    const due = await anne.instalment('2010-01-05');
    await anne.desk.post('/v1/invoices', { contract: anne.contract.id, instalments: [due.id] });
    await anne.to('2010-01-10');
    const told = (await letters(anne.desk)).map((one) => `${one.ready_on} ${one.kind}`).toSorted();
    expect(told).toEqual(['2010-01-06 access_blocked', '2010-01-10 invoice', '2010-01-10 receipt']);
    const invoice = (await letters(anne.desk)).find((one) => one.kind === 'invoice');
    const { pdf } = await print(anne.desk, invoice?.pdf);
    expect(pdf?.pages, 'the invoice is its own letter').toHaveLength(1);
    expect(pdf?.text).toContain('F2010-00001');

    const without = await paperOf({ settings: { grace_days: 0, reminders: { ...reminders, letters_for: [] } } });
    await without.pays('2010-01-05', '2010-01-09');
    await without.to('2010-01-10');
    expect(await letters(without.desk)).toEqual([]);
  });
});

describe('an envelope', () => {
  it('has its window on the left in Germany and Austria, on the right elsewhere', () => {
    expect(['DE', 'AT', 'FR', 'BE', ''].map(windowOf)).toEqual(['left', 'left', 'right', 'right', 'right']);
  });
});
