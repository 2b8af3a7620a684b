import { z } from 'zod';
import { cancellation, contractEdit, extension, instalmentEdit } from '../../src/schemas/contract-changes.ts';
import { renewalFields } from '../../src/schemas/contracts.ts';
import { changeSchema, listChanges } from '../../src/views/contract-changes.ts';
import { contractSchema } from '../../src/views/contracts.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { instalmentSchema } from '../../src/views/schedule.ts';
import { newIds } from '../kit/new-ids.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const contractChangeRoutes: Route[] = [
  operates({
    method: 'patch',
    path: '/v1/contracts/:id',
    tag: 'Contracts',
    does: 'Change the price, method or last day of a contract, with a note; the schedule follows from the day it takes effect.',
    roles: deskers,
    params: idParam('ctr'),
    body: contractEdit,
    answer: { status: 200, schema: contractSchema, does: 'The contract as it is now.' },
    refuses: [
      'nothing_to_change',
      'contract_cancelled',
      'contract_ended',
      'contract_sold_with_end',
      'expiry_before_contract',
      'instalment_settled',
      'contract_ends_with_issue',
      'renewal_has_facts',
    ],
    operation: 'edit-contract',
    input: ({ params, body }) => ({ contract: params.id, edit: body, new_ids: newIds() }),
  }),
  operates({
    method: 'delete',
    path: '/v1/contracts/:id',
    tag: 'Contracts',
    does: 'Delete a contract that was sold by mistake.',
    roles: deskers,
    params: idParam('ctr'),
    answer: {
      status: 200,
      schema: z.object({ id: z.string(), object: z.literal('contract'), deleted: z.literal(true) }),
      does: 'It is deleted.',
    },
    refuses: ['deletion_money', 'deletion_invoice', 'deletion_renewal'],
    operation: 'delete-contract',
    at_once: true,
    input: ({ params }) => ({ contract: params.id }),
  }),
  operates({
    method: 'post',
    path: '/v1/contracts/:id/cancellation',
    tag: 'Contracts',
    does: 'Cancel a contract on a date, with a fee.',
    roles: deskers,
    params: idParam('ctr'),
    body: cancellation,
    answer: { status: 201, schema: contractSchema, does: 'The contract, which ends on that day.' },
    refuses: [
      'already_cancelled',
      'cancellation_after_end',
      'cancellation_before_contract',
      'cancellation_notice',
      'renewal_has_facts',
    ],
    operation: 'cancel-contract',
    input: ({ params, body }) => ({ contract: params.id, cancellation: body, new_ids: newIds() }),
  }),
  operates({
    method: 'delete',
    path: '/v1/contracts/:id/cancellation',
    tag: 'Contracts',
    does: 'Undo a cancellation, until it took effect.',
    roles: deskers,
    params: idParam('ctr'),
    body: z.strictObject(renewalFields),
    answer: { status: 200, schema: contractSchema, does: 'The contract, which goes on.' },
    refuses: ['not_cancelled', 'cancellation_took_effect', 'renewal_has_facts'],
    operation: 'undo-cancellation',
    input: ({ params, body }) => ({ contract: params.id, choice: body, new_ids: newIds() }),
  }),
  operates({
    method: 'post',
    path: '/v1/contracts/:id/extensions',
    tag: 'Contracts',
    does: 'Extend a contract as a gesture, by days or by issues: its end or last issue moves, its price stays.',
    roles: deskers,
    params: idParam('ctr'),
    body: extension,
    answer: { status: 201, schema: contractSchema, does: 'The contract with its new end.' },
    refuses: [
      'contract_cancelled',
      'contract_open_ended',
      'renewal_has_facts',
      'extension_in_days',
      'extension_in_issues',
      'reason_not_listed',
    ],
    operation: 'extend-contract',
    input: ({ params, body }) => ({ contract: params.id, extension: body, new_ids: newIds() }),
  }),
  operates({
    method: 'patch',
    path: '/v1/instalments/:id',
    tag: 'Contracts',
    does: 'Change the amount or due day of one instalment; nothing else moves.',
    roles: deskers,
    params: idParam('ins'),
    body: instalmentEdit,
    answer: { status: 200, schema: instalmentSchema, does: 'The instalment as it is now.' },
    refuses: ['instalment_settled', 'instalment_cancelled', 'instalment_due_in_the_past', 'nothing_to_change'],
    operation: 'edit-instalment',
    input: ({ params, body }) => ({ instalment: params.id, edit: body, new_ids: newIds() }),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id/changes',
    tag: 'Contracts',
    does: 'What happened to a contract since it was sold, newest first: who, when, why.',
    roles: readers,
    params: idParam('ctr'),
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(changeSchema), does: 'A page of changes.' },
    run: (ctx, { params, query }) => listChanges(ctx, params.id, query),
  }),
];
