import { z } from 'zod';
import { MAX_ADDRESS_LENGTH } from '../../src/domain/email-address.ts';
import { MOST_PASSWORD_LENGTH } from '../../src/domain/password-rules.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { idField, lineField } from '../../src/schemas/fields.ts';
import { acceptInvitation, changePassword, signIn, signOut, signOutEverywhere } from '../../src/services/sessions.ts';
import type { Principal } from '../kit/principal.ts';
import { readers } from '../kit/roles.ts';
import { entry, type Route, read, write } from '../kit/route.ts';
import { noSessionCookie, sessionCookie } from '../kit/session-cookie.ts';

const passwordField = z.string().min(1).max(MOST_PASSWORD_LENGTH);

const callerSchema = z
  .object({
    object: z.literal('caller'),
    kind: z.enum(['key', 'person']),
    id: z.string(),
    role: z.string(),
    is_operator: z.boolean(),
    organization: z.string(),
    session: z.string().nullable(),
    expires_at: z.string().nullable(),
  })
  .meta({ id: 'Caller' });

/** @throws Refusal `no_session` for a key. */
function sessionOf({ id, session }: Principal): { person: string; session: string } {
  if (session === null) throw new Refusal('no_session');
  return { person: id, session };
}

const signedOut = { body: null, headers: { 'Set-Cookie': noSessionCookie } };
const secondsUntil = (instant: Date, now: Date) => Math.max(0, Math.floor((instant.getTime() - now.getTime()) / 1000));

export const sessionRoutes: Route[] = [
  entry({
    method: 'post',
    path: '/v1/invitations/acceptance',
    tag: 'People',
    does: 'Set the password of a person who was invited. The token is good once.',
    body: z.strictObject({ token: z.string().min(8).max(100), password: passwordField }),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('invitation'),
        organization: z.string(),
        person: z.string(),
        email: z.string(),
      }),
      does: 'Accepted: sign in with this organization and address.',
    },
    refuses: ['invitation_unknown', 'password_too_short', 'password_too_common', 'password_too_personal'],
    async run(api, { body }) {
      return { body: { object: 'invitation', ...(await acceptInvitation(api.database, body, api.now())) } };
    },
  }),
  entry({
    method: 'post',
    path: '/v1/sessions',
    tag: 'People',
    does: 'Sign in. Whatever is wrong, the answer is the same; after a few failures each attempt has to wait.',
    body: z.strictObject({
      organization: idField('org'),
      email: lineField(MAX_ADDRESS_LENGTH),
      password: passwordField,
      carried_by: z
        .enum(['cookie', 'token'])
        .default('cookie')
        .meta({ description: '`cookie` for browsers; `token` answers a bearer token for other clients.' }),
    }),
    answer: {
      status: 201,
      schema: z.object({
        object: z.literal('session'),
        id: z.string(),
        person: z.string(),
        token: z.string().nullable(),
        expires_at: z.string(),
      }),
      does: 'The session; its token where it is not in the cookie.',
    },
    refuses: ['sign_in_refused', 'sign_in_too_often'],
    async run(api, { body, address }) {
      const now = api.now();
      const { id, person, token, expires_at } = await signIn(api.database, body, address, now);
      const session = { object: 'session', id, person, expires_at: expires_at.toISOString() };
      if (body.carried_by === 'token') return { status: 201, body: { ...session, token } };
      const headers = { 'Set-Cookie': sessionCookie(token, secondsUntil(expires_at, now)) };
      return { status: 201, body: { ...session, token: null }, headers };
    },
  }),
  read({
    method: 'get',
    path: '/v1/session',
    tag: 'People',
    does: 'Who calls, and what they may do.',
    roles: readers,
    answer: { status: 200, schema: callerSchema, does: 'The key or the person.' },
    async run(ctx, { principal }) {
      const { id, role, is_operator, session, expires_at } = principal;
      const kind = session === null ? 'key' : 'person';
      const organization = ctx.organization.id;
      const until = expires_at?.toISOString() ?? null;
      return { object: 'caller', kind, id, role, is_operator, organization, session, expires_at: until };
    },
  }),
  write({
    method: 'delete',
    path: '/v1/session',
    tag: 'People',
    does: 'Sign out.',
    roles: readers,
    answer: { status: 204, schema: z.undefined(), does: 'Signed out.' },
    refuses: ['no_session'],
    async run(ctx, { principal }) {
      await signOut(ctx, sessionOf(principal).session);
      return signedOut;
    },
  }),
  write({
    method: 'delete',
    path: '/v1/sessions',
    tag: 'People',
    does: 'Sign out everywhere: every session of the person who asks.',
    roles: readers,
    answer: { status: 204, schema: z.undefined(), does: 'Signed out everywhere.' },
    refuses: ['no_session'],
    async run(ctx, { principal }) {
      await signOutEverywhere(ctx, sessionOf(principal).person);
      return signedOut;
    },
  }),
  write({
    method: 'post',
    path: '/v1/session/password',
    tag: 'People',
    does: 'Change one’s password; every other session ends.',
    roles: readers,
    body: z.strictObject({ current_password: passwordField, new_password: passwordField }),
    answer: { status: 204, schema: z.undefined(), does: 'Changed.' },
    refuses: [
      'no_session',
      'sign_in_too_often',
      'password_wrong',
      'password_too_short',
      'password_too_common',
      'password_too_personal',
    ],
    is_secret: true,
    async run(ctx, { principal, body }, api) {
      await changePassword(ctx, api.database, sessionOf(principal), body);
      return { body: null };
    },
  }),
];
