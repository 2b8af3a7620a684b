/** Suspends a contract, for a time or without end. */
import { decideSuspend } from '../domain/contract-changes/suspend.ts';
import { addDays, later } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import type { NewSuspension } from '../schemas/contracts.ts';
import { findSuspension, findSuspensions } from '../views/suspensions.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice, suspensionInput } from './suspension-input.ts';

export interface SuspendContractInput extends ContractInput {
  contract: string;
  suspension: NewSuspension;
}

export const suspendContract = contractOperation<SuspendContractInput>({
  contractOf: (_ctx, input) => input.contract,
  decide(state, { suspension }, newId, ctx) {
    const { kind, ends_on } = state.stored.contract;
    if (kind === 'credits' && ends_on === null) throw new Refusal('pack_never_expires');
    const input = suspensionInput(suspension);
    const { review_unlimited_after_days: days } = ctx.organization.settings;
    const review_on = input.review_on ?? (input.unlimited ? addDays(later(input.starts_on, ctx.today), days) : null);
    return decideSuspend(state, { ...input, review_on, ...renewalChoice(suspension) }, newId);
  },
  announcement: ({ suspension, new_ids }) => ({
    type: 'suspension.added',
    subjects: new_ids.sus.slice(0, 1),
    data: { starts_on: suspension.starts_on, reason: suspension.reason },
  }),
  result: (ctx, _contract, input) => findSuspension(ctx, input.new_ids.sus[0] as string),
  results: (ctx, inputs) =>
    findSuspensions(
      ctx,
      inputs.map((input) => input.new_ids.sus[0] as string),
    ),
});
