/** Takes an extension back: the contract is as if it had never been entered. */
import { decideRemoveExtension } from '../domain/contract-changes/remove-extension.ts';
import type { RenewalFields } from '../schemas/contracts.ts';
import { findContract } from '../views/contracts.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface RemoveExtensionInput extends ContractInput {
  contract: string;
  extension: string;
  choice: RenewalFields;
}

export const removeExtension = contractOperation<RemoveExtensionInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, { extension, choice }, newId) =>
    decideRemoveExtension(state, { extension, ...renewalChoice(choice) }, newId),
  announcement: ({ extension }) => ({ type: 'contract.extension_removed', subjects: [extension], data: {} }),
  result: (ctx, contract) => findContract(ctx, contract.id),
});
