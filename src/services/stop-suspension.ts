/** Stops a suspension on the day the customer is back. */
import { decideStopSuspension } from '../domain/contract-changes/stop-suspension.ts';
import { cents } from '../domain/money.ts';
import type { SuspensionStop } from '../schemas/contracts.ts';
import { contractOfSuspension, findSuspension, findSuspensions } from '../views/suspensions.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface StopSuspensionInput extends ContractInput {
  suspension: string;
  stop: SuspensionStop;
}

export const stopSuspension = contractOperation<StopSuspensionInput>({
  contractOf: (ctx, input) => contractOfSuspension(ctx, input.suspension),
  decide: (state, { suspension, stop }, newId) =>
    decideStopSuspension(
      state,
      {
        suspension,
        on: stop.on,
        amount: stop.amount === undefined ? null : cents(stop.amount),
        beyond_limits: stop.beyond_limits ?? false,
        ...renewalChoice(stop),
      },
      newId,
    ),
  announcement: ({ suspension, stop }) => ({
    type: 'suspension.stopped',
    subjects: [suspension],
    data: { on: stop.on },
  }),
  result: (ctx, _contract, input) => findSuspension(ctx, input.suspension),
  results: (ctx, inputs) =>
    findSuspensions(
      ctx,
      inputs.map((input) => input.suspension),
    ),
});
