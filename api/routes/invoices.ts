import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { idField } from '../../src/schemas/fields.ts';
import { invoiceCancellation, newInvoice } from '../../src/schemas/invoices.ts';
import { changeLogo } from '../../src/services/change-logo.ts';
import { findInvoice, invoiceSchema, invoiceSummarySchema, listInvoices } from '../../src/views/invoices.ts';
import { organizationSchema, showOrganization } from '../../src/views/organization.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { sendInvoiceFile } from '../kit/invoice-file.ts';
import { admins, billers, deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read, streams, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const invoiceRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/invoices',
    tag: 'Invoices',
    does: 'Make the invoice of a contract: of the instalments and fees named, or of all that are paid and not invoiced yet.',
    roles: deskers,
    body: newInvoice,
    answer: { status: 201, schema: invoiceSchema, does: 'The invoice. Its PDF is printed by a job.' },
    refuses: [
      'invoice_seller_incomplete',
      'invoice_without_lines',
      'invoice_too_long',
      'invoice_instalment_invoiced',
      'invoice_instalment_free',
      'invoice_instalment_not_due',
      'invoice_fee_invoiced',
      'invoice_fee_free',
      'invoice_fee_not_due',
    ],
    operation: 'issue-invoice',
    input: ({ body }) => ({ ...body, new_invoice: newId('inv') }),
  }),
  read({
    method: 'get',
    path: '/v1/invoices',
    tag: 'Invoices',
    does: 'Invoices and credit notes, newest first.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      customer: idField('cus').optional(),
      contract: idField('ctr').optional(),
      kind: z.enum(['invoice', 'credit_note']).optional(),
    }),
    answer: { status: 200, schema: pageSchema(invoiceSummarySchema), does: 'A page.' },
    run: (ctx, { query }) => listInvoices(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/invoices/:id',
    tag: 'Invoices',
    does: 'An invoice or credit note, as it was issued and as it stands.',
    roles: readers,
    params: idParam('inv'),
    answer: { status: 200, schema: invoiceSchema, does: 'The document.' },
    run: (ctx, { params }) => findInvoice(ctx, params.id),
  }),
  streams({
    method: 'get',
    path: '/v1/invoices/:id/pdf',
    tag: 'Invoices',
    does: 'The PDF (PDF/A-3 with Factur-X inside), always the same bytes. Waits a little where it is still printed; then 202 with its job.',
    roles: readers,
    params: idParam('inv'),
    produces: 'application/pdf',
    answer: { status: 200, schema: z.string(), does: 'The file.' },
    refuses: ['invoice_print_failed'],
    run: (ctx, { params }, http) => sendInvoiceFile(ctx, params.id, http),
  }),
  operates({
    method: 'post',
    path: '/v1/invoices/:id/cancellation',
    tag: 'Invoices',
    does: 'Cancel an invoice by a credit note: whole, line by line, or by an amount. What was not paid is no longer owed, what was paid becomes the customer’s credit, unless it is still owed.',
    roles: billers,
    params: idParam('inv'),
    body: invoiceCancellation,
    answer: { status: 201, schema: invoiceSchema, does: 'The credit note.' },
    refuses: [
      'credit_nothing_left',
      'credit_exceeds_line',
      'credit_exceeds_invoice',
      'credit_line_unknown',
      'credit_line_twice',
      'credit_lines_or_amount',
      'credit_of_credit_note',
      'credit_line_in_flight',
      'credit_line_written_off',
      'credit_still_owed_in_part',
    ],
    moves_money: true,
    operation: 'cancel-invoice',
    input: ({ params, body }) => ({ invoice: params.id, cancellation: body, new_invoice: newId('inv') }),
  }),
  write({
    method: 'put',
    path: '/v1/organization/logo',
    tag: 'Organization',
    does: 'Set the logo of documents issued from now on.',
    roles: admins,
    body: z.strictObject({ image: z.base64().max(1_400_000).meta({ description: 'A PNG or JPEG, in base64.' }) }),
    body_limit: 1_500_000,
    answer: { status: 200, schema: organizationSchema, does: 'The organization as it is now.' },
    refuses: ['logo_unreadable'],
    async run(ctx, { body }) {
      return { body: showOrganization(await changeLogo(ctx, body.image), ctx.now) };
    },
  }),
];
