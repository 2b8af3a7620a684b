import { z } from 'zod';
import { dayField } from '../../src/schemas/fields.ts';
import { statementOfAccount } from '../../src/services/statement-of-account.ts';
import { sendPdf } from '../kit/printed.ts';
import { readers } from '../kit/roles.ts';
import { type Route, streams } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const statementRoutes: Route[] = [
  streams({
    method: 'get',
    path: '/v1/customers/:id/statement/pdf',
    tag: 'Accounting',
    does: 'A customer’s statement of account for a period, as a PDF.',
    roles: readers,
    params: idParam('cus'),
    query: z.strictObject({ from_on: dayField, to_on: dayField }),
    produces: 'application/pdf',
    answer: { status: 200, schema: z.string(), does: 'The file.' },
    refuses: ['period_reversed', 'invoice_seller_incomplete'],
    async run(ctx, { params, query }, { response }) {
      const document = await statementOfAccount(ctx, params.id, query.from_on, query.to_on);
      await sendPdf(ctx, response, `${params.id}-${query.to_on}`, { kind: 'statement', document });
    },
  }),
];
