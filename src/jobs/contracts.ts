/** Jobs that change contracts. Each carries the input of the operation of the same name. */
import { z } from 'zod';
import { cancellation, contractEdit, extension, instalmentEdit } from '../schemas/contract-changes.ts';
import { newIdsField, newSuspension, renewalFields, suspensionEdit, suspensionStop } from '../schemas/contracts.ts';
import { dayField, idField } from '../schemas/fields.ts';
import { newIncident } from '../schemas/issues.ts';
import { operationPayload } from '../schemas/operation-payload.ts';
import { declareJob } from './declaration.ts';

export const contractJobs = {
  'suspend-contract': declareJob({
    does: 'Suspends a contract and recalculates its schedule.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ contract: idField('ctr'), suspension: newSuspension, new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.contract,
  }),
  'edit-suspension': declareJob({
    does: 'Edits a suspension and recalculates the schedule.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ suspension: idField('sus'), edit: suspensionEdit, new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.suspension,
  }),
  'stop-suspension': declareJob({
    does: 'Stops a suspension and recalculates the schedule.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ suspension: idField('sus'), stop: suspensionStop, new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.suspension,
  }),
  'remove-suspension': declareJob({
    does: 'Removes a suspension and recalculates the schedule.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ suspension: idField('sus'), choice: z.strictObject(renewalFields), new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.suspension,
  }),
  'edit-contract': declareJob({
    does: 'Changes the price, method or end of a contract and recalculates its schedule.',
    lane: 'work',
    payload: operationPayload(z.strictObject({ contract: idField('ctr'), edit: contractEdit, new_ids: newIdsField })),
    concerns: ({ input }) => input.contract,
  }),
  'cancel-contract': declareJob({
    does: 'Cancels a contract on a date.',
    lane: 'work',
    payload: operationPayload(z.strictObject({ contract: idField('ctr'), cancellation, new_ids: newIdsField })),
    concerns: ({ input }) => input.contract,
  }),
  'undo-cancellation': declareJob({
    does: 'Undoes the cancellation of a contract.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ contract: idField('ctr'), choice: z.strictObject(renewalFields), new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.contract,
  }),
  'extend-contract': declareJob({
    does: 'Extends a contract as a gesture.',
    lane: 'work',
    payload: operationPayload(z.strictObject({ contract: idField('ctr'), extension, new_ids: newIdsField })),
    concerns: ({ input }) => input.contract,
  }),
  'remove-extension': declareJob({
    does: 'Takes an extension back, as if it had never been entered.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({
        contract: idField('ctr'),
        extension: idField('chg'),
        choice: z.strictObject(renewalFields),
        new_ids: newIdsField,
      }),
    ),
    concerns: ({ input }) => input.contract,
  }),
  'edit-instalment': declareJob({
    does: 'Edits one instalment by hand.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ instalment: idField('ins'), edit: instalmentEdit, new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.instalment,
  }),
  'record-incident': declareJob({
    does: 'Records that issues did not reach a subscriber; one more is owed for each.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({
        contract: idField('ctr'),
        incident: newIncident,
        new_incident: idField('inc'),
        new_ids: newIdsField,
      }),
    ),
    concerns: ({ input }) => input.contract,
  }),
  'remove-incident': declareJob({
    does: 'Removes an incident, as if it had never been entered.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ contract: idField('ctr'), incident: idField('inc'), new_ids: newIdsField }),
    ),
    concerns: ({ input }) => input.contract,
  }),
  'renew-contracts': declareJob({
    does: 'Signs the next contract of contracts that renew by themselves.',
    lane: 'work',
    payload: z.strictObject({ contracts: z.array(idField('ctr')).min(1).max(100), on: dayField }),
    concerns: () => null,
  }),
  'extend-horizon': declareJob({
    does: 'Writes down the next instalments of open-ended contracts.',
    lane: 'work',
    payload: z.strictObject({ contracts: z.array(idField('ctr')).min(1).max(100), on: dayField }),
    concerns: () => null,
  }),
};
