/** Lists: pages, limits, searches. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('lists', () => {
  it('are read page by page, newest first, each object once', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const made: string[] = [];
    for (let at = 0; at < 7; at += 1) made.unshift((await desk.post('/v1/customers', { name: `Member ${at}` })).id);
    const seen: string[] = [];
    let path: string | null = '/v1/customers?limit=3';
    let pages = 0;
    while (path) {
      const { body }: Json = await desk.get(path);
      expect(body.object).toBe('list');
      seen.push(...body.data.map((one: Json) => one.id));
      pages += 1;
      path = body.has_more ? `/v1/customers?limit=3&cursor=${body.next_cursor}` : null;
      if (!body.has_more) expect(body.next_cursor).toBe(null);
    }
    expect(seen).toEqual(made);
    expect(pages).toBe(3);
  });

  it('an empty one is empty; a limit beyond 100 is refused', async () => {
    const desk = await engine.sandbox('2010-07-05');
    expect((await desk.get('/v1/contracts')).body).toEqual({
      object: 'list',
      data: [],
      has_more: false,
      next_cursor: null,
    });
    expect((await desk.get('/v1/contracts?limit=101')).status).toBe(422);
    expect((await desk.get('/v1/contracts?limit=0')).status).toBe(422);
  });

  it('a search takes % and _ as they are', async () => {
    const desk = await engine.sandbox('2010-07-05');
    await desk.post('/v1/customers', { name: 'Anne 100%' });
    await desk.post('/v1/customers', { name: 'Paul' });
    const found = await desk.get(`/v1/customers?search=${encodeURIComponent('0%')}`);
    expect(found.body.data.map((one: Json) => one.name)).toEqual(['Anne 100%']);
    expect((await desk.get('/v1/customers?search=_')).body.data).toEqual([]);
  });
});
