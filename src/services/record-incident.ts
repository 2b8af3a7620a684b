/** Records that issues published in some days did not reach a subscriber: one more is owed for each. */
import { decideRecordIncident } from '../domain/contract-changes/incident.ts';
import type { NewIncident } from '../schemas/issues.ts';
import { findIncident } from '../views/incidents.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';

export interface RecordIncidentInput extends ContractInput {
  contract: string;
  incident: NewIncident;
  new_incident: string;
}

export const recordIncident = contractOperation<RecordIncidentInput>({
  contractOf: (_ctx, input) => input.contract,
  decide: (state, { incident, new_incident }, newId, ctx) =>
    decideRecordIncident(
      state,
      { ...incident, incident: new_incident },
      ctx.organization.settings.incident_reasons,
      newId,
    ),
  announcement: ({ incident, new_incident }) => ({
    type: 'incident.recorded',
    subjects: [new_incident],
    data: { ...incident },
  }),
  result: (ctx, contract, input) => findIncident(ctx, contract.id, input.new_incident),
});
