/**
 * Every operation by its name, which is also the name of the job that carries it out (those that are only done at
 * once, in the request, have no job).
 */

import { cancelContract, undoCancellation } from './cancel-contract.ts';
import { cancelInvoice } from './cancel-invoice.ts';
import { claimAgain } from './claim-again.ts';
import { deleteContract } from './delete-contract.ts';
import { editContract } from './edit-contract.ts';
import { editInstalment } from './edit-instalment.ts';
import { editSuspension } from './edit-suspension.ts';
import { extendContract } from './extend-contract.ts';
import { giveUpDebt } from './give-up-debt.ts';
import { issueInvoice } from './issue-invoice.ts';
import { moveCredits } from './move-credits.ts';
import { openClosure } from './open-closure.ts';
import type { AnyOperation } from './operation.ts';
import { receivePayment } from './receive-payment.ts';
import { recordIncident } from './record-incident.ts';
import { refundPayment } from './refund-payment.ts';
import { rejectPayment } from './reject-payment.ts';
import { remindByHand } from './remind-by-hand.ts';
import { removeExtension } from './remove-extension.ts';
import { removeIncident } from './remove-incident.ts';
import { removeSuspension } from './remove-suspension.ts';
import { signContract } from './sign-contract.ts';
import { stopSuspension } from './stop-suspension.ts';
import { suspendContract } from './suspend-contract.ts';
import { undoClosure } from './undo-closure.ts';

export const operations = {
  'sign-contract': signContract,
  'edit-contract': editContract,
  'delete-contract': deleteContract,
  'cancel-contract': cancelContract,
  'undo-cancellation': undoCancellation,
  'extend-contract': extendContract,
  'remove-extension': removeExtension,
  'edit-instalment': editInstalment,
  'record-incident': recordIncident,
  'remove-incident': removeIncident,
  'suspend-contract': suspendContract,
  'edit-suspension': editSuspension,
  'stop-suspension': stopSuspension,
  'remove-suspension': removeSuspension,
  'move-credits': moveCredits,
  'open-closure': openClosure,
  'undo-closure': undoClosure,
  'receive-payment': receivePayment,
  'reject-payment': rejectPayment,
  'refund-payment': refundPayment,
  'give-up-debt': giveUpDebt,
  'claim-again': claimAgain,
  'issue-invoice': issueInvoice,
  'cancel-invoice': cancelInvoice,
  'remind-by-hand': remindByHand,
} satisfies Record<string, AnyOperation>;

export type OperationName = keyof typeof operations;
