import { z } from 'zod';
import { MAX_ADDRESS_LENGTH } from '../../src/domain/email-address.ts';
import { messageKinds } from '../../src/domain/reminders/kinds.ts';
import { newId } from '../../src/ids.ts';
import { amountField, dayField, idField, lineField, plannedDayField, textField } from '../../src/schemas/fields.ts';
import { allowAddress, holdReminders, liftHold, takePromise, withdrawPromise } from '../../src/services/keep-quiet.ts';
import { readMessage } from '../../src/services/mail-texts.ts';
import { resolveMessage } from '../../src/services/resolve-message.ts';
import { messageStates } from '../../src/store/messages.ts';
import { findCustomer } from '../../src/views/customers.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import {
  findHold,
  findPromise,
  holdSchema,
  holdsOfCustomer,
  promiseSchema,
  promisesOfCustomer,
  suppressedAddresses,
  suppressedAddressSchema,
} from '../../src/views/quiet.ts';
import { findReminder, listReminders, reminderSchema } from '../../src/views/reminders.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const debtField = z.union([idField('ins'), idField('fee')]);

export const reminderRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/contracts/:id/reminders',
    tag: 'Reminders',
    does: 'Send a payment reminder by hand, for the oldest debt of a contract or for one instalment.',
    roles: deskers,
    params: idParam('ctr'),
    body: z.strictObject({ instalment: idField('ins').optional() }),
    answer: { status: 201, schema: reminderSchema, does: 'The reminder, on its way.' },
    refuses: [
      'reminder_nothing_due',
      'reminder_money_in_flight',
      'reminder_customer_deceased',
      'reminder_already_today',
    ],
    operation: 'remind-by-hand',
    at_once: true,
    input: ({ params, body }) => ({ contract: params.id, ...body, new_reminder: newId('rem') }),
  }),
  read({
    method: 'get',
    path: '/v1/reminders',
    tag: 'Reminders',
    does: 'Messages to customers, newest first: reminders, announcements of debits, receipts.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      customer: idField('cus').optional(),
      contract: idField('ctr').optional(),
      kind: z.enum(messageKinds).optional(),
      status: z.enum(messageStates).optional(),
    }),
    answer: { status: 200, schema: pageSchema(reminderSchema), does: 'A page of messages.' },
    run: (ctx, { query }) => listReminders(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/reminders/:id',
    tag: 'Reminders',
    does: 'One message.',
    roles: readers,
    params: idParam('rem'),
    answer: { status: 200, schema: reminderSchema, does: 'The message.' },
    run: (ctx, { params }) => findReminder(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/reminders/:id/text',
    tag: 'Reminders',
    does: 'What a message said, or says when it is printed.',
    roles: readers,
    params: idParam('rem'),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('reminder_text'),
        reminder: z.string(),
        language: z.string(),
        subject: z.string(),
        text: z.string(),
        html: z.string(),
      }),
      does: 'Its subject, as text and as HTML.',
    },
    run: (ctx, { params }) => readMessage(ctx, params.id),
  }),
  write({
    method: 'post',
    path: '/v1/reminders/:id/resolution',
    tag: 'Reminders',
    does: 'Say what became of a message of unknown fate, that a letter was sent, or that one is to be sent again.',
    roles: deskers,
    params: idParam('rem'),
    body: z.strictObject({ outcome: z.enum(['sent', 'send_again']) }),
    answer: { status: 200, schema: reminderSchema, does: 'The message.' },
    refuses: ['reminder_not_open'],
    async run(ctx, { params, body }) {
      await resolveMessage(ctx, params.id, body.outcome);
      return { body: await findReminder(ctx, params.id) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/customers/:id/promises',
    tag: 'Reminders',
    does: 'Note the customer’s promise to pay by a day: until then no reminder and no block.',
    roles: deskers,
    params: idParam('cus'),
    body: z.strictObject({
      until_on: plannedDayField,
      amount: amountField.min(1).optional().meta({ description: 'All that is owed unless given.' }),
      note: textField(500).optional(),
    }),
    answer: { status: 201, schema: promiseSchema, does: 'The promise.' },
    refuses: ['promise_in_the_past'],
    async run(ctx, { params, body }) {
      return { body: await findPromise(ctx, await takePromise(ctx, params.id, body)) };
    },
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/promises',
    tag: 'Reminders',
    does: 'The promises of a customer, newest first.',
    roles: readers,
    params: idParam('cus'),
    answer: { status: 200, schema: pageSchema(promiseSchema), does: 'The newest hundred.' },
    async run(ctx, { params }) {
      await findCustomer(ctx, params.id);
      return promisesOfCustomer(ctx, params.id);
    },
  }),
  write({
    method: 'delete',
    path: '/v1/promises/:id',
    tag: 'Reminders',
    does: 'Withdraw a promise.',
    roles: deskers,
    params: idParam('prm'),
    answer: { status: 200, schema: promiseSchema, does: 'The promise, withdrawn.' },
    refuses: ['already_ended'],
    async run(ctx, { params }) {
      await withdrawPromise(ctx, params.id);
      return { body: await findPromise(ctx, params.id) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/customers/:id/holds',
    tag: 'Reminders',
    does: 'Keep a customer, or one debt, from reminders for a time.',
    roles: deskers,
    params: idParam('cus'),
    body: z.strictObject({
      debt: debtField.optional().meta({ description: 'Every debt of the customer unless given.' }),
      until_on: dayField.optional().meta({ description: 'Last day; without an end unless given.' }),
      note: textField(500).optional(),
    }),
    answer: { status: 201, schema: holdSchema, does: 'The hold.' },
    refuses: ['promise_in_the_past'],
    async run(ctx, { params, body }) {
      return { body: await findHold(ctx, await holdReminders(ctx, params.id, body)) };
    },
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/holds',
    tag: 'Reminders',
    does: 'The holds of a customer, newest first.',
    roles: readers,
    params: idParam('cus'),
    answer: { status: 200, schema: pageSchema(holdSchema), does: 'The newest hundred.' },
    async run(ctx, { params }) {
      await findCustomer(ctx, params.id);
      return holdsOfCustomer(ctx, params.id);
    },
  }),
  write({
    method: 'delete',
    path: '/v1/holds/:id',
    tag: 'Reminders',
    does: 'Lift a hold.',
    roles: deskers,
    params: idParam('hld'),
    answer: { status: 200, schema: holdSchema, does: 'The hold, lifted.' },
    refuses: ['already_ended'],
    async run(ctx, { params }) {
      await liftHold(ctx, params.id);
      return { body: await findHold(ctx, params.id) };
    },
  }),
  read({
    method: 'get',
    path: '/v1/suppressed_addresses',
    tag: 'Reminders',
    does: 'Addresses that a mail server refused for good, newest first: nothing is sent there.',
    roles: readers,
    query: z.strictObject({ address: lineField(MAX_ADDRESS_LENGTH).optional() }),
    answer: { status: 200, schema: pageSchema(suppressedAddressSchema), does: 'The newest hundred.' },
    run: (ctx, { query }) => suppressedAddresses(ctx, query.address ?? null),
  }),
  write({
    method: 'delete',
    path: '/v1/suppressed_addresses/:address',
    tag: 'Reminders',
    does: 'Write to an address again.',
    roles: deskers,
    params: z.object({ address: lineField(MAX_ADDRESS_LENGTH) }),
    answer: { status: 204, schema: z.undefined(), does: 'It is off the list.' },
    async run(ctx, { params }) {
      await allowAddress(ctx, params.address);
      return { body: null };
    },
  }),
];
