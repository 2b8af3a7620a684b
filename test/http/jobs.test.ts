/** Jobs: how work that is done later is answered, followed, retried and discarded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerForJob } from '../../api/kit/answer-job.ts';
import { readContext } from '../../src/context.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { suspension } from './conventions.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('jobs', () => {
  it('without Prefer the answer is 202 with the job, and the job ends with the result', async () => {
    const member = await memberIn2010(engine);
    const answer = await member.desk.call('POST', `/v1/contracts/${member.contract}/suspensions`, { body: suspension });
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location') as string;
    expect(location).toBe(`/v1/jobs/${answer.body.job.id}`);
    const events = await member.desk.get(`${location}/events`);
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const last = JSON.parse((events.body as string).trim().split('\n').at(-1)!.replace('data: ', ''));
    expect(last).toMatchObject({
      state: 'done',
      attempts: 1,
      result: { object: 'suspension', starts_on: '2010-07-22' },
    });
    expect((await member.desk.get(location)).body).toEqual(last);
  });

  it('Prefer: wait says that it was applied', async () => {
    const member = await memberIn2010(engine);
    const answer = await member.desk.send('POST', `/v1/contracts/${member.contract}/suspensions`, suspension, {
      prefer: 'respond-async, wait=20',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('preference-applied')).toBe('wait=20');
  });

  it('a refusal that comes only when the job runs is a failed job with its reason in words, and can be retried or discarded', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const both = await Promise.all(
      [1, 2].map(() => member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension)),
    );
    const told = both.find((answer) => answer.status === 409);
    const failed = await member.desk.get('/v1/jobs?state=failed', { headers: { 'accept-language': 'fr' } });
    if (told?.headers.get('location')) {
      const [job] = failed.body.data;
      expect(job.reason).toMatchObject({ code: 'stale_preview', detail: expect.stringContaining('aperçu') });
      expect(await member.desk.post('/v1/jobs/retry', {})).toMatchObject({ count: 1, retried: false });
      expect(await member.desk.send('POST', '/v1/jobs/retry', { count: 3 })).toMatchObject({
        status: 409,
        body: { code: 'count_changed' },
      });
      expect(await member.desk.post('/v1/jobs/retry', { count: 1 })).toMatchObject({ count: 1, retried: true });
    } else {
      expect(failed.body.data).toEqual([]);
    }
  });

  it('who waited for a job that failed, and that somebody retried at that moment, is told that it is open', async () => {
    const { desk } = await memberIn2010(engine);
    const id = 'job_01OPEN00000000000000000003';
    await engine.database.raw(
      `insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at)
       values (?, ?, 'review-access', 'unheard', '{}', 'test', 'queued', 0, 0, now(), now() + interval '1 day')`,
      [id, desk.organization.id],
    );
    const organization = (await findOrganization(engine.database, desk.organization.id))!;
    const ctx = readContext(engine.database, organization, 'test', new Date());
    const sawItEnd = { watcher: { wait: async () => true } };
    const answer = await answerForJob(sawItEnd, ctx, id, { seconds: 20, asked: true }, 201, 'req_1');
    expect(answer).toMatchObject({ reply: { status: 202, body: { job: { id, state: 'queued' } } } });
  });

  it('failed jobs that would do the same are retried as one, and none where such a one is open already', async () => {
    const member = await memberIn2010(engine);
    for (const [id, state] of [
      ['job_01SAME00000000000000000001', 'failed'],
      ['job_01SAME00000000000000000002', 'failed'],
      ['job_01OPEN00000000000000000001', 'failed'],
      ['job_01OPEN00000000000000000002', 'queued'],
    ]) {
      await engine.database.raw(
        `insert into job (id, organization_id, name, lane, payload, unique_key, actor, state, attempts, starts_unfinished,
           reason_code, queued_at, due_at, finished_at)
         select ?, id, 'review-access', 'clock', '{}', ?, 'test', state, 1, 0, 'internal', now(),
           now() + interval '1 day', case when state = 'failed' then now() end
         from organization, (select ?::text as state) of_job where id = ?`,
        [id!, id!.slice(0, 10), state!, member.desk.organization.id],
      );
    }
    expect(await member.desk.post('/v1/jobs/retry', { count: 1 })).toMatchObject({ count: 1, retried: true });
    const { body } = await member.desk.get('/v1/jobs?state=failed');
    expect(body.data.map((job: Json) => job.id)).toEqual([
      'job_01SAME00000000000000000001',
      'job_01OPEN00000000000000000001',
    ]);
  });

  it('only a failed job is retried, only an open one discarded', async () => {
    const member = await memberIn2010(engine);
    await member.desk.post(`/v1/contracts/${member.contract}/suspensions`, suspension);
    const { body } = await member.desk.get(`/v1/jobs?concerns=${member.contract}`);
    expect(body.data).toHaveLength(1);
    const [job] = body.data;
    expect(await member.desk.send('POST', `/v1/jobs/${job.id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'job_not_failed' },
    });
    expect(await member.desk.send('POST', `/v1/jobs/${job.id}/discard`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'job_not_open' },
    });
  });
});
