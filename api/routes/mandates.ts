import { z } from 'zod';
import { dayField, lineField } from '../../src/schemas/fields.ts';
import { actOnMandate, changeMandateAccount, type MandateAct } from '../../src/services/change-mandate.ts';
import { createMandate } from '../../src/services/create-mandate.ts';
import { findMandate, mandateSchema, mandatesOfCustomer } from '../../src/views/mandates.ts';
import { pageSchema } from '../../src/views/page.ts';
import { deskers, readers } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { ibanRefusals, idParam } from '../kit/shared-schemas.ts';

const ibanField = z.string().max(60).meta({ description: 'As people write it, spaces and all.' });

/** SEPA's characters for identifiers, which neither begin with `/` nor hold `//`. */
const referenceField = z
  .string()
  .regex(/^(?!\/)(?!.*\/\/)[A-Za-z0-9/?:().,'+-]{1,35}$/)
  .meta({ description: 'Unique; made up unless given.' });

const acts: { act: MandateAct; noun: string; does: string }[] = [
  { act: 'suspend', noun: 'suspension', does: 'Collect nothing on a mandate until it is resumed.' },
  { act: 'resume', noun: 'resumption', does: 'Collect on a suspended mandate again.' },
  { act: 'revoke', noun: 'revocation', does: 'End a mandate for good.' },
];

export const mandateRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/customers/:id/mandates',
    tag: 'Payments',
    does: 'Take a mandate in. The IBAN is sealed and shown masked from then on.',
    roles: deskers,
    params: idParam('cus'),
    body: z.strictObject({
      iban: ibanField,
      signed_on: dayField,
      reference: referenceField.optional(),
      kind: z.enum(['recurrent', 'one_off']).optional(),
      scheme: z.enum(['CORE', 'B2B']).optional(),
    }),
    answer: { status: 201, schema: mandateSchema, does: 'The mandate.' },
    refuses: [...ibanRefusals, 'mandate_signed_in_future', 'mandate_too_old', 'mandate_reference_taken'],
    async run(ctx, { params, body }) {
      const id = await createMandate(ctx, { customer: params.id, ...body });
      return { body: await findMandate(ctx, id), headers: { Location: `/v1/mandates/${id}` } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/mandates',
    tag: 'Payments',
    does: 'The mandates of a customer, newest first.',
    roles: readers,
    params: idParam('cus'),
    answer: { status: 200, schema: pageSchema(mandateSchema), does: 'The mandates.' },
    run: (ctx, { params }) => mandatesOfCustomer(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/mandates/:id',
    tag: 'Payments',
    does: 'One mandate.',
    roles: readers,
    params: idParam('mdt'),
    answer: { status: 200, schema: mandateSchema, does: 'The mandate.' },
    run: (ctx, { params }) => findMandate(ctx, params.id),
  }),
  write({
    method: 'post',
    path: '/v1/mandates/:id/account',
    tag: 'Payments',
    does: 'Move a mandate to another account of the same debtor; the bank is told with the next collection.',
    roles: deskers,
    params: idParam('mdt'),
    body: z.strictObject({ iban: ibanField }),
    answer: { status: 200, schema: mandateSchema, does: 'The mandate.' },
    refuses: [...ibanRefusals, 'mandate_state_forbids'],
    async run(ctx, { params, body, if_version }) {
      await changeMandateAccount(ctx, { mandate: params.id, iban: body.iban }, if_version);
      return { body: await findMandate(ctx, params.id) };
    },
  }),
  ...acts.map(({ act, noun, does }) =>
    write({
      method: 'post',
      path: `/v1/mandates/:id/${noun}`,
      tag: 'Payments',
      does,
      roles: deskers,
      params: idParam('mdt'),
      body: z.strictObject({ reason: lineField(200).optional() }),
      answer: { status: 200, schema: mandateSchema, does: 'The mandate.' },
      refuses: ['mandate_state_forbids'],
      async run(ctx, { params, body, if_version }) {
        await actOnMandate(ctx, { mandate: params.id, act, ...body }, if_version);
        return { body: await findMandate(ctx, params.id) };
      },
    }),
  ),
];
