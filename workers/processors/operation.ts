import type { JobName } from '../../src/jobs/catalogue.ts';
import { commitOperation, type Preconditions } from '../../src/services/operation.ts';
import { type OperationName, operations } from '../../src/services/operations.ts';
import type { Processor } from '../processor.ts';

/** Carries out the operation of the same name. */
export function operation<Name extends JobName & OperationName>(name: Name): Processor<Name> {
  return {
    kind: 'transaction',
    run(ctx, payload) {
      const { input, ...expected } = payload as { input: unknown } & Preconditions;
      return commitOperation(ctx, name, operations[name], input, expected);
    },
  };
}
