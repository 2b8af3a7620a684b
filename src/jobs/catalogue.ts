/** Every job of the engine. Each family has its own file beside this one. */
import type { z } from 'zod';
import { bankReturnJobs } from './bank-returns.ts';
import { clockJobs } from './clock.ts';
import { closureJobs } from './closures.ts';
import { collectionJobs } from './collections.ts';
import { contractJobs } from './contracts.ts';
import type { JobDeclaration } from './declaration.ts';
import { invoiceJobs } from './invoices.ts';
import { messageJobs } from './messages.ts';

const catalogue = {
  ...clockJobs,
  ...contractJobs,
  ...collectionJobs,
  ...bankReturnJobs,
  ...closureJobs,
  ...invoiceJobs,
  ...messageJobs,
};

export type JobName = keyof typeof catalogue;
export type JobPayload<Name extends JobName> = z.infer<(typeof catalogue)[Name]['payload']>;

export const jobs: { readonly [Name in JobName]: (typeof catalogue)[Name] } = catalogue;

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(catalogue, name);
}

/** The declaration with its payload type forgotten, for code that handles any job. */
export function declarationOf(name: JobName): JobDeclaration {
  return catalogue[name] as unknown as JobDeclaration;
}
