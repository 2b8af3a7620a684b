/** A member of a gym on a day, for tests that need one. */
import type { Client, Json, TestEngine } from '../harness/engine.ts';

export interface TestMember {
  desk: Client;
  plan: string;
  customer: string;
  contract: string;
  instalments(until?: string): Promise<Json[]>;
}

export async function signMember(
  desk: Client,
  terms: { plan?: object; contract?: object; customer?: object } = {},
): Promise<TestMember> {
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5900, ...terms.plan });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin', ...terms.customer });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: desk.organization.today,
    method: 'direct_debit',
    ...terms.contract,
  });
  return {
    desk,
    plan: plan.id,
    customer: customer.id,
    contract: contract.id,
    async instalments(until) {
      const path = `/v1/contracts/${contract.id}/schedule${until ? `?until=${until}` : ''}`;
      return (await desk.get(path)).body.instalments;
    },
  };
}

export async function memberIn2010(
  engine: TestEngine,
  terms: Parameters<typeof signMember>[1] = {},
): Promise<TestMember> {
  return signMember(await engine.sandbox('2010-07-05'), terms);
}
