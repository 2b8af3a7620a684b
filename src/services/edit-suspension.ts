/** Edits a suspension: the schedule becomes what it would be had it been entered so at first. */

import { subject } from '../domain/contract-changes/decision.ts';
import { decideEditSuspension } from '../domain/contract-changes/edit-suspension.ts';
import { Refusal } from '../errors/refusal.ts';
import type { SuspensionEdit } from '../schemas/contracts.ts';
import { contractOfSuspension, findSuspension, findSuspensions } from '../views/suspensions.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { editedInput, renewalChoice } from './suspension-input.ts';

export interface EditSuspensionInput extends ContractInput {
  suspension: string;
  edit: SuspensionEdit;
}

export const editSuspension = contractOperation<EditSuspensionInput>({
  contractOf: (ctx, input) => contractOfSuspension(ctx, input.suspension),
  decide(state, { suspension, edit }, newId) {
    const current = subject(state).schedule.suspensions.find(({ id }) => id === suspension);
    if (!current) throw new Refusal('not_found');
    const input = { ...editedInput(current, edit), suspension, facts: edit.facts ?? null, ...renewalChoice(edit) };
    return decideEditSuspension(state, input, newId);
  },
  announcement: ({ suspension, edit }) => ({ type: 'suspension.edited', subjects: [suspension], data: { edit } }),
  result: (ctx, _contract, input) => findSuspension(ctx, input.suspension),
  results: (ctx, inputs) =>
    findSuspensions(
      ctx,
      inputs.map((input) => input.suspension),
    ),
});
