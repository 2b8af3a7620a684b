/** A club with a member who pays in cash, late, and everything that was sent to them. */
import type { Client, Json, TestEngine } from '../harness/engine.ts';

export interface LatePayer {
  desk: Client;
  customer: Json;
  contract: Json;
  to(on: string): Promise<void>;
  /** Pays the instalment due on a day, on a day that the clock is then moved to. */
  pays(due_on: string, on: string): Promise<void>;
  instalment(due_on: string): Promise<Json>;
  reminders(): Promise<Json[]>;
}

export async function latePayer(
  engine: TestEngine,
  today: string,
  given: { settings?: object; customer?: object } = {},
): Promise<LatePayer> {
  const desk = await engine.sandbox(today);
  if (given.settings) {
    const answer = await desk.send('PATCH', '/v1/organization', { settings: given.settings });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }
  const plan = await desk.post('/v1/plans', {
    name: 'Gym',
    kind: 'membership',
    amount: 5900,
    term_months: 12,
    instalments: 12,
  });
  const customer = await desk.post('/v1/customers', {
    name: 'Anne Martin',
    email: 'anne@members.example',
    ...given.customer,
  });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: today,
    method: 'cash',
  });
  const member: LatePayer = {
    desk,
    customer,
    contract,
    async to(on) {
      await advance(desk, on);
    },
    async instalment(due_on) {
      const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
      return body.instalments.find((one: Json) => one.due_on === due_on);
    },
    async pays(due_on, on) {
      await member.to(on);
      const { id } = await member.instalment(due_on);
      await desk.post(`/v1/instalments/${id}/payments`, { paid_on: on, method: 'cash' });
    },
    async reminders() {
      const { body } = await desk.get('/v1/reminders?limit=100');
      return body.data.toReversed();
    },
  };
  return member;
}

/** Moves the clock, and waits for all that the days bring however long the answer takes. */
export async function advance(desk: Client, to: string): Promise<void> {
  const answer = await desk.send('POST', '/v1/test_clock/advance', { to });
  if (answer.status === 200) return;
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  const done = async () => (await desk.get(`/v1/jobs/${answer.body.job.id}`)).body.state === 'done';
  await until(`the clock shows ${to}`, done, 120_000);
}

/** Waits until a question has an answer; says what it last saw when it never has. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | false | undefined>,
  limit_ms = 60_000,
): Promise<T> {
  const end = Date.now() + limit_ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
