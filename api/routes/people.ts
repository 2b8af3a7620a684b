import { z } from 'zod';
import { MAX_ADDRESS_LENGTH } from '../../src/domain/email-address.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { lineField } from '../../src/schemas/fields.ts';
import { disablePerson, editPerson, inviteAgain, invitePerson } from '../../src/services/people.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { findPerson, listPeople, personSchema } from '../../src/views/people.ts';
import { admins, roles } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const invitedPerson = personSchema.extend({
  invitation_token: z.string().nullable().meta({
    description: 'Shown this once. Hand it over as `/invitation#<token>` of this server; good for three days.',
  }),
});

const nameField = lineField(200);
const roleField = z.enum(roles);
const withoutToken = (body: object) => ({ ...body, invitation_token: null });

export const peopleRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/people',
    tag: 'People',
    does: 'Invite somebody who works for the organization. The invitation is shown this once.',
    roles: admins,
    body: z.strictObject({
      name: nameField,
      email: lineField(MAX_ADDRESS_LENGTH),
      role: roleField,
      is_operator: z.boolean().default(false).meta({ description: 'May look at the queues; only operators say so.' }),
    }),
    answer: { status: 201, schema: invitedPerson, does: 'The person, with the token of the invitation.' },
    refuses: ['person_email_taken', 'operators_only'],
    keeps: withoutToken,
    async run(ctx, { body, principal }) {
      if (body.is_operator && !principal.is_operator) throw new Refusal('operators_only');
      const { id, token } = await invitePerson(ctx, body);
      return { body: { ...(await findPerson(ctx, id)), invitation_token: token } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/people',
    tag: 'People',
    does: 'People of the organization, newest first, those disabled included.',
    roles: admins,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(personSchema), does: 'A page of people.' },
    run: (ctx, { query }) => listPeople(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/people/:id',
    tag: 'People',
    does: 'One person of the organization.',
    roles: admins,
    params: idParam('per'),
    answer: { status: 200, schema: personSchema, does: 'The person.' },
    run: (ctx, { params }) => findPerson(ctx, params.id),
  }),
  write({
    method: 'patch',
    path: '/v1/people/:id',
    tag: 'People',
    does: 'Change a person’s name or role; it holds for the next request.',
    roles: admins,
    params: idParam('per'),
    body: z.strictObject({ name: nameField.optional(), role: roleField.optional() }),
    answer: { status: 200, schema: personSchema, does: 'The person as it is now.' },
    refuses: ['operators_only'],
    async run(ctx, { params, body, if_version, principal }) {
      await editPerson(ctx, params.id, body, { if_version, by_operator: principal.is_operator });
      return { body: await findPerson(ctx, params.id) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/people/:id/invitation',
    tag: 'People',
    does: 'Invite a person anew: the old password and every session are gone. Also for who forgot the password.',
    roles: admins,
    params: idParam('per'),
    answer: { status: 201, schema: invitedPerson, does: 'The person, with the token of the invitation.' },
    refuses: ['operators_only'],
    keeps: withoutToken,
    async run(ctx, { params, principal }) {
      const token = await inviteAgain(ctx, params.id, principal.is_operator);
      return { body: { ...(await findPerson(ctx, params.id)), invitation_token: token } };
    },
  }),
  write({
    method: 'delete',
    path: '/v1/people/:id',
    tag: 'People',
    does: 'Disable a person, who is signed out everywhere at once. What they did stays told in the trail.',
    roles: admins,
    params: idParam('per'),
    answer: { status: 204, schema: z.undefined(), does: 'Disabled.' },
    refuses: ['operators_only'],
    async run(ctx, { params, principal }) {
      await disablePerson(ctx, params.id, principal.is_operator);
      return { body: null };
    },
  }),
];
