/** A backup is taken, the club goes on, the backup comes back: nothing leaves a second time until somebody confirms. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApi } from '../../api/server.ts';
import { examine } from '../../src/doctor/examine.ts';
import { addDays } from '../../src/domain/day.ts';
import { createLog } from '../../src/log.ts';
import { connectDatabase, type Database } from '../../src/store/database.ts';
import { askWitness } from '../../src/store/restore-witness.ts';
import { startWorkers } from '../../workers/start.ts';
import { clientOf, type Json } from '../harness/client.ts';
import { type Client, startTestEngine } from '../harness/engine.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { findProgram } from '../harness/programs.ts';
import { club } from '../http/collecting.ts';

const run = promisify(execFile);
const log = createLog('silent', 'test');

async function onServer(sql: string): Promise<Json[]> {
  const client = new pg.Client({ connectionString: inject('testServer').url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(inject('testServer').url);
  url.pathname = `/${database}`;
  return url.href;
}

/** The engine on data that were there before. */
async function startOn(databaseUrl: string) {
  const api = await startApi({ databaseUrl, redisUrl: undefined, host: '127.0.0.1', port: 0, log });
  const workers = await startWorkers({ databaseUrl, redisUrl: undefined, log });
  return {
    url: api.url,
    async stop() {
      await api.stop();
      await workers.stop();
    },
  };
}

describe('a club whose database was restored', () => {
  let desk: Client;
  let draft: Json;
  let contract: string;
  let backup: string;
  let live: string;
  let engine: Awaited<ReturnType<typeof startOn>>;
  let database: Database;
  beforeAll(async () => {
    const before = await startTestEngine();
    const gym = await club(before);
    await gym.debtor();
    const late = await gym.desk.post('/v1/customers', { name: 'Paul', email: 'paul@members.example' });
    const sold = { customer: late.id, plan: gym.plan.id, starts_on: '2010-07-05', method: 'cash' };
    contract = (await gym.desk.post('/v1/contracts', sold)).id;
    draft = await gym.draft();
    live = new URL(before.databaseUrl).pathname.slice(1);
    backup = `${live}_backup`;
    await before.stop();
    await onServer(`create database ${backup} template ${live}`);
    engine = await startOn(urlOf(backup));
    desk = clientOf(engine.url, gym.desk.key, gym.desk.organization);
    database = connectDatabase(urlOf(backup), { max: 4 });
  });
  afterAll(async () => {
    await engine.stop();
    await database.destroy();
    await onServer(`drop database if exists ${backup} with (force)`);
  });

  it('says so to its operators and to each organization, and in the trail', async () => {
    expect(await (await fetch(`${engine.url}/readyz`)).json()).toMatchObject({
      status: 'ready',
      releases: 'locked_after_restore',
    });
    expect((await desk.get('/v1/organization')).body.releases_locked_since).toMatch(/^\d{4}-/);
    const [told] = (await desk.get('/v1/events?type=restore.noticed')).body.data;
    expect(told).toMatchObject({ actor: 'restore', data: { noticed_by: 'another_home' } });
  });

  it('releases nothing and sends nothing; everything else goes on', async () => {
    const release = await desk.send('POST', `/v1/collections/${draft.id}/release`, { confirm: [] });
    expect(release).toMatchObject({ status: 409, body: { code: 'releases_locked_after_restore' } });
    expect((await desk.get(`/v1/collections/${draft.id}`)).body.status).toBe('draft');
    const reminder = await desk.post(`/v1/contracts/${contract}/reminders`);
    await expect
      .poll(async () => (await database('job').whereIn('state', ['queued', 'running'])).length, { timeout: 60_000 })
      .toBe(0);
    expect(await database('message').where({ id: reminder.id }).first()).toMatchObject({ state: 'queued' });
    expect((await desk.send('POST', '/v1/customers', { name: 'Anne' })).status).toBe(201);
  });

  it('keeps the mails that wait, however many days it takes', async () => {
    const { today } = (await desk.get('/v1/organization')).body;
    await desk.post('/v1/test_clock/advance', { to: addDays(today, 2) });
    const waiting = await database('message')
      .where({ organization_id: desk.organization.id })
      .orderBy('id')
      .select('kind', 'state');
    expect(waiting, 'the one by hand, and one that a day has made since').toMatchObject([
      { kind: 'payment_reminder', state: 'queued' },
      { state: 'queued' },
    ]);
    const broken = (await examine(database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  });

  it('goes on where it was once somebody confirms, who is named in the trail', async () => {
    const viewer = await desk.post('/v1/api_keys', { label: 'v', role: 'billing' });
    const path = '/v1/restore/confirmation';
    expect((await clientOf(engine.url, viewer.secret).send('POST', path, { note: 'x' })).status).toBe(403);
    const note = 'Compared with the bank: nothing was sent since.';
    expect(await desk.post(path, { note })).toEqual({ object: 'restore', mails: 2 });
    expect(await desk.send('POST', path, { note })).toMatchObject({ body: { code: 'nothing_restored' } });
    const [told] = (await desk.get('/v1/events?type=restore.confirmed')).body.data;
    expect(told).toMatchObject({ data: { note }, actor: expect.stringMatching(/^key:/) });
    expect((await desk.get('/v1/organization')).body.releases_locked_since).toBe(null);
    await expect
      .poll(async () => (await desk.get('/v1/reminders')).body.data.map((one: Json) => one.status), { timeout: 60_000 })
      .toEqual(['sent', 'sent']);
    expect(await desk.post(`/v1/collections/${draft.id}/release`, { confirm: [] })).toMatchObject({
      status: 'released',
    });
    const broken = (await examine(database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant }) => invariant.name)).toEqual([]);
  });

  it('loaded from a dump into tables made anew, in the same database, is noticed by the release itself', async () => {
    const cameFromBackup = async () => (await database.raw('select came_from_a_backup() as it')).rows[0].it as boolean;
    expect(await cameFromBackup()).toBe(false);
    await database.raw('create table kept as select * from installation');
    await database.raw('delete from installation; insert into installation select * from kept; drop table kept');
    expect(await cameFromBackup()).toBe(true);
    expect(await (await fetch(`${engine.url}/readyz`)).json()).toMatchObject({ releases: 'locked_after_restore' });
    expect(await desk.post('/v1/restore/confirmation', { note: 'Looked.' })).toMatchObject({ object: 'restore' });
    expect(await cameFromBackup()).toBe(false);
  });

  it('dumped by pg_dump and loaded by pg_restore has everything, and is noticed', async () => {
    const [dump, load] = [findProgram('pg_dump'), findProgram('pg_restore')];
    const [server] = await onServer(`select current_setting('server_version_num')::int / 10000 as major`);
    const major = dump ? Number(/(\d+)/.exec((await run(dump, ['--version'])).stdout)?.[1]) : 0;
    if (!dump || !load || major < server.major) {
      process.stderr.write(`Skipped: pg_dump ${major || 'is not here and'} cannot dump a server ${server.major}.\n`);
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'echeance-dump-'));
    const loaded = `${backup}_loaded`;
    try {
      const file = join(folder, 'backup');
      await run(dump, ['--format=custom', `--file=${file}`, urlOf(backup)]);
      await onServer(`create database ${loaded}`);
      await run(load, ['--no-owner', '--exit-on-error', `--dbname=${urlOf(loaded)}`, file]);
      const copy = connectDatabase(urlOf(loaded), { max: 4 });
      const counts = async (of: Database) =>
        (await of.raw('select (select count(*) from event) as events, (select count(*) from posting) as postings'))
          .rows;
      expect(await counts(copy)).toEqual(await counts(database));
      expect((await copy.raw('select came_from_a_backup() as it')).rows[0].it).toBe(true);
      await copy.destroy();
    } finally {
      rmSync(folder, { recursive: true });
      await onServer(`drop database if exists ${loaded} with (force)`);
    }
  });
});

describe('a witness outside of the database', () => {
  let folder: string;
  let database: Database;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'echeance-witness-'));
    url = (await freshDatabase()).url;
    database = connectDatabase(url, { max: 4 });
  });
  afterAll(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });
  const ask = (file: string) => database.transaction((trx) => askWitness(trx, join(folder, file)));

  it('vouches for a database that goes on, and for none that went back, or when it was lost or copied itself', async () => {
    expect([await ask('witness'), await ask('witness')]).toEqual(['vouched', 'vouched']);
    cpSync(join(folder, 'witness'), join(folder, 'copied'));
    expect(await ask('copied')).toBe('witness_copied');
    expect(await ask('other')).toBe('witness_lost');
    truncateSync(join(folder, 'copied'), 10);
    expect(await ask('copied')).toBe('witness_lost');
    await ask('witness');
    await database.raw(`select setval('installation_beat', 2)`);
    expect(await ask('witness')).toBe('went_back');
    expect(await ask('witness')).toBe('vouched');
  });

  it('locks every organization when the workers start on a cluster that was copied back file by file', async () => {
    const engine = await startOn(url);
    await engine.stop();
    await database.raw(
      `insert into organization (id, name, timezone, currency, locale, test_today, settings, version, created_at)
       values ('org_1', 'Club', 'Europe/Paris', 'EUR', 'fr', '2010-07-05', '{}', 1, now())`,
    );
    await database.raw(`select setval('installation_beat', 2)`);
    const workers = await startWorkers({
      databaseUrl: url,
      redisUrl: undefined,
      log,
      witnessFile: join(folder, 'witness'),
    });
    await expect
      .poll(async () => (await database('organization').first()).restored_at, { timeout: 60_000 })
      .toBeInstanceOf(Date);
    await workers.stop();
    expect(await database('event').first()).toMatchObject({ data: { noticed_by: 'went_back' } });
  });
});
