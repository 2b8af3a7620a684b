/** People of an organization: invited, signed in and out, slowed down when they guess, never told what exists. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/services/passwords.ts';
import { attemptOf, countAttempt } from '../../src/store/sign-in-attempts.ts';
import { type Answer, type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

const PASSWORD = 'trois chats sur un toit';
let engine: TestEngine;
let admin: Client;
let nobody: Client;
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
  admin = await engine.sandbox('2010-07-05');
  nobody = engine.client('');
});
afterAll(() => engine.stop());
/** Each test begins as if nobody had failed before. */
beforeEach(() => engine.database.raw('delete from sign_in_attempt'));

let count = 0;
let hash: string | null = null;
async function invite(role = 'desk', by = admin): Promise<Json> {
  count += 1;
  return by.post('/v1/people', { name: `Camille ${count}`, email: `Person${count}@Club.Example`, role });
}
/** As if the invitation had been accepted: hashing takes its time on purpose, so it is done once. */
async function join(role = 'desk', by = admin): Promise<Json> {
  const person = await invite(role, by);
  hash ??= await hashPassword(PASSWORD);
  const set = {
    password_hash: hash,
    password_changed_at: new Date(),
    invitation_hash: null,
    invitation_expires_at: null,
  };
  await engine.database('person').where({ id: person.id }).update(set);
  return person;
}
const nobodyCalls = (method: string, path: string, body: unknown, headers = {}): Promise<Answer> =>
  nobody.call(method, path, { key: null, body, headers });
const signIn = (person: Json, given: object = {}): Promise<Answer> =>
  nobodyCalls('POST', '/v1/sessions', {
    organization: admin.organization.id,
    email: person.email,
    password: PASSWORD,
    carried_by: 'token',
    ...given,
  });
const clientFor = async (person: Json) => engine.client((await signIn(person)).body.token);

describe('an invitation', () => {
  it('is shown once, sets a password once, and is gone', async () => {
    const person = await invite();
    expect(person).toMatchObject({ state: 'invited', email: `person${count}@club.example` });
    expect((await admin.get('/v1/people')).body.data[0]).not.toHaveProperty('invitation_token');
    expect((await signIn(person)).status).toBe(401);
    const accept = (password: string) =>
      nobodyCalls('POST', '/v1/invitations/acceptance', { token: person.invitation_token, password });
    expect((await accept('short')).body.code).toBe('password_too_short');
    expect((await accept('azertyuiop123')).body.code).toBe('password_too_common');
    expect((await accept(`camille-club-1`)).body.code).toBe('password_too_personal');
    expect((await accept(PASSWORD)).body).toMatchObject({ person: person.id, email: person.email });
    expect((await accept(PASSWORD)).body.code).toBe('invitation_unknown');
    expect((await admin.get(`/v1/people/${person.id}`)).body.state).toBe('active');
    const { rows } = await engine.database.raw('select password_hash from person where id = ?', [person.id]);
    expect(rows[0].password_hash).toMatch(/^scrypt\$32768\$8\$3\$/);
  });

  it('expires, and a repeat of the request that made it does not show it again', async () => {
    const key = { 'idempotency-key': 'invite' };
    const body = { name: 'Paul', email: 'paul@club.example', role: 'viewer' };
    const first = await admin.send('POST', '/v1/people', body, key);
    const again = await admin.send('POST', '/v1/people', body, key);
    expect(again.body).toEqual({ ...first.body, invitation_token: null });
    expect((await admin.send('POST', '/v1/people', body)).body.code).toBe('person_email_taken');
    await engine
      .database('person')
      .where({ id: first.body.id })
      .update({ invitation_expires_at: new Date(0) });
    const token = first.body.invitation_token;
    const late = await nobodyCalls('POST', '/v1/invitations/acceptance', { token, password: PASSWORD });
    expect(late).toMatchObject({ status: 404, body: { code: 'invitation_unknown' } });
  });

  it('given anew ends the old password and every session', async () => {
    const person = await join();
    const here = await clientFor(person);
    await admin.post(`/v1/people/${person.id}/invitation`);
    expect((await here.get('/v1/session')).status).toBe(401);
    expect((await signIn(person)).status).toBe(401);
  });
});

describe('a person who is signed in', () => {
  it('acts under their own name and role, and is told who they are', async () => {
    const person = await join('desk');
    const desk = await clientFor(person);
    expect((await desk.get('/v1/session')).body).toMatchObject({ kind: 'person', id: person.id, role: 'desk' });
    expect((await admin.get('/v1/session')).body).toMatchObject({ kind: 'key', session: null });
    const { id } = await desk.post('/v1/customers', { name: 'Anne' });
    const told = (await admin.get(`/v1/events?subject=${id}`)).body.data;
    expect(told.map((event: Json) => event.actor)).toEqual([`person:${person.id}`]);
    expect((await desk.send('POST', '/v1/plans', { name: 'Gym', kind: 'membership', amount: 100 })).status).toBe(403);
    await admin.send('PATCH', `/v1/people/${person.id}`, { role: 'viewer' });
    expect((await desk.send('POST', '/v1/customers', { name: 'Paul' })).status).toBe(403);
    await admin.send('DELETE', `/v1/people/${person.id}`);
    expect((await desk.get('/v1/session')).status).toBe(401);
    expect((await signIn(person)).status).toBe(401);
  });

  it('signs out here, or everywhere', async () => {
    const person = await join();
    const [one, two, three] = [await clientFor(person), await clientFor(person), await clientFor(person)];
    expect((await one.send('DELETE', '/v1/session')).status).toBe(204);
    expect((await one.get('/v1/session')).status).toBe(401);
    expect((await two.get('/v1/session')).status).toBe(200);
    expect((await two.send('DELETE', '/v1/sessions')).status).toBe(204);
    expect([(await two.get('/v1/session')).status, (await three.get('/v1/session')).status]).toEqual([401, 401]);
    expect((await admin.send('DELETE', '/v1/session')).body.code).toBe('no_session');
  });

  it('is signed out after half an hour of nothing, and after twelve hours of anything', async () => {
    const person = await join();
    const [idle, long] = [await clientFor(person), await clientFor(person)];
    const age = async (client: Client, column: string) => {
      const { session } = (await client.get('/v1/session')).body;
      // The column that is told of is touched as well, so that what is remembered is looked up again.
      await engine.database.raw(
        `update session set ${column} = clock_timestamp() - interval '31 minutes' where id = ?`,
        [session],
      );
      await engine.database.raw('update session set expires_at = expires_at where id = ?', [session]);
    };
    await age(idle, 'last_seen_at');
    await age(long, 'expires_at');
    for (const client of [idle, long])
      await expect.poll(async () => (await client.get('/v1/session')).status, { timeout: 30_000 }).toBe(401);
  });

  it('changes the password with the old one; other sessions end, and nothing of either is kept', async () => {
    const person = await join();
    const [here, elsewhere] = [await clientFor(person), await clientFor(person)];
    const change = (current_password: string, new_password: string) =>
      here.send('POST', '/v1/session/password', { current_password, new_password }, { 'idempotency-key': 'secret' });
    expect((await change('not the password', 'quatre chiens dans la cour')).body.code).toBe('password_wrong');
    expect((await change(PASSWORD, 'passwordpassword')).body.code).toBe('password_too_common');
    expect((await change(PASSWORD, 'quatre chiens dans la cour')).status).toBe(204);
    expect((await here.get('/v1/session')).status).toBe(200);
    expect((await elsewhere.get('/v1/session')).status).toBe(401);
    expect((await signIn(person)).status).toBe(401);
    expect((await signIn(person, { password: 'quatre chiens dans la cour' })).status).toBe(201);
    expect(await engine.database('idempotency_key').where({ key: 'secret' })).toEqual([]);
  });

  it('changes the password once, when it is changed twice at the same time', async () => {
    const here = await clientFor(await join());
    const change = (new_password: string) =>
      here.send('POST', '/v1/session/password', { current_password: PASSWORD, new_password });
    const answers = await Promise.all([change('quatre chiens dans la cour'), change('cinq chats sur le toit')]);
    expect(answers.map(({ status, body }) => [status, body.code]).sort()).toEqual([
      [204, undefined],
      [422, 'password_wrong'],
    ]);
  });
});

describe('signing in', () => {
  it('tells nobody whether the account, the organization or the password is wrong', async () => {
    const person = await join();
    const invited = await invite();
    const other = await engine.sandbox('2010-07-05');
    const answers = [
      await signIn(person, { password: 'not the password' }),
      await signIn(person, { email: 'somebody@club.example' }),
      await signIn(person, { email: 'not an address' }),
      await signIn(person, { organization: other.organization.id }),
      await signIn(invited),
    ];
    for (const { status, body } of answers) {
      expect([status, { ...body, request_id: '' }]).toEqual([401, { ...answers[0]?.body, request_id: '' }]);
    }
  });

  it.each([
    ['an account', true],
    ['an account that does not exist', false],
  ])('guessing at %s has to wait, even when many ask at once, and the right password too', async (_name, exists) => {
    const person = exists ? await join() : { email: 'ghost@club.example' };
    const guesses = await Promise.all(Array.from({ length: 6 }, () => signIn(person, { password: 'wrong guess' })));
    const statuses = guesses.map(({ status }) => status);
    // Hashing may take longer than the first waits; the attempts that were let through are counted all the same.
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(5);
    await failedOften(10);
    expect((await signIn(person)).body.code).toBe('sign_in_too_often');
    await engine.database.raw(`update sign_in_attempt set last_at = last_at - interval '15 minutes'`);
    expect((await signIn(person)).status).toBe(exists ? 201 : 401);
    const { rows } = await engine.database.raw('select subject from sign_in_attempt');
    expect(rows).toHaveLength(exists ? 1 : 2);
  });

  it('of many attempts at once only the free ones are let through before the wait', async () => {
    const attempt = attemptOf('org', 'ghost@club.example', '192.0.2.1');
    const taken = await Promise.all(Array.from({ length: 12 }, () => countAttempt(engine.database, attempt)));
    expect(taken.filter(Boolean)).toHaveLength(5);
  });

  it('guessing at many accounts from one address has to wait', async () => {
    const guess = (at: number) => signIn({ email: `guess${at}@club.example` }, { password: 'x' });
    expect((await guess(1)).status).toBe(401);
    await failedOften(29);
    expect((await guess(2)).body.code).toBe('sign_in_too_often');
  });
});

/** As if everything that failed had failed that often, just now. */
const failedOften = (failures: number) =>
  engine.database.raw('update sign_in_attempt set failures = ?, last_at = clock_timestamp()', [failures]);

describe('a browser', () => {
  async function cookieOf(person: Json): Promise<string> {
    const answer = await signIn(person, { carried_by: 'cookie' });
    expect(answer.body.token).toBe(null);
    const cookie = answer.headers.get('set-cookie') as string;
    expect(cookie).toMatch(/^__Host-session=ps_[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    return cookie.split(';')[0] as string;
  }

  it('may read with its cookie, and writes only from a page of this server', async () => {
    const cookie = await cookieOf(await join());
    const write = (headers: Record<string, string>) =>
      nobodyCalls('POST', '/v1/customers', { name: 'Anne' }, { cookie, ...headers });
    expect((await nobody.call('GET', '/v1/session', { key: null, headers: { cookie } })).status).toBe(200);
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(await write(headers), JSON.stringify(headers)).toMatchObject({
        status: 403,
        body: { code: 'cross_site_request' },
      });
    }
    expect((await write({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await write({ origin: engine.url })).status).toBe(201);
    const out = await nobodyCalls('DELETE', '/v1/session', undefined, { cookie, origin: engine.url });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
  });

  it('shows the queues to an operator who is signed in, and to nobody else', async () => {
    const look = async (cookie: string) => (await fetch(`${engine.url}/admin/queues/`, { headers: { cookie } })).status;
    expect(await look(await cookieOf(await join('admin')))).toBe(403);
    const made = await engine.operator.post('/v1/people', {
      name: 'Olga',
      email: 'olga@operator.example',
      role: 'admin',
      is_operator: true,
    });
    const token = made.invitation_token;
    const joined = await nobodyCalls('POST', '/v1/invitations/acceptance', { token, password: PASSWORD });
    const signed = await nobodyCalls('POST', '/v1/sessions', {
      organization: joined.body.organization,
      email: 'olga@operator.example',
      password: PASSWORD,
    });
    const cookie = (signed.headers.get('set-cookie') as string).split(';')[0] as string;
    expect(await look(cookie)).toBe(200);
    const press = await fetch(`${engine.url}/admin/queues/api/queues/work/pause`, {
      method: 'PUT',
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    expect(press.status).toBe(403);
  });

  it('finds a page to sign in, and one to accept an invitation, that run no script but their own', async () => {
    for (const path of ['/sign-in', '/invitation']) {
      const page = await fetch(`${engine.url}${path}`);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(await page.text()).toContain('type="password"');
    }
  });
});

it('only an operator makes operators, changes them, or has their invitation', async () => {
  const boss = await engine.operator.post('/v1/api_keys', { label: 'plain admin', role: 'admin' });
  const plain = engine.client(boss.secret);
  const operator = { name: 'Oda', email: 'oda@operator.example', role: 'viewer', is_operator: true };
  expect((await plain.send('POST', '/v1/people', operator)).body.code).toBe('operators_only');
  const { id } = await engine.operator.post('/v1/people', operator);
  for (const [method, path] of [
    ['POST', `/v1/people/${id}/invitation`],
    ['PATCH', `/v1/people/${id}`],
    ['DELETE', `/v1/people/${id}`],
  ] as const) {
    const answer = await plain.send(method, path, method === 'PATCH' ? { role: 'admin' } : undefined);
    expect(answer.body.code, `${method} ${path}`).toBe('operators_only');
  }
  const [own] = (await engine.operator.get('/v1/api_keys?limit=100')).body.data.slice(-1);
  expect((await plain.send('POST', `/v1/api_keys/${own.id}/rotation`)).body.code).toBe('operators_only');
});
