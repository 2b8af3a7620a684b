/**
 * Every operation by its name, which is also the name of the job that carries it out (those that are only done at
 * once, in the request, have no job).
 */
import { editSuspension } from './edit-suspension.ts';
import type { AnyOperation } from './operation.ts';
import { payInstalment } from './pay-instalment.ts';
import { removeSuspension } from './remove-suspension.ts';
import { signContract } from './sign-contract.ts';
import { stopSuspension } from './stop-suspension.ts';
import { suspendContract } from './suspend-contract.ts';

export const operations = {
  'sign-contract': signContract,
  'suspend-contract': suspendContract,
  'edit-suspension': editSuspension,
  'stop-suspension': stopSuspension,
  'remove-suspension': removeSuspension,
  'pay-instalment': payInstalment,
} satisfies Record<string, AnyOperation>;

export type OperationName = keyof typeof operations;
