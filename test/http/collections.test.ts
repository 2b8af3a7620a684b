/** Collections over HTTP: what is left out and why, who releases, what is plausible, what is taken back. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { leftOutReasons } from '../../src/domain/collections/left-out.ts';
import { saySchemasMissing, schemaVerdict } from '../formats/sepa/schema.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Club, club, type Debtor, DUE, refusal, SWISS } from './collecting.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const file = async ({ desk }: Club, id: string) => desk.get(`/v1/collections/${id}/file`);

/** Everything that a collection touches, to compare before and after. */
async function books({ desk }: Club, debtor: Debtor) {
  const ledger = (await desk.get(`/v1/customers/${debtor.customer.id}/ledger`)).body;
  const mandate = (await desk.get(`/v1/mandates/${debtor.mandate.id}`)).body;
  const asked = (await desk.get(`/v1/payments?customer=${debtor.customer.id}&status=pending`)).body.data;
  return {
    owed: ledger.owed_amount,
    in_flight: ledger.in_flight_amount,
    instalment: (await debtor.instalments())[0].status,
    mandate: [mandate.status, mandate.last_collected_on],
    asked: asked.map((one: Json) => [one.amount, one.due_on, one.attempt, one.first_attempt]),
  };
}

describe('the bank’s file', () => {
  it.each(['pain.008.001.08', 'pain.008.001.02'])(
    '%s of every shape is valid, and its bytes are kept',
    async (format) => {
      saySchemasMissing();
      const gym = await club(engine, { settings: { collections: { format, bank_wants_first: true } } });
      await gym.debtor({ customer: { name: 'Éloïse Müller & Søn <Œuvre>' } });
      await gym.debtor({ mandate: { kind: 'one_off' } });
      await gym.debtor({ mandate: { scheme: 'B2B' } });
      await gym.debtor({ contract: { first_due_on: '2010-08-10' } });
      const address = { street: 'Bahnhofstrasse 1', postcode: '8001', town: 'Zürich', country: 'CH' };
      await gym.debtor({ iban: SWISS, customer: { address } });
      const moved = await gym.debtor();
      const first = await gym.collect('2010-08-10');
      expect(first.count).toBe(6);
      const written = await file(gym, first.id);
      expect(schemaVerdict(format, written.body)).toBeNull();
      expect(createHash('sha256').update(written.body).digest('hex')).toBe(first.file.sha256);
      expect(written.headers.get('etag')).toBe(`"${first.file.sha256}"`);
      expect(written.body.match(/<PmtInfId>/g)).toHaveLength(4);
      expect([...new Set(written.body.match(/<SeqTp>\w+/g))].sort()).toEqual(['<SeqTp>FRST', '<SeqTp>OOFF']);
      expect(written.body).toContain('<Ctry>CH</Ctry>');

      await gym.to('2010-09-02');
      await gym.desk.post(`/v1/mandates/${moved.mandate.id}/account`, { iban: 'FR14 2004 1010 0505 0001 3M02 606' });
      const second = await gym.collect('2010-09-10');
      const amended = await file(gym, second.id);
      expect(schemaVerdict(format, amended.body)).toBeNull();
      expect(amended.body).toContain('SMNDA');
      expect(amended.body).toContain('<SeqTp>RCUR');
      expect(second.left_out.map((one: Json) => one.reason)).toEqual(['mandate_used']);
    },
  );
});

describe('what is left out of a collection', () => {
  it('is told with its reason in words and with what would mend it', async () => {
    const gym = await club(engine, { settings: { collections: { minimum_amount: 500 } } });
    const { desk } = gym;
    const who: Record<string, Debtor> = {};
    const add = async (reason: string, given?: Parameters<Club['debtor']>[0]) => {
      who[reason] = await gym.debtor(given);
      return who[reason] as Debtor;
    };
    const first = async (debtor: Debtor) => (await debtor.instalments())[0];
    const settled = async (debtor: Debtor) =>
      desk.post(`/v1/instalments/${(await first(debtor)).id}/payments`, {
        paid_on: '2010-08-02',
        method: 'direct_debit',
      });

    await add('in_flight');
    const before = await gym.collect();
    expect(before.count).toBe(1);

    const frozen = await add('waived');
    const rest = { starts_on: '2010-07-22', days: 45, amount: 0, reason: 'Leg' };
    await desk.post(`/v1/contracts/${frozen.contract.id}/suspensions`, rest);
    const back = await settled(await add('rejected'));
    await desk.post(`/v1/payments/${back.id}/rejection`, { representments: [] });
    const dead = await add('customer_deceased', { contract: { first_due_on: '2010-07-05' } });
    const gone = await settled(dead);
    await desk.post(`/v1/payments/${gone.id}/rejection`, { reason_code: 'MD07' });
    const word = await add('promised');
    await desk.post(`/v1/customers/${word.customer.id}/promises`, { until_on: '2010-08-20' });
    const stopped = await add('collections_stopped');
    const stop = await desk.send('PATCH', `/v1/customers/${stopped.customer.id}`, { collections_stopped: true });
    expect(stop.body).toMatchObject({ collections_stopped_on: '2010-08-02' });
    await add('no_mandate', { mandate: null });
    for (const [reason, noun] of [
      ['mandate_suspended', 'suspension'],
      ['mandate_revoked', 'revocation'],
    ] as const) {
      const { mandate } = await add(reason);
      await desk.post(`/v1/mandates/${mandate.id}/${noun}`);
    }
    await add('mandate_expired', { mandate: { signed_on: '2007-08-03' } });
    await add('mandate_used', { mandate: { kind: 'one_off' }, contract: { first_due_on: '2010-07-05' } });
    await add('address_missing', { iban: SWISS });
    await add('below_minimum', { contract: { amount: 499 } });
    // No price is above what SEPA takes; what is asked for again can be, with its fee.
    const dear = await add('above_maximum', {
      contract: { first_due_on: '2010-07-05', ends_on: '2010-08-04', amount: 99_999_999_999 },
    });
    const returned = await settled(dear);
    const asked = [{ due_on: DUE, method: 'direct_debit' }];
    await desk.post(`/v1/payments/${returned.id}/rejection`, { fee_amount: 1000, representments: asked });
    const late = await add('changed_since_draft');

    const draft = await gym.draft();
    const left = (collection: Json) =>
      new Map(collection.left_out.map((one: Json) => [`${one.customer} ${one.reason}`, one]));
    const expected = (reason: string) => `${(who[reason] as Debtor).customer.id} ${reason}`;
    for (const reason of Object.keys(who).filter((one) => one !== 'changed_since_draft')) {
      const shown = left(draft).get(expected(reason)) as Json;
      expect(shown, reason).toBeDefined();
      const words = leftOutReasons[reason as keyof typeof leftOutReasons];
      expect([shown.detail, shown.mend]).toEqual([words.why.en, words.mend?.en ?? null]);
    }
    await desk.post(`/v1/instalments/${(await first(late)).id}/payments`, { paid_on: '2010-08-02', method: 'cash' });
    const released = await gym.release(draft.id);
    expect(left(released).has(expected('changed_since_draft'))).toBe(true);
    expect(Object.keys(who).sort()).toEqual(Object.keys(leftOutReasons).sort());
    expect(released.lines.map((line: Json) => line.customer)).toEqual([(who.mandate_used as Debtor).customer.id]);
  });

  it('a suspension between draft and release takes its line out', async () => {
    const gym = await club(engine);
    const [stays, leaves] = [await gym.debtor(), await gym.debtor()];
    const draft = await gym.draft();
    expect(draft.count).toBe(2);
    const rest = { starts_on: '2010-07-22', days: 45, amount: 200, reason: 'Leg' };
    await gym.desk.post(`/v1/contracts/${leaves.contract.id}/suspensions`, rest);
    const released = await gym.release(draft.id);
    expect(released.lines.map((line: Json) => line.customer)).toEqual([stays.customer.id]);
    expect(released.left_out).toMatchObject([{ customer: leaves.customer.id, reason: 'changed_since_draft' }]);
    expect((await gym.draft()).lines).toMatchObject([{ customer: leaves.customer.id, amount: 200 }]);
  });
});

describe('the release', () => {
  it('is another person’s where the organization wants it', async () => {
    const gym = await club(engine, { settings: { collections: { second_person: true } } });
    await gym.debtor();
    const draft = await gym.draft();
    const path = `/v1/collections/${draft.id}/release`;
    expect(await refusal(gym.desk.send('POST', path, {}))).toEqual([403, 'release_needs_second_person']);
    const key = await gym.desk.post('/v1/api_keys', { label: 'Treasurer', role: 'releaser' });
    const treasurer = engine.client(key.secret);
    const released = await treasurer.post(path, {});
    expect(released).toMatchObject({ status: 'released', released_by: `key:${key.id}` });
    expect(released.drafted_by).not.toBe(released.released_by);
  });

  it('fails closed where a figure is out of the ordinary, until each finding is confirmed by its name', async () => {
    const plausibility = { slack_lines: 0, slack_total: 0, slack_largest: 0, first_lines: 1, first_total: 10_000 };
    const gym = await club(engine, { settings: { collections: { plausibility } } });
    const refusedFor = async (draft: Json, confirm: string[]) => {
      const answer = await gym.desk.send('POST', `/v1/collections/${draft.id}/release`, { confirm });
      expect([answer.status, answer.body.code]).toEqual([409, 'release_unconfirmed']);
      expect(answer.body.detail).toContain(draft.findings.find((one: Json) => !confirm.includes(one.code)).code);
    };
    await gym.debtor();
    await gym.debtor();
    const first = await gym.draft();
    expect(first.findings).toEqual([{ code: 'nothing_to_compare', value: 2, limit: 1 }]);
    await refusedFor(first, []);
    await refusedFor(first, ['lines']);
    await gym.release(first.id, ['nothing_to_compare']);

    for (const amount of [20_000, 5900, 5900, 5900]) await gym.debtor({ contract: { amount } });
    const second = await gym.draft();
    const codes = second.findings.map((one: Json) => one.code);
    expect(codes).toEqual(['lines', 'total', 'largest', 'new_accounts']);
    for (const missing of codes)
      await refusedFor(
        second,
        codes.filter((code: string) => code !== missing),
      );
    expect(await gym.release(second.id, codes)).toMatchObject({ status: 'released', count: 4 });
  });

  it('is refused for what is no draft, holds nothing, or has no creditor; and is a job with progress', async () => {
    const gym = await club(engine);
    const release = (id: string) => gym.desk.send('POST', `/v1/collections/${id}/release`, {});
    const empty = await gym.draft();
    expect(await refusal(release(empty.id))).toEqual([409, 'collection_empty']);
    await gym.debtor();
    const draft = await gym.draft();
    await gym.desk.send('PATCH', '/v1/organization', { settings: { creditor: null } });
    expect(await refusal(release(draft.id))).toEqual([409, 'creditor_missing']);
    const creditor = { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189' };
    for (const [wrong, code] of [
      [{ identifier: 'FR73ZZZ123456' }, 'creditor_identifier_check_digits'],
      [{ iban: 'FR7630006000011234567890188' }, 'iban_check_digits'],
    ] as const) {
      const settings = { creditor: { ...creditor, ...wrong } };
      expect(await refusal(gym.desk.send('PATCH', '/v1/organization', { settings }))).toEqual([422, code]);
    }
    await gym.desk.send('PATCH', '/v1/organization', { settings: { creditor } });
    expect(await refusal(file(gym, draft.id))).toEqual([409, 'collection_file_missing']);
    await gym.release(draft.id);
    expect(await refusal(release(draft.id))).toEqual([409, 'collection_state_forbids']);
    const { body } = await gym.desk.get('/v1/jobs?limit=20');
    const progress = body.data
      .filter((job: Json) => ['draft-collection', 'release-collection'].includes(job.name) && job.state === 'done')
      .map((job: Json) => [job.name, job.progress]);
    expect(progress).toContainEqual(['draft-collection', { done: 1, total: 1 }]);
    expect(progress).toContainEqual(['release-collection', { done: 2, total: 2 }]);
  });

  it('tells how far it is while it hands the lines over', async () => {
    const gym = await club(engine);
    const members: Debtor[] = [];
    for (let n = 0; n < 10; n += 1) members.push(await gym.debtor());
    const draft = await gym.draft();
    const progress = async () => {
      const { body } = await gym.desk.get('/v1/jobs?limit=20');
      const job = body.data.find((one: Json) => one.name === 'release-collection');
      return job && [job.state, job.progress];
    };
    const codes = draft.findings.map((finding: Json) => finding.code);
    let released: Promise<Json> | undefined;
    await engine.database.transaction(async (trx) => {
      // The mandates are what it writes last: it waits for this one.
      await trx.raw('select 1 from mandate where id = ? for no key update', [members[0]?.mandate?.id]);
      released = gym.release(draft.id, codes);
      await expect.poll(progress, { timeout: 20_000 }).toEqual(['running', { done: 9, total: 20 }]);
    });
    expect(await released).toMatchObject({ status: 'released', count: 10 });
    expect(await progress()).toEqual(['done', { done: 20, total: 20 }]);
  });
});

describe('a collection taken back before the bank has it', () => {
  it('leaves the books as before, its file void, and everything to be collected again', async () => {
    const gym = await club(engine);
    const { desk } = gym;
    const plain = await gym.debtor();
    const once = await gym.debtor({ mandate: { kind: 'one_off' } });
    const again = await gym.debtor({ contract: { first_due_on: '2010-07-05' } });
    const paid = await desk.post(`/v1/instalments/${(await again.instalments())[0].id}/payments`, {
      paid_on: '2010-08-02',
      method: 'direct_debit',
    });
    const representments = [{ due_on: DUE, method: 'direct_debit' }];
    await desk.post(`/v1/payments/${paid.id}/rejection`, { fee_amount: 1000, representments });
    const debtors = [plain, once, again];
    const all = () => Promise.all(debtors.map((debtor) => books(gym, debtor)));
    const before = await all();
    expect(before[2]).toMatchObject({ owed: 6900, asked: [[6900, DUE, 2, paid.id]] });

    const released = await gym.collect();
    expect(released.count).toBe(4);
    expect((await all()).map((one) => one.in_flight)).toEqual([5900, 5900, 12_800]);
    const path = `/v1/collections/${released.id}/withdrawal`;
    const withdrawn = await desk.post(path, { reason: 'Wrong day' });
    expect(withdrawn).toMatchObject({ status: 'cancelled', by_status: { cancelled: { count: 4, amount: 24_600 } } });

    const after = await all();
    // What was sold to be presented stays sold, and so is owed on its day.
    const owed = [5900, 5900, 12_800];
    expect(after).toEqual(before.map((one, at) => ({ ...one, owed: owed[at] })));
    for (const debtor of debtors) expect((await gym.access(debtor)).state).toBe('active');
    expect(await refusal(file(gym, released.id))).toEqual([409, 'collection_withdrawn']);
    expect(await refusal(desk.send('POST', path, { reason: 'Again' }))).toEqual([409, 'collection_state_forbids']);
    const { body } = await desk.get(`/v1/events?subject=${released.id}&type=collection.withdrawn`);
    expect(body.data).toMatchObject([{ data: { lines: 4, reason: 'Wrong day' } }]);

    const second = await gym.collect();
    expect(second).toMatchObject({ count: 4, total_amount: 24_600 });
    expect((await all()).map((one) => one.in_flight)).toEqual([5900, 5900, 12_800]);
    expect(new Set(second.lines.map((line: Json) => line.end_to_end_id)).size).toBe(4);
    const returned = second.lines.find((line: Json) => line.kind === 'representment').payment;
    const made = await desk.post(`/v1/payments/${returned}/rejection`, { fee_amount: 0 });
    expect(made).toMatchObject({ owed_amount: 6900, payment: { attempt: 2, first_attempt: paid.id } });
  });

  it('lets what was changed meanwhile reach its instalments, also what was sold to be presented', async () => {
    const gym = await club(engine);
    const stopped = await gym.debtor();
    const other = await gym.debtor();
    const months = async () =>
      (await stopped.instalments()).slice(0, 3).map(({ due_on, amount, status }) => `${due_on} ${amount} ${status}`);
    const released = await gym.collect();
    await gym.desk.post(`/v1/contracts/${stopped.contract.id}/suspensions`, {
      starts_on: '2010-08-05',
      ends_on: '2010-09-04',
      reason: 'Injury',
    });
    expect(await months()).toEqual(['2010-08-05 5900 collecting', '2010-09-05 0 waived', '2010-10-05 5900 scheduled']);
    await gym.desk.post(`/v1/collections/${released.id}/withdrawal`, { reason: 'Wrong day' });
    expect(await months()).toEqual(['2010-08-05 0 waived', '2010-09-05 5900 scheduled', '2010-10-05 5900 scheduled']);
    expect([await gym.owed(stopped), await gym.owed(other)]).toEqual([0, 5900]);
    expect((await gym.collect()).lines.map((line: Json) => line.customer)).toEqual([other.customer.id]);
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  });

  it('is refused once the bank has it or has answered, for a draft, and to who may not release', async () => {
    const gym = await club(engine);
    const { desk } = gym;
    await gym.debtor();
    const withdraw = (id: string, by = desk) =>
      refusal(by.send('POST', `/v1/collections/${id}/withdrawal`, { reason: 'Wrong' }));
    const draft = await gym.draft();
    expect(await withdraw(draft.id)).toEqual([409, 'collection_state_forbids']);
    const released = await gym.release(draft.id);
    const key = await desk.post('/v1/api_keys', { label: 'Clerk', role: 'billing' });
    expect(await withdraw(released.id, engine.client(key.secret))).toEqual([403, 'role_forbids']);
    await desk.post(`/v1/collections/${released.id}/sent`);
    expect(await withdraw(released.id)).toEqual([409, 'collection_with_bank']);

    await gym.debtor();
    const other = await gym.collect();
    await desk.post(`/v1/payments/${other.lines[0].payment}/rejection`, {});
    expect(await withdraw(other.id)).toEqual([409, 'collection_with_bank']);
  });

  it('a draft given up leaves its lines to the next', async () => {
    const gym = await club(engine);
    await gym.debtor();
    const draft = await gym.draft();
    await gym.desk.post(`/v1/collections/${draft.id}/cancellation`);
    expect(await refusal(gym.desk.send('POST', `/v1/collections/${draft.id}/release`, {}))).toEqual([
      409,
      'collection_state_forbids',
    ]);
    expect((await gym.collect()).count).toBe(1);
  });
});

describe('money in flight', () => {
  it('is neither reminded of nor blocks, until the bank answers or the set time has passed', async () => {
    const gym = await club(engine, {
      settings: {
        collections: { presumed_settled_days: 30 },
        access: { in_flight_days: 14 },
        reminders: { stages: [{ after_days: 3 }], prenotification_days: null },
      },
    });
    const email = 'anne@members.example';
    const debtor = await gym.debtor({ customer: { email } });
    const silent = await gym.debtor({ contract: { first_due_on: DUE, method: 'cash' }, customer: { email } });
    await gym.collect();
    const reminded = async (one: Debtor) =>
      (await gym.desk.get(`/v1/reminders?customer=${one.customer.id}&kind=reminder`)).body.data.length;
    await gym.to('2010-08-09');
    expect([await reminded(debtor), await reminded(silent)]).toEqual([0, 1]);
    expect([(await gym.access(debtor)).state, (await gym.access(silent)).state]).toEqual(['active', 'blocked']);
    await gym.to('2010-08-19');
    expect((await gym.access(debtor)).state).toBe('active');
    await gym.to('2010-08-20');
    expect(await gym.access(debtor)).toMatchObject({ state: 'blocked', reason: 'debt', since_on: '2010-08-20' });
    expect(await reminded(debtor)).toBe(0);
    await gym.to('2010-09-04');
    const [instalment] = await debtor.instalments();
    expect(instalment.status).toBe('paid');
    expect((await gym.access(debtor)).state).toBe('active');
  });
});

describe('a creditor who changes', () => {
  const told = (xml: string) =>
    [...xml.matchAll(/<EndToEndId>([^<]+)<.*?<MndtId>([^<]+)<.*?<\/MndtRltdInf>/gs)].map(([whole, , mandate]) => [
      mandate,
      /<OrgnlCdtrSchmeId>(?:<Nm>([^<]+)<\/Nm>)?(?:<Id>.*?<Id>([^<]+)<\/Id>)?/s.exec(whole)?.slice(1) ?? null,
    ]);
  const creditor = { name: 'Club', identifier: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189' };
  const renamed = { ...creditor, name: 'Club réuni', identifier: 'DE98ZZZ09999999999' };
  const become = (gym: Club, settings: object) => gym.desk.send('PATCH', '/v1/organization', { settings });
  const xmlOf = async (gym: Club, until_on: string) => {
    const { body } = await file(gym, (await gym.collect(until_on)).id);
    expect(schemaVerdict('pain.008.001.08', body)).toBeNull();
    return body as string;
  };

  it('is told with each mandate used before, under what the debtors’ banks know, until they have taken one', async () => {
    const gym = await club(engine, { settings: { creditor } });
    await gym.debtor({ mandate: { reference: 'USED' } });
    const first = await xmlOf(gym, DUE);
    expect(told(first)).toEqual([['USED', null]]);
    await gym.to('2010-09-01');

    expect((await become(gym, { creditor: renamed })).status).toBe(200);
    await gym.debtor({ mandate: { reference: 'NEW' }, contract: { first_due_on: '2010-09-05' } });
    const second = await xmlOf(gym, '2010-09-05');
    expect(second).toContain('<Id>DE98ZZZ09999999999</Id>');
    expect(told(second).toSorted()).toEqual([
      ['NEW', null],
      ['USED', ['Club', 'FR72ZZZ123456']],
    ]);
    expect(second.match(/<SeqTp>\w+/g)).toEqual(['<SeqTp>RCUR']);

    // Not taken yet when the third is written: said again.
    const third = await xmlOf(gym, '2010-10-05');
    expect(told(third).toSorted()).toEqual([
      ['NEW', null],
      ['USED', ['Club', 'FR72ZZZ123456']],
    ]);
    await gym.to('2010-11-01');
    const fourth = await xmlOf(gym, '2010-11-05');
    expect(told(fourth).toSorted()).toEqual([
      ['NEW', null],
      ['USED', null],
    ]);
  });

  it('by its name alone says the former name alone; and one who changes back says nothing', async () => {
    const gym = await club(engine, { settings: { creditor } });
    await gym.debtor({ mandate: { reference: 'USED' } });
    await gym.collect(DUE);
    await gym.to('2010-09-01');
    await become(gym, { creditor: { ...creditor, name: 'Nouveau club' } });
    const draft = await gym.collect('2010-09-05');
    expect(told((await file(gym, draft.id)).body)).toEqual([['USED', ['Club', undefined]]]);
    await gym.desk.post(`/v1/collections/${draft.id}/withdrawal`, { reason: 'Wrong name' });
    await become(gym, { creditor });
    expect(told(await xmlOf(gym, '2010-09-05'))).toEqual([['USED', null]]);
  });

  it('says nothing of a collection that was taken back, and tells the new account beside', async () => {
    const gym = await club(engine, { settings: { creditor } });
    const { mandate } = await gym.debtor({ mandate: { reference: 'USED' } });
    const void_ = await gym.collect(DUE);
    await gym.desk.post(`/v1/collections/${void_.id}/withdrawal`, { reason: 'Wrong creditor' });
    await become(gym, { creditor: renamed });
    expect(told(await xmlOf(gym, DUE))).toEqual([['USED', null]]);
    await gym.to('2010-09-01');
    await become(gym, { creditor });
    await gym.desk.post(`/v1/mandates/${mandate.id}/account`, { iban: 'FR14 2004 1010 0505 0001 3M02 606' });
    const both = await xmlOf(gym, '2010-09-05');
    expect(told(both)).toEqual([['USED', ['Club reuni', 'DE98ZZZ09999999999']]]);
    expect(both).toContain('SMNDA');
  });
});

describe('a new account of a debtor', () => {
  it('is told until the bank has taken a debit of it: an older one on the old account tells nothing', async () => {
    const gym = await club(engine, { settings: { collections: { presumed_settled_days: 10 } } });
    const { mandate } = await gym.debtor();
    const first = await gym.collect(DUE);
    await gym.desk.post(`/v1/mandates/${mandate.id}/account`, { iban: 'FR14 2004 1010 0505 0001 3M02 606' });
    await gym.to('2010-09-01');
    expect((await gym.desk.get(`/v1/collections/${first.id}`)).body.by_status).toMatchObject({ settled: { count: 1 } });
    const second = await gym.collect('2010-09-05');
    expect((await file(gym, second.id)).body).toContain('SMNDA');
    await gym.to('2010-10-01');
    const third = await gym.collect('2010-10-05');
    expect((await file(gym, third.id)).body).not.toContain('SMNDA');
  });
});
