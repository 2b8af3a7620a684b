import { z } from 'zod';
import type { ReadContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { dayField } from '../../src/schemas/fields.ts';
import { fecFile, journalFile } from '../../src/views/accounting-files.ts';
import { type Role, roles } from '../kit/roles.ts';
import { type Route, streams } from '../kit/route.ts';
import { sendPieces } from '../kit/send-pieces.ts';

const accountants: readonly Role[] = roles.filter(
  (role) => role === 'billing' || role === 'auditor' || role === 'admin',
);

const period = z.strictObject({ from_on: dayField, to_on: dayField });
type Period = z.infer<typeof period>;

function check({ from_on, to_on }: Period): void {
  if (to_on < from_on) throw new Refusal('period_reversed', {}, { pointer: '?to_on' });
}

/** `123456782FEC20261231.txt`, as the tax office wants it named. */
function fecName(ctx: ReadContext, { to_on }: Period): string {
  const { seller } = ctx.organization.settings.invoicing;
  return `${seller.siren ?? seller.siret?.slice(0, 9) ?? ''}FEC${to_on.replaceAll('-', '')}.txt`;
}

function journal(name: 'sales' | 'settlements', does: string): Route {
  return streams({
    method: 'get',
    path: `/v1/exports/${name}`,
    tag: 'Accounting',
    does,
    roles: accountants,
    query: period,
    produces: 'text/csv',
    answer: { status: 200, schema: z.string(), does: 'Comma-separated values, one line for each line of an entry.' },
    refuses: ['period_reversed'],
    async run(ctx, { query }, { response }) {
      check(query);
      response.set({
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${name}-${query.from_on}-${query.to_on}.csv"`,
        'Cache-Control': 'no-store',
      });
      await sendPieces(response, journalFile(ctx, name, query.from_on, query.to_on));
    },
  });
}

export const exportRoutes: Route[] = [
  streams({
    method: 'get',
    path: '/v1/exports/fec',
    tag: 'Accounting',
    does: 'The French FEC of a period: every entry of the ledger in 18 columns.',
    roles: accountants,
    query: period,
    produces: 'text/plain',
    answer: { status: 200, schema: z.string(), does: 'Columns separated by tabs.' },
    refuses: ['period_reversed'],
    async run(ctx, { query }, { response }) {
      check(query);
      response.set({
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="${fecName(ctx, query)}"`,
        'Cache-Control': 'no-store',
      });
      await sendPieces(response, fecFile(ctx, query.from_on, query.to_on));
    },
  }),
  journal('sales', 'The journal of sales of a period, for spreadsheets.'),
  journal('settlements', 'The journal of settlements of a period, for spreadsheets.'),
];
