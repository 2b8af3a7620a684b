import type { JobName } from '../../src/jobs/catalogue.ts';
import { type AnyOperation, commitOperation, type Preconditions } from '../../src/services/operation.ts';
import { type OperationName, operations } from '../../src/services/operations.ts';
import type { Processor } from '../processor.ts';

type Envelope = { input: unknown } & Preconditions;

/** Carries out the operation of the same name. */
export function operation<Name extends JobName & OperationName>(name: Name): Processor<Name> {
  const declared: AnyOperation = operations[name];
  const { commitMany } = declared;
  return {
    kind: 'transaction',
    run(ctx, payload) {
      const { input, ...expected } = payload as Envelope;
      return commitOperation(ctx, name, declared, input, expected);
    },
    ...(commitMany && {
      runTogether: (ctx, items) =>
        commitMany(
          ctx,
          items.map(({ job_id, payload }) => {
            const { input, ...expected } = payload as Envelope;
            return { name, input, expected, job_id };
          }),
        ),
    }),
  };
}
