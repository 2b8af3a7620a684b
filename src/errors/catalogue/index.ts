/**
 * The one catalogue of refusals: every reason the engine gives for not doing something, with the kind that
 * decides its HTTP status and its words in each language. `{name}` in a text is filled from the refusal's params.
 * A code, once published, keeps its meaning. Each family has its own file beside this one.
 */
import type { InEveryLanguage } from '../language.ts';
import { bankFileRefusals } from './bank-files.ts';
import { contractRefusals } from './contracts.ts';
import { customerRefusals } from './customers.ts';
import { generalRefusals } from './general.ts';
import { invoiceRefusals } from './invoices.ts';
import { issueRefusals } from './issues.ts';
import { jobRefusals } from './jobs.ts';
import { mailRefusals } from './mail.ts';
import { moneyRefusals } from './money.ts';
import { peopleRefusals } from './people.ts';
import { productRefusals } from './products.ts';
import { sellingRefusals } from './selling.ts';

export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'unsupported'
  | 'invalid'
  | 'too_many';

export type RefusalEntry = InEveryLanguage & { kind: RefusalKind };

export const statusOfKind: Record<RefusalKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported: 415,
  invalid: 422,
  too_many: 429,
};

const all = {
  ...generalRefusals,
  ...contractRefusals,
  ...customerRefusals,
  ...jobRefusals,
  ...productRefusals,
  ...sellingRefusals,
  ...invoiceRefusals,
  ...issueRefusals,
  ...mailRefusals,
  ...moneyRefusals,
  ...bankFileRefusals,
  ...peopleRefusals,
} satisfies Record<string, RefusalEntry>;

export type RefusalCode = keyof typeof all;
export const refusals: Readonly<Record<RefusalCode, RefusalEntry>> = all;
