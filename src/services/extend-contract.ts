/**
 * Extends a contract as a gesture: by days (the end moves), or by issues where it is a subscription to issues (the last
 * issue moves). The price stays.
 */
import type { Decision, NewId } from '../domain/contract-changes/decision.ts';
import { decideExtend } from '../domain/contract-changes/extend.ts';
import { decideExtendIssues } from '../domain/contract-changes/extend-issues.ts';
import { checkReason } from '../domain/contract-changes/issue-state.ts';
import { Refusal } from '../errors/refusal.ts';
import type { ExtensionFields } from '../schemas/contract-changes.ts';
import { findContract } from '../views/contracts.ts';
import { type ContractInput, type ContractState, contractOperation } from './contract-operation.ts';
import type { DecisionContext } from './operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface ExtendContractInput extends ContractInput {
  contract: string;
  extension: ExtensionFields;
}

export const extendContract = contractOperation<ExtendContractInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, { extension }, newId, ctx) =>
    state.stored.contract.kind === 'issues'
      ? byIssues(state, extension, newId, ctx)
      : byDays(state, extension, newId, ctx),
  announcement: ({ extension: { days, issues, reason } }) => ({
    type: 'contract.extended',
    data: { ...(issues === undefined ? { days } : { issues }), reason },
  }),
  result: (ctx, contract) => findContract(ctx, contract.id),
});

function byDays(state: ContractState, extension: ExtensionFields, newId: NewId, ctx: DecisionContext): Decision {
  const { days, issues, reason } = extension;
  if (days === undefined || issues !== undefined)
    throw new Refusal('extension_in_days', {}, { pointer: issues === undefined ? '/days' : '/issues' });
  const listed = checkReason(reason, ctx.organization.settings.day_extension_reasons);
  return decideExtend(state, { days, reason: listed, ...renewalChoice(extension) }, newId);
}

function byIssues(
  state: ContractState,
  { days, issues, reason }: ExtensionFields,
  newId: NewId,
  ctx: DecisionContext,
): Decision {
  if (issues === undefined || days !== undefined)
    throw new Refusal('extension_in_issues', {}, { pointer: days === undefined ? '/issues' : '/days' });
  return decideExtendIssues(state, { issues, reason }, ctx.organization.settings.extension_reasons, newId);
}
