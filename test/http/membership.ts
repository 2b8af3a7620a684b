/** A test organization with a member of one plan, for the tests that speak HTTP. */
import { expect } from 'vitest';
import type { Answer, Client, Json, TestEngine } from '../harness/engine.ts';

export interface Member {
  desk: Client;
  plan: Json;
  customer: Json;
  contract: Json;
}

export async function member(
  engine: TestEngine,
  today: string,
  given: { plan?: object; contract?: object; settings?: object } = {},
): Promise<Member> {
  const desk = await engine.sandbox(today);
  if (given.settings) await desk.send('PATCH', '/v1/organization', { settings: given.settings });
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5000, ...given.plan });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin' });
  const contract = await sell(desk, customer, plan, { starts_on: today, ...given.contract });
  return { desk, plan, customer, contract };
}

export function sell(desk: Client, customer: Json, plan: Json, given: object): Promise<Json> {
  return desk.post('/v1/contracts', { customer: customer.id, plan: plan.id, method: 'cash', ...given });
}

/** Each instalment as `number due_on amount status`, those due up to a day. */
export async function schedule(desk: Client, contract: Json, until = '9999-12-31'): Promise<string[]> {
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule?until=${until}`);
  return body.instalments.map((one: Json) => `${one.number} ${one.due_on} ${one.amount} ${one.status}`);
}

export async function instalment(desk: Client, contract: Json, number: number): Promise<Json> {
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  return body.instalments.find((one: Json) => one.number === number);
}

export async function pay(desk: Client, contract: Json, number: number, paid_on: string): Promise<void> {
  const { id } = await instalment(desk, contract, number);
  await desk.post(`/v1/instalments/${id}/payments`, { paid_on, method: 'cash' });
}

export async function term(desk: Client, contract: Json): Promise<string> {
  const { body } = await desk.get(`/v1/contracts/${contract.id}`);
  return `${body.starts_on} to ${body.ends_on}`;
}

/** Previews, checks that nothing was written, does it with the preview's token, and checks that it was what was shown. */
export async function previewAndDo(
  desk: Client,
  method: string,
  path: string,
  body: object,
  contract: Json,
): Promise<{ preview: Json; answer: Answer }> {
  const before = await schedule(desk, contract);
  const preview = await desk.send(method, `${path}?dry_run=true`, body);
  expect(preview.status, JSON.stringify(preview.body)).toBe(200);
  expect(await schedule(desk, contract), 'a preview writes nothing').toEqual(before);
  const answer = await desk.send(method, `${path}?preview_token=${preview.body.preview_token}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  const shown = preview.body.after.instalments.map(
    (one: Json) => `${one.number} ${one.due_on} ${one.amount} ${one.status}`,
  );
  expect(await schedule(desk, contract), 'what was shown is what was done').toEqual(shown);
  return { preview: preview.body, answer };
}

/** Expects a refusal with this code, at once or from the job, and gives it. */
export async function refused(
  desk: Client,
  method: string,
  path: string,
  body: object | undefined,
  code: string,
): Promise<Json> {
  const answer = await desk.send(method, path, body);
  expect(answer.body).toMatchObject({ code });
  return answer.body;
}
