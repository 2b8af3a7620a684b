/** Two organizations for the fuzz: ours with every kind of object and members of all sorts, and somebody else's. */
import { roles } from '../../api/kit/roles.ts';
import { lockReleases } from '../../src/services/after-restore.ts';
import { createApiKey } from '../../src/services/create-organization.ts';
import type { TestEngine } from '../harness/engine.ts';
import { FRENCH } from '../http/collecting.ts';
import type { Asker } from './draw.ts';
import { everyKind } from './every-kind.ts';
import { SUPPRESSED, suppressed } from './generate.ts';
import { Pools } from './pools.ts';
import { creditor, PASSWORD } from './sensible.ts';

/** The day that `everyKind` is at. */
const TODAY = '2010-08-02';

const address = { street: '8 rue des Lilas', postcode: '44300', town: 'Nantes', country: 'FR' };
const stages = [
  { after_days: 3, text: 'reminder_1', channel: 'letter', attach_invoice: false, fee_amount: 500, block: false },
  { after_days: 20, text: 'reminder_3', channel: 'letter', attach_invoice: true, fee_amount: 1500, block: true },
];

export async function fuzzWorld(engine: TestEngine): Promise<{ askers: Asker[]; pools: Pools }> {
  const [own, foreign] = await Promise.all([everyKind(engine), everyKind(engine)]);
  const { desk } = own;
  const organization_id = desk.organization.id;
  await desk.send('PATCH', '/v1/organization', { settings: { creditor, reminders: { stages } } });
  const askers = await engine.database.transaction(async (trx) => {
    const made: Asker[] = [];
    // Admins may do most, so they ask most; one of them is an operator.
    for (const [at, role] of ([...roles, 'admin', 'admin', 'admin', 'desk', 'billing'] as const).entries()) {
      const key = { organization_id, label: role, role, is_operator: at === roles.length };
      made.push({ role, key: await createApiKey(trx, key, new Date()) });
    }
    return made;
  });
  const email = 'camille@fuzz.example';
  const person = await desk.post('/v1/people', { name: 'Camille', email, role: 'viewer' });
  await desk.post('/v1/invitations/acceptance', { token: person.invitation_token, password: PASSWORD });
  const spared = new Set((await engine.database('api_key').select('id')).map(({ id }) => id as string)).add(person.id);
  const pools = new Pools(own.ids, foreign.ids, TODAY, spared);
  pools.person = { organization: organization_id, email };
  const learned = async (path: string, body: object) => pools.learn(path, await desk.post(path, body));
  const [plan] = own.ids.get('pln') as [string];
  const passes = { name: 'Ten courses', kind: 'credits', amount: 9000, credits: 10, validity_days: 90 };
  const ten = await desk.post('/v1/plans', passes);
  const yearly = { name: 'Year', kind: 'membership', amount: 4900, term_months: 12, auto_renew: true };
  const year = await desk.post('/v1/plans', yearly);
  const terms = { kind: 'issues', amount: 7200, issues: 12, publication: own.ids.get('pub')?.[0] };
  const review = await desk.post('/v1/plans', { name: 'Review', ...terms });
  for (const [at, method] of ['direct_debit', 'direct_debit', 'direct_debit', 'cash', 'cash', 'transfer'].entries()) {
    const customer = await desk.post('/v1/customers', { name: 'Jean Petit', address, badge: `F${at + 1}` });
    await learned(`/v1/customers/${customer.id}/mandates`, { iban: FRENCH, signed_on: '2010-01-04' });
    const first_due_on = method === 'direct_debit' ? '2010-08-05' : '2010-07-20';
    for (const sold of [review.id, ...(at % 2 === 0 ? [plan, ten.id] : [year.id])])
      await learned('/v1/contracts', {
        customer: customer.id,
        plan: sold,
        starts_on: '2010-06-05',
        method,
        first_due_on,
      });
  }
  // Only a mail server puts addresses there.
  await engine.database.raw(
    `insert into suppressed_address (organization_id, address, reply, recorded_on, recorded_at)
     select ?, unnest(?::text[]), '550 no such user', ?, now()`,
    [organization_id, Array.from({ length: SUPPRESSED }, (_, at) => suppressed(at + 1)), TODAY],
  );
  return { askers, pools };
}

/** Somebody says that the data come from a backup: nothing is released and no mail leaves until somebody else confirms. */
export const restored = ({ database }: TestEngine) =>
  database.transaction((trx) => lockReleases(trx, new Date(), 'fuzz'));
