import { z } from 'zod';
import { lineField } from '../../src/schemas/fields.ts';
import { confirmRestore } from '../../src/services/after-restore.ts';
import { releasers } from '../kit/roles.ts';
import { type Route, write } from '../kit/route.ts';

export const restoreRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/restore/confirmation',
    tag: 'Organization',
    does: 'After a restore: confirm that what was sent since the backup is known, and let releases and mails go on.',
    roles: releasers,
    body: z.strictObject({ note: lineField(500).meta({ description: 'What was compared, and what was found.' }) }),
    answer: {
      status: 200,
      schema: z.object({ object: z.literal('restore'), mails: z.int().meta({ description: 'Mails that waited.' }) }),
      does: 'Confirmed.',
    },
    refuses: ['nothing_restored', 'release_needs_person'],
    async run(ctx, { body }) {
      return { body: { object: 'restore', ...(await confirmRestore(ctx, body.note)) } };
    },
  }),
];
