/** The entitlement of a contract as it stands, with the prices it was given since it was sold. */
import assert from 'node:assert';
import type { Day } from '../day.ts';
import type { ContractState } from '../schedule/chain.ts';
import type { Issue } from './calendar.ts';
import { type Entitlement, entitlement } from './entitlement.ts';
import { pricesOf } from './revenue.ts';

/** @param on the day it is asked for: what is published by then is served. */
export function subscriptionOf(contract: ContractState, calendar: readonly Issue[], on: Day): Entitlement {
  const { terms, changes } = contract;
  assert(terms.issues, `contract ${contract.id} is no subscription to issues`);
  return entitlement({ ...terms, issues: terms.issues }, changes, calendar, on, pricesOf(contract, on));
}
