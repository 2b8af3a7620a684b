/** Cancels a contract on a date, with a fee; and undoes that until it took effect. */
import { decideCancel } from '../domain/contract-changes/cancel.ts';
import { decideUndoCancellation } from '../domain/contract-changes/undo-cancellation.ts';
import { cents } from '../domain/money.ts';
import type { CancellationFields } from '../schemas/contract-changes.ts';
import type { RenewalFields } from '../schemas/contracts.ts';
import { findContract } from '../views/contracts.ts';
import { chargeCancellationFee, checkFeeUnpaid, withdrawCancellationFee } from './cancellation-fee.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface CancelContractInput extends ContractInput {
  contract: string;
  cancellation: CancellationFields;
}

export const cancelContract = contractOperation<CancelContractInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, { cancellation }, newId) =>
    decideCancel(
      state,
      {
        on: cancellation.on,
        last_period: cancellation.last_period ?? 'whole',
        reason: cancellation.reason,
        waive_notice: cancellation.waive_notice ?? false,
        fee: cancellation.fee_amount === undefined ? null : cents(cancellation.fee_amount),
        ...renewalChoice(cancellation),
      },
      newId,
    ),
  announcement: ({ cancellation: { on, reason } }) => ({ type: 'contract.cancelled', data: { on, reason } }),
  saved: chargeCancellationFee,
  result: (ctx, contract) => findContract(ctx, contract.id),
});

export interface UndoCancellationInput extends ContractInput {
  contract: string;
  choice: RenewalFields;
}

export const undoCancellation = contractOperation<UndoCancellationInput>({
  async contractOf(ctx, input) {
    await checkFeeUnpaid(ctx, input.contract);
    return input.contract;
  },
  decide: (state, { choice }, newId) => decideUndoCancellation(state, renewalChoice(choice), newId),
  announcement: () => ({ type: 'contract.cancellation_undone', data: {} }),
  saved: withdrawCancellationFee,
  result: (ctx, contract) => findContract(ctx, contract.id),
});
