/** Ids made when a change is asked for, so that its job, run twice, makes the same records. */
import { newId } from '../../src/ids.ts';
import type { NewIds } from '../../src/services/contract-operation.ts';

export function newIds(): NewIds {
  return { chg: Array.from({ length: 4 }, () => newId('chg')), sus: [newId('sus')] };
}
