/** Removes a suspension: the schedule becomes what it would be had it never been entered. */
import { decideRemoveSuspension } from '../domain/contract-changes/remove-suspension.ts';
import type { RenewalFields } from '../schemas/contracts.ts';
import { contractOfSuspension, findSuspension, findSuspensions } from '../views/suspensions.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface RemoveSuspensionInput extends ContractInput {
  suspension: string;
  choice: RenewalFields;
}

export const removeSuspension = contractOperation<RemoveSuspensionInput>({
  contractOf: (ctx, input) => contractOfSuspension(ctx, input.suspension),
  decide: (state, { suspension, choice }, newId) =>
    decideRemoveSuspension(state, { suspension, ...renewalChoice(choice) }, newId),
  announcement: ({ suspension }) => ({ type: 'suspension.removed', subjects: [suspension], data: {} }),
  result: (ctx, _contract, input) => findSuspension(ctx, input.suspension),
  results: (ctx, inputs) =>
    findSuspensions(
      ctx,
      inputs.map((input) => input.suspension),
    ),
});
