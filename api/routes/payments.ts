import { z } from 'zod';
import { paymentStates } from '../../src/domain/payments/lifecycle.ts';
import { newId } from '../../src/ids.ts';
import { amountField, idField } from '../../src/schemas/fields.ts';
import {
  askedPaymentEdit,
  customerPayment,
  receivedPayment,
  refundedPayment,
  rejectedPayment,
} from '../../src/schemas/payments.ts';
import { cancelAskedPayment, editAskedPayment } from '../../src/services/edit-asked-payment.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { findPayment, listPayments, paymentSchema } from '../../src/views/payments.ts';
import { billers, deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const paidAnswer = { status: 201, schema: paymentSchema, does: 'The payment.' };
const paidRefusals = [
  'instalment_not_open',
  'paid_in_the_future',
  'payment_too_old',
  'amount_out_of_range',
  'claim_settled',
  'claim_in_flight',
] as const;

const rejectionSchema = z
  .object({
    object: z.literal('rejection'),
    payment: paymentSchema,
    fee: z.object({ id: z.string(), amount: amountField, label: z.string().nullable() }).nullable(),
    fee_why: z.string().nullable().meta({ description: 'Why the fee is what it is.' }),
    owed_amount: amountField.meta({ description: 'What is owed because of it, fee included.' }),
    not_represented: z.string().nullable().meta({ description: 'Why it is not asked for again, where it is not.' }),
    representments: z.array(paymentSchema),
  })
  .meta({ id: 'Rejection' });

export const paymentRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/instalments/:id/payments',
    tag: 'Payments',
    does: 'Record money received for an instalment and the fees that came with it.',
    roles: deskers,
    params: idParam('ins'),
    body: receivedPayment,
    answer: paidAnswer,
    refuses: paidRefusals,
    operation: 'receive-payment',
    at_once: true,
    moves_money: true,
    input: ({ params, body }) => ({ instalment: params.id, ...body, new_payment: newId('pay') }),
  }),
  operates({
    method: 'post',
    path: '/v1/customers/:id/payments',
    tag: 'Payments',
    does: 'Record money received from a customer, for several instalments or what is due.',
    roles: deskers,
    params: idParam('cus'),
    body: customerPayment,
    answer: paidAnswer,
    refuses: paidRefusals,
    operation: 'receive-payment',
    at_once: true,
    moves_money: true,
    input: ({ params, body }) => ({ customer: params.id, ...body, new_payment: newId('pay') }),
  }),
  operates({
    method: 'post',
    path: '/v1/payments/:id/settlement',
    tag: 'Payments',
    does: 'Record that a payment asked for was received; its day and method may be others than asked for.',
    roles: deskers,
    params: idParam('pay'),
    body: receivedPayment,
    answer: paidAnswer,
    refuses: [...paidRefusals, 'payment_not_asked'],
    operation: 'receive-payment',
    at_once: true,
    moves_money: true,
    input: ({ params, body }) => ({ payment: params.id, ...body, new_payment: newId('pay') }),
  }),
  operates({
    method: 'post',
    path: '/v1/payments/:id/rejection',
    tag: 'Payments',
    does: 'Record that a payment came back: fee, reopened debt, and how it is asked for again.',
    roles: deskers,
    params: idParam('pay'),
    body: rejectedPayment,
    answer: { status: 201, schema: rejectionSchema, does: 'What became of it.' },
    refuses: [
      'payment_already_rejected',
      'payment_state_forbids',
      'payment_refunded_in_part',
      'rejection_in_future',
      'rejection_before_payment',
      'rejection_fee_forbidden',
      'rejection_fee_too_high',
      'representment_in_the_past',
      'representment_needs_mandate',
      'representments_exhausted',
      'representment_amounts_differ',
      'representment_nothing_left',
    ],
    operation: 'reject-payment',
    at_once: true,
    moves_money: true,
    input: ({ params, body }) => ({
      payment: params.id,
      ...body,
      new_fee: newId('fee'),
      new_refund_claim: newId('fee'),
      new_payments: Array.from({ length: Math.max(1, body.representments?.length ?? 0) }, () => newId('pay')),
    }),
  }),
  operates({
    method: 'post',
    path: '/v1/payments/:id/refund',
    tag: 'Payments',
    does: 'Give money of a payment back: out of the customer’s credit first; what it had settled is owed again.',
    roles: billers,
    params: idParam('pay'),
    body: refundedPayment,
    answer: { status: 201, schema: paymentSchema, does: 'The payment as it is now.' },
    refuses: ['payment_state_forbids', 'refund_in_future', 'refund_before_payment', 'refund_too_large'],
    operation: 'refund-payment',
    at_once: true,
    moves_money: true,
    input: ({ params, body }) => ({ payment: params.id, ...body, new_refund: newId('ref') }),
  }),
  read({
    method: 'get',
    path: '/v1/payments',
    tag: 'Payments',
    does: 'Payments, newest first.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      customer: idField('cus').optional(),
      status: z.enum(paymentStates).optional(),
      needs_person: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .meta({ description: 'Those that came back and wait for a decision.' }),
    }),
    answer: { status: 200, schema: pageSchema(paymentSchema), does: 'A page of payments.' },
    run: (ctx, { query }) => listPayments(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/payments/:id',
    tag: 'Payments',
    does: 'One payment.',
    roles: readers,
    params: idParam('pay'),
    answer: { status: 200, schema: paymentSchema, does: 'The payment.' },
    run: (ctx, { params }) => findPayment(ctx, params.id),
  }),
  write({
    method: 'patch',
    path: '/v1/payments/:id',
    tag: 'Payments',
    does: 'Change the day, method or label of a payment that is asked for.',
    roles: deskers,
    params: idParam('pay'),
    body: askedPaymentEdit,
    answer: { status: 200, schema: paymentSchema, does: 'The payment.' },
    refuses: ['payment_not_asked', 'representment_in_the_past', 'representment_needs_mandate'],
    async run(ctx, { params, body, if_version }) {
      await editAskedPayment(ctx, params.id, body, if_version);
      return { body: await findPayment(ctx, params.id) };
    },
  }),
  write({
    method: 'delete',
    path: '/v1/payments/:id',
    tag: 'Payments',
    does: 'Ask for a payment no more; what it asked for stays owed.',
    roles: billers,
    params: idParam('pay'),
    answer: { status: 200, schema: paymentSchema, does: 'The payment, cancelled.' },
    refuses: ['payment_not_asked'],
    async run(ctx, { params, if_version }) {
      await cancelAskedPayment(ctx, params.id, if_version);
      return { body: await findPayment(ctx, params.id) };
    },
  }),
];
