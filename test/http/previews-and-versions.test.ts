/** Previews, their tokens, and versions: nobody writes over what they have not seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { suspension } from './conventions.ts';
import { memberIn2010 } from './member.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('previews and versions', () => {
  it('a preview token is refused once anything it read has changed', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const [instalment] = await member.instalments();
    await member.desk.post(`/v1/instalments/${instalment.id}/payments`, { paid_on: '2010-07-05', method: 'cash' });
    const answer = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension);
    expect(answer).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    expect((await member.desk.get(path)).body.data).toEqual([]);
  });

  it('a preview token is for its own request only, and goes stale with the day', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const other = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, {
      ...suspension,
      amount: 300,
    });
    expect(other).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    await member.desk.post('/v1/test_clock/advance', { to: '2010-07-06' });
    const later = await member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension);
    expect(later).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
  });

  it('of two clerks with the same preview one wins and the other is told; nothing is half done', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    const { body: preview } = await member.desk.send('POST', `${path}?dry_run=true`, suspension);
    const clerks = Array.from({ length: 16 }, () =>
      member.desk.send('POST', `${path}?preview_token=${preview.preview_token}`, suspension),
    );
    const answers = await Promise.all(clerks);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== 201))
      expect(answer).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    expect((await member.desk.get(path)).body.data).toHaveLength(1);
    expect((await member.instalments('2010-10-31')).map((one) => one.amount)).toEqual([5900, 200, 5900, 5900]);
  });

  it('If-Match refuses an edit of what has changed since', async () => {
    const desk = await engine.sandbox('2010-07-05');
    const read = await desk.get('/v1/organization');
    const etag = read.headers.get('etag') as string;
    expect(etag).toMatch(/^"\d+"$/);
    const first = await desk.send('PATCH', '/v1/organization', { name: 'A' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(await desk.send('PATCH', '/v1/organization', { name: 'B' }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'stale_version' },
    });
    expect((await desk.get('/v1/organization')).body.name).toBe('A');
  });

  it('warnings of a preview are told in words', async () => {
    const member = await memberIn2010(engine);
    const path = `/v1/contracts/${member.contract}/suspensions`;
    await member.desk.post(path, suspension);
    const { body } = await member.desk.send('POST', `${path}?dry_run=true`, { ...suspension, starts_on: '2010-08-01' });
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ code: 'suspensions_overlap', detail: expect.stringContaining('2010-07-22') }),
    );
    expect(body.access).toMatchObject({ today: '2010-07-05', after: { state: 'active' } });
  });
});
