import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { amountField, dayField, idField, lineField } from '../../src/schemas/fields.ts';
import type { GiftKind } from '../../src/services/give-up-debt.ts';
import { billers } from '../kit/roles.ts';
import { operates, type Route } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const kinds = [
  {
    kind: 'write_off',
    prefix: 'wof',
    path: '/v1/debts/:id/write_off',
    params: z.object({ id: z.union([idField('ins'), idField('fee')]) }),
    back: '/v1/write_offs/:id',
    does: 'Give up what is open of an instalment or a fee: a loss, the sale stays.',
    undoes: 'Take a write-off back: the debt is owed again.',
  },
  {
    kind: 'waiver',
    prefix: 'wvr',
    path: '/v1/fees/:id/waiver',
    params: idParam('fee'),
    back: '/v1/waivers/:id',
    does: 'Waive what is open of a fee: the sale shrinks.',
    undoes: 'Take a waiver back: the fee is owed again.',
  },
] as const satisfies readonly { kind: GiftKind; [name: string]: unknown }[];

const giftSchema = z
  .object({
    object: z.enum(['write_off', 'waiver']),
    id: z.string(),
    claim: z.string().meta({ description: 'The instalment or fee.' }),
    customer: z.string(),
    amount: amountField,
    on: dayField,
    taken_back: z.boolean(),
  })
  .meta({ id: 'GivenUp' });

export const givenUpRoutes: Route[] = kinds.flatMap(({ kind, prefix, path, params, back, does, undoes }) => [
  operates({
    method: 'post',
    path,
    tag: 'Payments',
    does,
    roles: billers,
    params: params as z.ZodObject<{ id: z.ZodString }>,
    body: z.strictObject({
      amount: amountField.optional().meta({ description: 'All that is open unless given.' }),
      reason: lineField(200),
    }),
    answer: { status: 201, schema: giftSchema, does: 'What was given up.' },
    refuses: [
      'claim_not_sold_yet',
      'claim_in_flight',
      'claim_settled',
      'amount_out_of_range',
      'fee_is_invoiced',
      'fee_without_sale',
    ],
    operation: 'give-up-debt',
    at_once: true,
    moves_money: true,
    input: ({ params: { id }, body }) => ({ kind, claim: id, ...body, new_gift: newId(prefix) }),
  }),
  operates({
    method: 'delete',
    path: back,
    tag: 'Payments',
    does: undoes,
    roles: billers,
    params: idParam(prefix),
    answer: { status: 200, schema: giftSchema, does: 'What had been given up.' },
    refuses: kind === 'waiver' ? ['already_ended', 'fee_is_invoiced'] : ['already_ended'],
    operation: 'claim-again',
    at_once: true,
    moves_money: true,
    input: ({ params: { id } }) => ({ kind, gift: id }),
  }),
]);
