/** The service pages: the API document, health, metrics, queues, and the limit of requests. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startTestEngine, type TestEngine } from '../harness/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('the service pages', () => {
  it('the API document lists each route, is OpenAPI 3.1, and its page asks nothing of anyone else', async () => {
    const { body } = await engine.operator.get('/openapi.json', { key: null });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/v1/contracts/{id}/suspensions');
    const page = await engine.operator.get('/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect((await engine.operator.get('/docs/assets/swagger-ui-bundle.js', { key: null })).status).toBe(200);
  });

  it('health and readiness answer without a key; metrics and queues only for operators', async () => {
    expect((await engine.operator.get('/healthz', { key: null })).body).toEqual({ status: 'alive' });
    expect((await engine.operator.get('/readyz', { key: null })).body).toEqual({
      status: 'ready',
      database: true,
      releases: 'open',
      queue: true,
    });
    for (const path of ['/metrics', '/admin/queues/']) {
      expect((await engine.operator.get(path, { key: null })).status, path).toBe(401);
      const sandbox: Client = await engine.sandbox('2010-07-05');
      expect((await sandbox.get(path)).status, path).toBe(403);
      expect((await engine.operator.get(path)).status, path).toBe(200);
    }
    const metrics = await engine.operator.get('/metrics');
    expect(metrics.body).toContain('echeance_http_request_seconds');
  });

  it('a browser signs in to the queues with the key as its password', async () => {
    const basic = Buffer.from(`me:${engine.operator.key}`).toString('base64');
    const answer = await fetch(`${engine.url}/admin/queues/`, { headers: { authorization: `Basic ${basic}` } });
    expect(answer.status).toBe(200);
    const asked = await fetch(`${engine.url}/admin/queues/`);
    expect(asked.headers.get('www-authenticate')).toContain('Basic');
  });

  it('a caller above its limit is told to wait', async () => {
    const strict = await startTestEngine({ rateLimitPerMinute: 3 });
    try {
      const statuses = [];
      for (let at = 0; at < 5; at += 1) statuses.push((await strict.operator.get('/v1/organization')).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
    } finally {
      await strict.stop();
    }
  });
});
