/** Removes an incident: the subscription is as if it had never been entered. */
import { decideRemoveIncident } from '../domain/contract-changes/incident.ts';
import { findIncident } from '../views/incidents.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';

export interface RemoveIncidentInput extends ContractInput {
  contract: string;
  incident: string;
}

export const removeIncident = contractOperation<RemoveIncidentInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, input, newId) => decideRemoveIncident(state, input, newId),
  announcement: ({ incident }) => ({ type: 'incident.removed', subjects: [incident], data: {} }),
  result: (ctx, contract, input) => findIncident(ctx, contract.id, input.incident),
});
