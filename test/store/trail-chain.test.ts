/** The trail's chain: what was linked cannot be changed, left out, put elsewhere or cut off unseen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { drawWeights } from '../../src/doctor/weighed.ts';
import { newId } from '../../src/ids.ts';
import type { Database } from '../../src/store/database.ts';
import { chainFaults, firstEventIdOf, linkTrail, mayFail } from '../../src/store/trail-chain.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

let engine: TestEngine;
let desk: Client;
let ids: string[];
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
  desk = await engine.sandbox('2010-07-05');
  const other = await engine.sandbox('2010-07-05');
  for (let at = 0; at < 5; at += 1) {
    await desk.post('/v1/customers', { name: `Anne ${at}` });
    await other.post('/v1/customers', { name: `Paul ${at}` });
  }
  await linkTrail(engine.database);
  const { rows } = await engine.database.raw('select event_id from event_link where organization_id = ? order by seq', [
    desk.organization.id,
  ]);
  ids = rows.map((row: Json) => row.event_id);
});
afterAll(() => engine.stop());

const verify = async (query = ''): Promise<Json> => (await desk.get(`/v1/trail/verification${query}`)).body;

/** The doctor's quick look. */
async function fails(reader: Database): Promise<boolean> {
  const { rows } = await reader.raw(`select ${mayFail(drawWeights())} as fails`);
  return rows[0].fails;
}

describe('the chain', () => {
  it('has every event once, in order, numbered from one', async () => {
    const events = (await desk.get('/v1/events')).body.data.map((event: Json) => event.id).reverse();
    expect(ids).toEqual(events);
    expect(await verify()).toMatchObject({ holds: true, unlinked: 0, head: { seq: 5 }, faults: [] });
    expect(await linkTrail(engine.database)).toBe(0);
    expect(await fails(engine.database)).toBe(false);
  });

  it('grows by what came since, two processes at once or not', async () => {
    const before = (await verify()).head;
    await desk.post('/v1/customers', { name: 'Late' });
    expect(await verify()).toMatchObject({ unlinked: 1, head: before });
    const linked = await Promise.all([linkTrail(engine.database), linkTrail(engine.database)]);
    expect(linked.reduce((a, b) => a + b)).toBe(1);
    expect(await verify()).toMatchObject({ unlinked: 0, head: { seq: before.seq + 1 }, holds: true });
  });

  it('finds an event whose id is older than those that are linked: committed late, or of a clock that is slow', async () => {
    const id = `${firstEventIdOf(new Date(Date.now() - 1_800_000))}${newId('evt').slice(-16)}`;
    await engine.database.raw(
      `insert into event select ?, organization_id, type, subjects, data, actor, job_id, on_day, recorded_at from event where id = ?`,
      [id, ids[0] as string],
    );
    expect(await linkTrail(engine.database)).toBe(1);
    expect((await verify()).holds).toBe(true);
  });

  it('says something else for each thing that an event can say', async () => {
    const said: Json = {
      id: 'evt_1',
      organization_id: 'org_1',
      type: 'a.b',
      subjects: ['x', 'y'],
      actor: 'key:k',
      data: {},
    };
    const others: Json[] = [
      { id: 'evt_2' },
      { organization_id: 'org_2' },
      { type: 'a.c' },
      { subjects: ['x y'] },
      { subjects: ['y', 'x'] },
      { subjects: ['x'] },
      { subjects: [] },
      { actor: 'key:l' },
      { job_id: 'job_1' },
      { on_day: '2010-07-06' },
      { recorded_at: '2010-07-05T10:00:00.000001Z' },
    ];
    const events = [{}, ...others].map((other) => ({
      ...said,
      on_day: '2010-07-05',
      recorded_at: '2010-07-05T10:00:00Z',
      ...other,
    }));
    const { rows } = await engine.database.raw(
      `select count(distinct event_words(event, ''::bytea))::int as count from jsonb_populate_recordset(null::event, ?::jsonb) event`,
      [JSON.stringify(events)],
    );
    expect(rows).toEqual([{ count: events.length }]);
  });

  it('is not touched by the timezone or the formats of who looks', async () => {
    const digests = async (settings: string) => {
      const trx = await engine.database.transaction();
      try {
        await trx.raw(settings);
        const { rows } = await trx.raw(
          `select encode(event_words(event, ''::bytea), 'hex') as digest from event order by id`,
        );
        return rows;
      } finally {
        await trx.rollback();
      }
    };
    expect(
      await digests(
        `set local timezone = 'Asia/Tokyo'; set local datestyle = 'German, DMY'; set local client_encoding = 'LATIN1'`,
      ),
    ).toEqual(await digests(`set local timezone = 'UTC'`));
  });
});

describe('who goes around the triggers', () => {
  it.each<[string, string, string]>([
    ['changes who did it', `update event set actor = 'key:key_x' where id = ':2'`, ':2'],
    ['changes when', `update event set recorded_at = recorded_at + interval '1 microsecond' where id = ':1'`, ':1'],
    ['changes its data', `update event set data = data || '{"a": 1}' where id = ':3'`, ':3'],
    ['takes an event away', `delete from event where id = ':2'`, ':2'],
    [
      'takes an event and its link away',
      `delete from event where id = ':2'; delete from event_link where event_id = ':2'`,
      ':3',
    ],
    [
      'changes the order',
      `update event_link set seq = 100 where event_id = ':1'; update event_link set seq = 2 where event_id = ':2';
       update event_link set seq = 3 where event_id = ':1'`,
      ':2',
    ],
    [
      'changes an event and its own link to fit',
      `update event set actor = 'key:key_x' where id = ':1';
       update event_link link set hash = chain_step((select hash from event_link where organization_id = link.organization_id and seq = link.seq - 1),
         ''::bytea, event_words((select event from event where id = ':1'), link.data_digest)) where event_id = ':1'`,
      ':2',
    ],
  ])('%s: it is found, and where', async (_name, sql, where) => {
    const at = (text: string) => text.replace(/:(\d)/g, (_, place: string) => ids[Number(place)] as string);
    const trx = await engine.database.transaction();
    try {
      await trx.raw('set local session_replication_role = replica');
      await trx.raw(at(sql));
      const { rows } = await trx.raw(`${chainFaults('true')} limit 20`);
      expect(rows.map((row: Json) => row.id)).toContain(at(where));
      expect(await fails(trx)).toBe(true);
    } finally {
      await trx.rollback();
    }
  });

  it('cuts the end off: it hangs together, but the head that was kept elsewhere is not in it', async () => {
    const head = await desk.post('/v1/trail/heads');
    const query = `?seq=${head.seq}&hash=${head.hash}`;
    expect(await verify(query)).toMatchObject({ holds: true, kept_head_found: true });
    await engine.database.transaction(async (trx) => {
      await trx.raw('set local session_replication_role = replica');
      await trx.raw(
        `with cut as (delete from event_link where organization_id = ? and seq > 3 returning event_id)
         delete from event where id in (select event_id from cut)`,
        [desk.organization.id],
      );
    });
    expect(await verify()).toMatchObject({ holds: true, head: { seq: 3 } });
    expect(await verify(query)).toMatchObject({ holds: false, kept_head_found: false });
    expect((await desk.get('/v1/trail/verification?seq=1')).body.code).toBe('head_incomplete');
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant }) => invariant.name)).toContain('trail_reaches_its_heads');
  });
});

it('neither an event nor its link is changed, deleted or emptied', async () => {
  for (const sql of [
    `update event set actor = 'x'`,
    'delete from event',
    'truncate event',
    'update event_link set seq = seq + 1',
    'delete from event_link',
    'truncate event_link',
  ]) {
    await expect(engine.database.raw(sql), sql).rejects.toThrow('never changed or deleted');
  }
});
