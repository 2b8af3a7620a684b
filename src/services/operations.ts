/** Every operation by the name of its job. */
import type { AnyOperation } from './operation.ts';

export const operations = {} satisfies Record<string, AnyOperation>;

export type OperationName = keyof typeof operations;
