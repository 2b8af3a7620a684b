/** What a desk does with a product already sold, over the whole road. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { moneyInvariants } from '../../src/doctor/money.ts';
import { scheduleInvariants } from '../../src/doctor/schedules.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { instalment, member, pay, previewAndDo, refused, schedule, sell, term } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const year = { plan: { term_months: 12 } };
const firsts = (amounts: number[], statuses: string[] = []) =>
  amounts.map((amount, at) => `${at + 1} 2026-0${at + 1}-01 ${amount} ${statuses[at] ?? 'scheduled'}`);

describe('price and expiry of a sold product', () => {
  it('a new price holds from its day on, with a note that says who, when and why', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    await pay(desk, contract, 1, '2026-01-01');
    const path = `/v1/contracts/${contract.id}`;
    const edit = { amount: 4500, effective_on: '2026-03-01', note: 'Tarif étudiant' };
    const { answer } = await previewAndDo(desk, 'PATCH', path, edit, contract);
    expect(answer.body).toMatchObject({ amount: 5000, sold_amount: 5000 });
    expect(await schedule(desk, contract, '2026-04-30')).toEqual(
      firsts([5000, 5000, 4500, 4500], ['paid', 'scheduled', 'scheduled', 'scheduled']),
    );
    const { body } = await desk.get(`${path}/changes`);
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({
      kind: 'price_changed',
      detail: expect.stringContaining('45,00'),
      note: 'Tarif étudiant',
      data: { amount: 4500, from_on: '2026-03-01' },
      recorded_on: '2026-01-01',
    });
    expect(body.data[0].actor).toMatch(/^key:key_/);
    await desk.post('/v1/test_clock/advance', { to: '2026-03-01' });
    expect((await desk.get(path)).body).toMatchObject({ amount: 4500, sold_amount: 5000 });
  });

  it('price and expiry change together or not at all', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const path = `/v1/contracts/${contract.id}`;
    await refused(desk, 'PATCH', path, { amount: 4000, ends_on: '2025-12-01' }, 'expiry_before_contract');
    expect(await schedule(desk, contract)).toEqual(firsts([5000, 5000, 5000]));
    const edit = { amount: 4000, ends_on: '2026-05-31', note: 'Geste' };
    await previewAndDo(desk, 'PATCH', path, edit, contract);
    expect(await schedule(desk, contract)).toEqual(firsts([4000, 4000, 4000, 4000, 4000]));
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-05-31');
    const { body } = await desk.get(`${path}/changes`);
    expect(body.data.map((one: Json) => [one.kind, one.note])).toEqual([
      ['expiry_changed', 'Geste'],
      ['price_changed', null],
    ]);
  });

  it('a note can stand alone; it changes nothing else', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    const before = await schedule(desk, contract);
    await desk.send('PATCH', `/v1/contracts/${contract.id}`, { note: 'Paie en espèces le samedi' });
    expect(await schedule(desk, contract)).toEqual(before);
    const { body } = await desk.get(`/v1/contracts/${contract.id}/changes`);
    expect(body.data).toMatchObject([{ kind: 'noted', note: 'Paie en espèces le samedi' }]);
  });

  it('another method holds from its day on', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    await desk.send('PATCH', `/v1/contracts/${contract.id}`, { method: 'card', effective_on: '2026-02-01' });
    const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule?until=2026-03-31`);
    expect(body.instalments.map((one: Json) => one.method)).toEqual(['cash', 'card', 'card']);
  });

  it('an instalment that is paid is kept, or the part it is dearer by is credited', async () => {
    for (const [facts, second] of [
      ['kept', 4000],
      ['credited', 3000],
    ]) {
      const { desk, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
      await pay(desk, contract, 1, '2026-01-01');
      const { preview } = await previewAndDo(
        desk,
        'PATCH',
        `/v1/contracts/${contract.id}`,
        { amount: 4000, facts },
        contract,
      );
      expect(preview.warnings.map(({ code }: Json) => code)).toEqual([`facts_${facts}`]);
      expect(await schedule(desk, contract)).toEqual([
        '1 2026-01-01 5000 paid',
        `2 2026-02-01 ${second} scheduled`,
        '3 2026-03-01 4000 scheduled',
      ]);
    }
  });

  it('a change that changes nothing, or comes after the end, is refused', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const path = `/v1/contracts/${contract.id}`;
    await refused(desk, 'PATCH', path, {}, 'nothing_to_change');
    await refused(desk, 'PATCH', path, { ends_on: '2026-03-31' }, 'nothing_to_change');
    await refused(desk, 'PATCH', path, { ends_on: null }, 'contract_sold_with_end');
    await refused(desk, 'PATCH', path, { amount: 100, effective_on: '2026-04-01' }, 'contract_ended');
    await pay(desk, contract, 1, '2026-01-01');
    await refused(desk, 'PATCH', path, { ends_on: '2026-05-31', instalments: 0 }, 'instalment_settled');
  });

  it('an edit made on an old version of the contract is refused', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    const path = `/v1/contracts/${contract.id}`;
    const etag = (await desk.get(path)).headers.get('etag') as string;
    await desk.send('PATCH', path, { amount: 4000 });
    const stale = await desk.send('PATCH', path, { amount: 3000 }, { 'if-match': etag });
    expect(stale.body.code).toBe('stale_version');
    const preview = await desk.send('PATCH', `${path}?dry_run=true`, { amount: 3000 });
    await desk.send('PATCH', path, { amount: 3500 });
    const late = await desk.send('PATCH', `${path}?preview_token=${preview.body.preview_token}`, { amount: 3000 });
    expect(late.status).toBe(409);
    expect(late.body.code).toBe('stale_preview');
  });
});

describe('one instalment', () => {
  it('gets another amount and due day; nothing else moves', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const { id } = await instalment(desk, contract, 2);
    const edit = { amount: 2500, due_on: '2026-02-15', note: 'Salaire au 15' };
    const { answer } = await previewAndDo(desk, 'PATCH', `/v1/instalments/${id}`, edit, contract);
    expect(answer.body).toMatchObject({ id, number: 2, due_on: '2026-02-15', amount: 2500 });
    expect(answer.body.explains).toMatchObject([{ kind: 'instalment_edited' }]);
    expect(await schedule(desk, contract)).toEqual([
      '1 2026-01-01 5000 scheduled',
      '2 2026-02-15 2500 scheduled',
      '3 2026-03-01 5000 scheduled',
    ]);
  });

  it('that is paid, cancelled or in the past is refused', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    await pay(desk, contract, 1, '2026-01-01');
    const of = async (number: number) => `/v1/instalments/${(await instalment(desk, contract, number)).id}`;
    await refused(desk, 'PATCH', await of(1), { amount: 1 }, 'instalment_settled');
    await refused(desk, 'PATCH', await of(2), { due_on: '2025-12-31' }, 'instalment_due_in_the_past');
    await refused(desk, 'PATCH', await of(2), { amount: 5000 }, 'nothing_to_change');
    await desk.post(`/v1/contracts/${contract.id}/cancellation`, { on: '2026-06-30', reason: 'Déménagement' });
    await refused(desk, 'PATCH', await of(8), { amount: 1 }, 'instalment_cancelled');
  });
});

describe('cancellation', () => {
  it('ends the contract on its day; the last period is whole or for its days', async () => {
    for (const [last_period, third] of [
      ['whole', 5000],
      ['prorated', 2419],
    ]) {
      const { desk, contract } = await member(engine, '2026-01-01', { plan: { term_months: 4 } });
      const body = { on: '2026-03-15', last_period, reason: 'Déménagement' };
      const { answer } = await previewAndDo(desk, 'POST', `/v1/contracts/${contract.id}/cancellation`, body, contract);
      expect(answer.body).toMatchObject({ ends_on: '2026-03-15', cancelled_on: '2026-03-15' });
      expect(await schedule(desk, contract)).toEqual([
        '1 2026-01-01 5000 scheduled',
        '2 2026-02-01 5000 scheduled',
        `3 2026-03-01 ${third} scheduled`,
        '4 2026-04-01 5000 cancelled',
      ]);
    }
  });

  it('keeps the notice period unless it is waived, and says from when', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { notice_days: 30 } });
    const path = `/v1/contracts/${contract.id}/cancellation`;
    const problem = await refused(desk, 'POST', path, { on: '2026-01-15', reason: 'x' }, 'cancellation_notice');
    expect(problem.detail).toContain('2026-01-31');
    const done = await desk.send('POST', path, { on: '2026-01-15', reason: 'x', waive_notice: true });
    expect(done.status).toBe(201);
  });

  it('charges the fee of the contract, or the one given; undoing withdraws it and nothing has happened', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { cancellation_amount: 3000 } });
    const path = `/v1/contracts/${contract.id}/cancellation`;
    const before = await schedule(desk, contract, '2026-12-31');
    await desk.post(path, { on: '2026-03-31', reason: 'x' });
    const owed = async () => (await desk.get(`/v1/customers/${contract.customer}/ledger`)).body.owed_amount;
    expect(await owed(), 'the first instalment and the fee').toBe(8000);
    const undone = await desk.send('DELETE', path);
    expect(undone.body).toMatchObject({ ends_on: null, cancelled_on: null });
    expect(await owed()).toBe(5000);
    expect(await schedule(desk, contract, '2026-12-31')).toEqual(before);
    await desk.post(path, { on: '2026-02-28', fee_amount: 0, reason: 'x' });
    const { body } = await desk.get(`/v1/events?subject=${contract.id}`);
    const fees = body.data.filter((one: Json) => one.type.startsWith('cancellation_fee'));
    expect(fees.map((one: Json) => [one.type, one.data.amount]).reverse()).toEqual([
      ['cancellation_fee.charged', 3000],
      ['cancellation_fee.withdrawn', 3000],
    ]);
  });

  it('whose fee is paid is undone once that payment is taken back, not before', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { cancellation_amount: 3000 } });
    const path = `/v1/contracts/${contract.id}/cancellation`;
    await desk.post(path, { on: '2026-01-31', reason: 'x' });
    await desk.post('/v1/test_clock/advance', { to: '2026-01-31' });
    const { id } = await desk.post(`/v1/customers/${contract.customer}/payments`, {
      paid_on: '2026-01-31',
      method: 'cash',
      amount: 8000,
    });
    expect((await refused(desk, 'DELETE', path, undefined, 'cancellation_fee_paid')).detail).toContain('30');
    await desk.post(`/v1/payments/${id}/rejection`, { fee_amount: 0 });
    expect((await desk.send('DELETE', path)).body).toMatchObject({ cancelled_on: null });
  });

  it('undone, its fee is asked for no longer by what represents a payment that came back', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', { plan: { cancellation_amount: 3000 } });
    const path = `/v1/contracts/${contract.id}/cancellation`;
    await desk.post(path, { on: '2026-01-31', reason: 'x' });
    await desk.post('/v1/test_clock/advance', { to: '2026-01-31' });
    const paid = { paid_on: '2026-01-31', method: 'cheque', amount: 8000 };
    const { id } = await desk.post(`/v1/customers/${contract.customer}/payments`, paid);
    const { representments } = await desk.post(`/v1/payments/${id}/rejection`, {
      fee_amount: 1000,
      representments: [
        { due_on: '2026-02-10', method: 'cheque', amount: 5500 },
        { due_on: '2026-03-10', method: 'cheque', amount: 3500 },
      ],
    });
    expect((await desk.send('DELETE', path)).body).toMatchObject({ cancelled_on: null });
    const asked = await Promise.all(
      representments.map(async (one: Json) => (await desk.get(`/v1/payments/${one.id}`)).body),
    );
    expect(
      asked.reduce((total: number, { status, amount }: Json) => total + (status === 'pending' ? amount : 0), 0),
    ).toBe(6000);
    expect((await desk.get(`/v1/customers/${contract.customer}/ledger`)).body.owed_amount).toBe(6000);
    for (const { id: payment, status } of asked)
      if (status === 'pending')
        await desk.post(`/v1/payments/${payment}/settlement`, { paid_on: '2026-01-31', method: 'cash' });
    const ledger = (await desk.get(`/v1/customers/${contract.customer}/ledger`)).body;
    expect(ledger).toMatchObject({ owed_amount: 0, credit_amount: 0 });
  });

  it('can be undone until it took effect, not after', async () => {
    const { desk, contract } = await member(engine, '2026-01-01');
    const path = `/v1/contracts/${contract.id}/cancellation`;
    await refused(desk, 'DELETE', path, undefined, 'not_cancelled');
    await desk.post(path, { on: '2026-01-31', reason: 'x' });
    await refused(desk, 'POST', path, { on: '2026-01-20', reason: 'x' }, 'already_cancelled');
    await desk.post('/v1/test_clock/advance', { to: '2026-01-31' });
    const preview = await desk.send('DELETE', `${path}?dry_run=true`);
    expect(preview.status, 'on its last day it has not taken effect').toBe(200);
    await desk.post('/v1/test_clock/advance', { to: '2026-02-01' });
    await refused(desk, 'DELETE', path, undefined, 'cancellation_took_effect');
    await refused(desk, 'PATCH', `/v1/contracts/${contract.id}`, { ends_on: '2026-06-30' }, 'contract_cancelled');
    const late = { starts_on: '2026-02-10', days: 30, reason: 'x' };
    await refused(desk, 'POST', `/v1/contracts/${contract.id}/suspensions`, late, 'contract_cancelled');
  });

  it('names a day within the contract', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    const path = `/v1/contracts/${contract.id}/cancellation`;
    await refused(desk, 'POST', path, { on: '2027-01-01', reason: 'x' }, 'cancellation_after_end');
    await refused(desk, 'POST', path, { on: '2025-12-31', reason: 'x' }, 'cancellation_before_contract');
  });

  it('before the first day, the contract never begins, nor does its renewal', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', {
      ...year,
      contract: { starts_on: '2026-02-01' },
    });
    const renewal = await sell(desk, customer, plan, { starts_on: '2027-02-01', renews: contract.id });
    await desk.post(`/v1/contracts/${contract.id}/cancellation`, { on: '2026-01-10', reason: 'x' });
    expect(await term(desk, contract)).toBe('2026-02-01 to 2026-01-31');
    for (const one of [contract, renewal])
      expect((await schedule(desk, one)).every((line) => line.endsWith('cancelled'))).toBe(true);
  });
});

describe('a gesture of days', () => {
  it('moves the end and the renewal, adds no instalment', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    const body = { days: 10, reason: 'Panne de chauffage' };
    await previewAndDo(desk, 'POST', `/v1/contracts/${contract.id}/extensions`, body, contract);
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-04-10');
    expect(await schedule(desk, contract)).toEqual(firsts([5000, 5000, 5000]));
    expect(await term(desk, renewal)).toBe('2026-04-11 to 2026-07-10');
    const { body: changes } = await desk.get(`/v1/contracts/${contract.id}/changes`);
    const mistake = `/v1/contracts/${contract.id}/extensions/${changes.data[0].id}`;
    await previewAndDo(desk, 'DELETE', mistake, {}, contract);
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-03-31');
    expect(await term(desk, renewal)).toBe('2026-04-01 to 2026-06-30');
    await refused(desk, 'DELETE', mistake, undefined, 'not_found');
  });

  it('is given for a reason of the list, where there is one, and stays once its days have been lived', async () => {
    const { desk, contract } = await member(engine, '2026-03-25', {
      plan: { term_months: 3 },
      contract: { starts_on: '2026-01-01' },
      settings: { day_extension_reasons: ['Panne', 'Fidélité'] },
    });
    const path = `/v1/contracts/${contract.id}/extensions`;
    await refused(desk, 'POST', path, { days: 10, reason: 'Parce que' }, 'reason_not_listed');
    await desk.post(path, { days: 10, reason: 'fidelite' });
    const [{ id, data }] = (await desk.get(`/v1/contracts/${contract.id}/changes`)).body.data;
    expect(data.reason).toBe('Fidélité');
    await desk.post('/v1/test_clock/advance', { to: '2026-04-01' });
    const problem = await refused(desk, 'DELETE', `${path}/${id}`, undefined, 'extension_lived');
    expect(problem.detail).toContain('2026-03-31');
  });

  it('of an open-ended contract is refused, and so is one over a renewal that has facts, unless it is to be moved', async () => {
    const open = await member(engine, '2026-01-01');
    const gesture = { days: 10, reason: 'x' };
    await refused(open.desk, 'POST', `/v1/contracts/${open.contract.id}/extensions`, gesture, 'contract_open_ended');
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    await pay(desk, renewal, 1, '2026-01-01');
    const path = `/v1/contracts/${contract.id}/extensions`;
    const problem = await refused(desk, 'POST', path, gesture, 'renewal_has_facts');
    expect(problem.detail).toContain(renewal.id);
    await desk.post(path, { ...gesture, renewals: 'move', compensation: 500 });
    expect(await term(desk, renewal)).toBe('2026-04-11 to 2026-07-10');
    expect(await schedule(desk, renewal)).toEqual([
      '1 2026-04-01 5000 paid',
      '2 2026-05-11 4500 scheduled',
      '3 2026-06-11 5000 scheduled',
    ]);
  });
});

describe('deleting a sold product', () => {
  it('takes it out of every view, its open instalments with it', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-01', year);
    expect((await desk.send('DELETE', `/v1/contracts/${contract.id}`)).body).toMatchObject({ deleted: true });
    expect((await desk.get(`/v1/contracts/${contract.id}`)).status).toBe(404);
    expect((await desk.get(`/v1/contracts?customer=${customer.id}`)).body.data).toEqual([]);
    const suspension = { starts_on: '2026-02-01', days: 31, reason: 'x' };
    await refused(desk, 'POST', `/v1/contracts/${contract.id}/suspensions`, suspension, 'not_found');
  });

  it('ends its suspensions: none is kept that no contract has', async () => {
    const { desk, contract } = await member(engine, '2026-01-01', year);
    const pause = { starts_on: '2026-02-01', days: 31, reason: 'x' };
    const { id } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, pause);
    await desk.send('DELETE', `/v1/contracts/${contract.id}`);
    const kept = await engine.database('suspension').where({ id }).first();
    expect(kept).toMatchObject({ removed_on: '2026-01-01' });
    const broken = (await examine(engine.database, scheduleInvariants)).flatMap(({ violations }) => violations);
    expect(broken.filter((violation) => violation.id === id)).toEqual([]);
  });

  it('asks no more for an instalment whose payment came back', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-01', year);
    await pay(desk, contract, 1, '2026-01-01');
    const listed = async () => (await desk.get(`/v1/payments?customer=${customer.id}`)).body.data as Json[];
    const [paid] = await listed();
    const representments = [{ due_on: '2026-01-20', method: 'transfer' }];
    await desk.post(`/v1/payments/${paid.id}/rejection`, { fee_amount: 0, representments });
    expect((await listed()).map(({ status }) => status).sort()).toEqual(['pending', 'rejected']);
    await desk.send('DELETE', `/v1/contracts/${contract.id}`);
    expect((await listed()).map(({ status }) => status).sort()).toEqual(['cancelled', 'rejected']);
    const broken = (await examine(engine.database, moneyInvariants)).flatMap(({ violations }) => violations);
    expect(broken).toEqual([]);
  });

  it('is refused while settled money or a renewal hangs on it, naming it', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    const path = `/v1/contracts/${contract.id}`;
    expect((await refused(desk, 'DELETE', path, undefined, 'deletion_renewal')).detail).toContain(renewal.id);
    await desk.send('DELETE', `/v1/contracts/${renewal.id}`);
    const again = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    await desk.send('DELETE', `/v1/contracts/${again.id}`);
    await pay(desk, contract, 2, '2026-01-01');
    expect((await refused(desk, 'DELETE', path, undefined, 'deletion_money')).detail).toContain('2');
  });
});
