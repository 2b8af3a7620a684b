/** The issues of a subscription: what was served, what is owed, and what each is worth in the accounts. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type EntitledIssue, type Entitlement, issueStatuses } from '../domain/issues/entitlement.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { issueNumberField } from '../schemas/issues.ts';
import { loadChain, scheduled } from '../store/contract-state.ts';
import { query } from '../store/database.ts';
import { loadPublication } from '../store/publications.ts';
import { type Explaining, explainingSql, explanationsField, showExplanation } from './explanation.ts';

/** A revenue may fall below zero where a price was lowered after more than that was recognised. */
const revenueField = z.int().meta({ description: 'Minor units (cents).' });

export const contractIssuesSchema = z
  .object({
    object: z.literal('contract_issues'),
    contract: z.string(),
    publication: z.string(),
    on: dayField.meta({ description: 'The day it is told for.' }),
    currency: z.string(),
    first_issue: issueNumberField,
    last_issue: issueNumberField.nullable().meta({ description: 'Null when a cancellation took all of them away.' }),
    last_on: dayField.nullable().meta({ description: 'Null while the last issue is not on the calendar.' }),
    held_by: z
      .string()
      .nullable()
      .meta({ description: 'The unlimited suspension because of which the last issue is not known yet.' }),
    served_issues: z.int(),
    owed_issues: z.int(),
    price_amount: amountField,
    recognised_amount: revenueField,
    deferred_amount: revenueField,
    cancelled_amount: revenueField,
    issues: z.array(
      z.object({
        number: issueNumberField,
        published_on: dayField.nullable(),
        status: z.enum(issueStatuses),
        served: z.boolean(),
        free: z.boolean().meta({ description: 'It compensates one that was not served.' }),
        revenue_amount: revenueField,
        explains: explanationsField,
      }),
    ),
  })
  .meta({ id: 'ContractIssues' });

export function showEntitlement({
  served,
  owed,
  price,
  recognised,
  deferred,
  cancelled,
  issues,
  ...rest
}: Entitlement) {
  return {
    ...rest,
    served_issues: served,
    owed_issues: owed,
    price_amount: price,
    recognised_amount: recognised,
    deferred_amount: deferred,
    cancelled_amount: cancelled,
    issues: issues.map((issue) => ({ ...issue, served: issue.status === 'served' })),
  };
}

/** @throws Refusal `not_found`, `contract_not_of_issues`. */
export async function viewContractIssues(ctx: ReadContext, id: string, on: Day | undefined) {
  const { contract } = await loadChain(ctx, id, false);
  const publication = contract.terms.issues && (await loadPublication(ctx, contract.terms.issues.publication));
  if (!publication) throw new Refusal('contract_not_of_issues');
  const day = on ?? ctx.today;
  const shown = showEntitlement(subscriptionOf(scheduled(contract), publication.issues, day));
  const changes = await changesOf(ctx, id, shown.issues);
  return {
    object: 'contract_issues' as const,
    contract: id,
    publication: publication.id,
    on: day,
    currency: ctx.organization.currency,
    ...shown,
    issues: shown.issues.map((issue) => ({
      ...issue,
      explains: issue.explains.flatMap((change) => changes.get(change) ?? []),
    })),
  };
}

async function changesOf(ctx: ReadContext, contract: string, issues: readonly EntitledIssue[]) {
  const ids = [...new Set(issues.flatMap(({ explains }) => explains))];
  if (ids.length === 0) return new Map<string, ReturnType<typeof showExplanation>>();
  const rows = await query<{ id: string; explaining: Explaining }>(
    ctx.reader,
    `select c.id, ${explainingSql} as explaining from contract_change c where c.contract_id = ? and c.id = any(?)`,
    [contract, ids],
  );
  return new Map(rows.map(({ id, explaining }) => [id, showExplanation(explaining, ctx)]));
}
