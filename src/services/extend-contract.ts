/** Extends a contract by days as a gesture: the end moves, the price stays. */
import { decideExtend } from '../domain/contract-changes/extend.ts';
import type { ExtensionFields } from '../schemas/contract-changes.ts';
import { findContract } from '../views/contracts.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface ExtendContractInput extends ContractInput {
  contract: string;
  extension: ExtensionFields;
}

export const extendContract = contractOperation<ExtendContractInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, { extension }, newId) => decideExtend(state, { ...extension, ...renewalChoice(extension) }, newId),
  announcement: ({ extension: { days, reason } }) => ({ type: 'contract.extended', data: { days, reason } }),
  result: (ctx, contract) => findContract(ctx, contract.id),
});
