import { z } from 'zod';
import { Refusal } from '../../src/errors/refusal.ts';
import { exportHead } from '../../src/services/export-head.ts';
import { headSchema, verificationSchema, verifyTrail } from '../../src/views/trail.ts';
import { auditors } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';

export const trailRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/trail/heads',
    tag: 'Events',
    does: 'Hand out the end of the trail’s chain, to be kept elsewhere.',
    roles: auditors,
    answer: { status: 201, schema: headSchema, does: 'The head.' },
    refuses: ['trail_empty'],
    async run(ctx) {
      return { body: { object: 'trail_head', organization: ctx.organization.id, ...(await exportHead(ctx)) } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/trail/verification',
    tag: 'Events',
    does: 'Verify the whole chain of the trail, and that a head kept elsewhere is still in it.',
    roles: auditors,
    query: z.strictObject({
      seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    answer: { status: 200, schema: verificationSchema, does: 'Whether it holds, and where it does not.' },
    refuses: ['head_incomplete'],
    run(ctx, { query: { seq, hash } }) {
      if ((seq === undefined) !== (hash === undefined)) throw new Refusal('head_incomplete');
      return verifyTrail(ctx, seq === undefined || hash === undefined ? null : { seq, hash });
    },
  }),
];
