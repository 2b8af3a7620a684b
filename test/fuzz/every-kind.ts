/** An organization that has one object at least of each kind that a route can name. */
import { newId } from '../../src/ids.ts';
import type { Client, Json, TestEngine } from '../harness/engine.ts';
import { club } from '../http/collecting.ts';
import { seller } from '../http/invoicing.ts';

export interface EveryKind {
  desk: Client;
  /** By the prefix of their ids. */
  ids: Map<string, string[]>;
}

export async function everyKind(engine: TestEngine): Promise<EveryKind> {
  const gym = await club(engine, { settings: { invoicing: { seller } } });
  const { desk } = gym;
  const { customer, mandate, contract, instalments } = await gym.debtor({
    customer: { email: 'anne@members.example' },
  });
  const collection = await gym.draft();
  const sold = { customer: customer.id, plan: gym.plan.id, starts_on: '2010-07-05', method: 'cash' };
  const cash = await desk.post('/v1/contracts', sold);
  const [due] = (await desk.get(`/v1/contracts/${cash.id}/schedule`)).body.instalments;
  const reminder = await desk.post(`/v1/contracts/${cash.id}/reminders`);
  const receipt = { paid_on: '2010-08-02', method: 'cash' };
  await desk.post(`/v1/instalments/${due.id}/payments`, receipt);
  const invoice = await desk.post('/v1/invoices', { contract: cash.id, instalments: [due.id] });
  const pause = { starts_on: '2010-09-01', days: 40, reason: 'Leg' };
  const suspension = await desk.post(`/v1/contracts/${contract.id}/suspensions`, pause);
  const publication = await desk.post('/v1/publications', { name: 'Review' });
  const rhythm = { first_on: '2010-07-10', count: 12, every_months: 1 };
  await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
  const issues = { name: 'Review', kind: 'issues', amount: 6000, issues: 6, publication: publication.id };
  const review = await desk.post('/v1/contracts', { ...sold, plan: (await desk.post('/v1/plans', issues)).id });
  const missed = { from_on: '2010-08-02', to_on: '2010-09-30', reason: 'Erreur de livraison' };
  await desk.post(`/v1/contracts/${review.id}/incidents`, missed);
  await desk.post(`/v1/contracts/${review.id}/extensions`, { issues: 1, reason: 'Geste commercial' });
  await desk.post('/v1/closures', { starts_on: '2010-12-01', ends_on: '2010-12-07', reason: 'Works' });
  await desk.post(`/v1/customers/${customer.id}/promises`, { until_on: '2010-08-20' });
  await desk.post(`/v1/customers/${customer.id}/holds`, { until_on: '2010-08-20' });
  await desk.post('/v1/people', { name: 'Camille', email: 'camille@club.example', role: 'viewer' });
  const fine = { settings: { rejections: { fee: { label: 'Rejection fee', amount: 1000, tax_rate_bps: 2000 } } } };
  await desk.send('PATCH', '/v1/organization', fine);
  const other = await gym.debtor({ contract: { first_due_on: '2010-07-05' } });
  const [claim] = await other.instalments();
  const debit = { paid_on: '2010-08-02', method: 'direct_debit' };
  const paid = await desk.post(`/v1/instalments/${claim.id}/payments`, debit);
  const { fee } = await desk.post(`/v1/payments/${paid.id}/rejection`, {});
  const waiver = await desk.post(`/v1/fees/${fee.id}/waiver`, { amount: 100, reason: 'Gesture' });
  const writtenOff = await desk.post(`/v1/debts/${claim.id}/write_off`, { amount: 100, reason: 'Insolvent' });
  const file = newId('brt');
  await engine.database.raw(
    `insert into bank_message (id, organization_id, sha256, byte_count, state, refusal, received_on, actor, recorded_at)
     values (?, ?, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0, 'refused', '{"code":"bank_file_empty","params":{}}', '2010-08-02', 'key', now())`,
    [file, desk.organization.id],
  );
  const listed = async (path: string): Promise<string[]> => (await desk.get(path)).body.data.map((one: Json) => one.id);
  const rows = async (table: string): Promise<string[]> =>
    (await engine.database(table).where({ organization_id: desk.organization.id })).map(({ id }) => id);
  return {
    desk,
    ids: new Map([
      ['org', [desk.organization.id]],
      ['cus', [customer.id]],
      ['mdt', [mandate.id]],
      ['ctr', [contract.id, cash.id, review.id]],
      ['pln', [gym.plan.id]],
      ['ins', (await instalments()).map((one: Json) => one.id)],
      ['col', [collection.id]],
      ['rem', [reminder.id]],
      ['inv', [invoice.id]],
      ['sus', [suspension.id]],
      ['pub', [publication.id]],
      ['brt', [file]],
      ['fee', [fee.id]],
      ['wvr', [waiver.id]],
      ['wof', [writtenOff.id]],
      ['pay', await listed('/v1/payments')],
      ['inc', await listed('/v1/incidents')],
      ['clo', await listed('/v1/closures')],
      ['key', await listed('/v1/api_keys')],
      ['per', await listed('/v1/people')],
      ['job', await listed('/v1/jobs')],
      ['evt', await listed('/v1/events')],
      ['chg', await rows('contract_change')],
      ['prm', await rows('promise')],
      ['hld', await rows('reminder_hold')],
    ]),
  };
}
