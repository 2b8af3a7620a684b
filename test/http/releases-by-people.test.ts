/** Where the organization wants people, and two of them: no key releases, who drafted does not, another person does. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashPassword } from '../../src/services/passwords.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Club, club } from './collecting.ts';

const PASSWORD = 'trois chats sur un toit';
let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** A person with a role, signed in. */
async function person({ desk }: Club, name: string, password_hash: string): Promise<Client> {
  const email = `${name}@club.example`;
  const { id } = await desk.post('/v1/people', { name, email, role: 'admin' });
  // As if the invitation had been accepted.
  const set = { password_hash, password_changed_at: new Date(), invitation_hash: null, invitation_expires_at: null };
  await engine.database('person').where({ id }).update(set);
  const body = { organization: desk.organization.id, email, password: PASSWORD, carried_by: 'token' };
  const session = await engine.client('').call('POST', '/v1/sessions', { key: null, body });
  return engine.client(session.body.token);
}

it('a key may not release, nor who drafted, and a second person may', async () => {
  const settings = { collections: { released_by_people: true, second_person: true } };
  const gym = await club(engine, { settings });
  const hash = await hashPassword(PASSWORD);
  const [anne, paul] = [await person(gym, 'anne', hash), await person(gym, 'paul', hash)];
  await gym.debtor();
  const drafted = async (by: Client): Promise<Json> => by.post('/v1/collections', { until_on: '2010-08-05' });
  const collection = await drafted(anne);
  const confirm = collection.findings.map(({ code }: Json) => code);
  const release = (by: Client, { id }: Json = collection) =>
    by.send('POST', `/v1/collections/${id}/release`, { confirm });
  const state = async () => (await gym.desk.get(`/v1/collections/${collection.id}`)).body;

  const refused = async (by: Client, code: string) => {
    expect((await release(by)).body.code).toBe(code);
    expect(await state()).toMatchObject({ status: 'draft', released_by: null });
  };
  await refused(gym.desk, 'release_needs_person');
  await refused(anne, 'release_needs_second_person');
  const released = await release(paul);
  expect(released, JSON.stringify(released.body)).toMatchObject({ status: 200 });
  expect((await state()).released_by).toMatch(/^person:per_/);
  expect((await state()).released_by).not.toBe((await state()).drafted_by);
});

it('what a key drafted no person releases either where two are wanted: a key that somebody holds is no second one', async () => {
  const gym = await club(engine, { settings: { collections: { released_by_people: true, second_person: true } } });
  const paul = await person(gym, 'paul', await hashPassword(PASSWORD));
  await gym.debtor();
  const { id } = await gym.draft();
  expect((await paul.send('POST', `/v1/collections/${id}/release`, {})).body.code).toBe('release_needs_second_person');
});
