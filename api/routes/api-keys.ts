import { z } from 'zod';
import { lineField } from '../../src/schemas/fields.ts';
import { addApiKey, revokeApiKey, rotateApiKey } from '../../src/services/api-keys.ts';
import { apiKeySchema, listApiKeys, showApiKey } from '../../src/views/api-keys.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { admins, roles } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const expiresAt = z.iso.datetime({ offset: true }).optional().meta({ description: 'It stops working then.' });

const newKey = z.strictObject({
  label: lineField(100),
  role: z.enum(roles),
  expires_at: expiresAt,
});

const rotation = z.strictObject({
  overlap_hours: z
    .int()
    .min(0)
    .max(720)
    .default(24)
    .meta({ description: 'How long the old key goes on working beside the new one; 0: it stops at once.' }),
  expires_at: expiresAt,
});

const keyWithSecret = apiKeySchema.extend({ secret: z.string().nullable() });

export const apiKeyRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/api_keys',
    tag: 'Organization',
    does: 'Make a key. Its secret is shown this once: a repeat with the same Idempotency-Key does not show it again.',
    roles: admins,
    body: newKey,
    answer: {
      status: 201,
      schema: keyWithSecret,
      does: 'The key with its secret.',
    },
    refuses: ['key_expires_in_the_past'],
    keeps: (body) => ({ ...body, secret: null }),
    async run(ctx, { body }) {
      const expires_at = body.expires_at === undefined ? undefined : new Date(body.expires_at);
      const { id, secret } = await addApiKey(ctx, { ...body, expires_at });
      const { label, role } = body;
      const shown = showApiKey({
        id,
        label,
        role,
        created_at: ctx.now,
        expires_at: expires_at ?? null,
        revoked_at: null,
        last_used_on: null,
        replaces_id: null,
      });
      return { body: { ...shown, secret } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/api_keys',
    tag: 'Organization',
    does: 'Keys, newest first, those revoked included.',
    roles: admins,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(apiKeySchema), does: 'A page of keys.' },
    run: (ctx, { query }) => listApiKeys(ctx, query),
  }),
  write({
    method: 'post',
    path: '/v1/api_keys/:id/rotation',
    tag: 'Organization',
    does: 'Replace a key by a new one that may do the same; the old one works on for an overlap.',
    roles: admins,
    params: idParam('key'),
    body: rotation,
    answer: { status: 201, schema: keyWithSecret, does: 'The new key with its secret, shown this once.' },
    refuses: ['key_already_replaced', 'operators_only', 'key_expires_in_the_past'],
    keeps: (body) => ({ ...body, secret: null }),
    async run(ctx, { params, body, principal }) {
      const expires_at = body.expires_at === undefined ? undefined : new Date(body.expires_at);
      const by_operator = principal.is_operator;
      const { secret, ...made } = await rotateApiKey(ctx, { ...body, id: params.id, expires_at, by_operator });
      const shown = showApiKey({
        ...made,
        created_at: ctx.now,
        revoked_at: null,
        last_used_on: null,
        replaces_id: params.id,
      });
      return { body: { ...shown, secret } };
    },
  }),
  write({
    method: 'delete',
    path: '/v1/api_keys/:id',
    tag: 'Organization',
    does: 'Revoke a key; it stops working at once.',
    roles: admins,
    params: idParam('key'),
    answer: { status: 204, schema: z.undefined(), does: 'Revoked.' },
    refuses: ['last_admin_key'],
    async run(ctx, { params }) {
      await revokeApiKey(ctx, params.id);
      return { body: null };
    },
  }),
];
