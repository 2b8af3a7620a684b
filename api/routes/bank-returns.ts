import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { bankDecision, handMatch } from '../../src/schemas/bank-returns.ts';
import { checkBankDecision } from '../../src/services/decide-bank-return.ts';
import { checkHandMatch } from '../../src/services/match-by-hand.ts';
import { keepBankMessage } from '../../src/store/bank-messages.ts';
import { bankEntryQuery, bankEntrySchema, listBankEntries } from '../../src/views/bank-entries.ts';
import {
  bankReturnSchema,
  bankReturnSummarySchema,
  findBankReturn,
  listBankReturns,
} from '../../src/views/bank-returns.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { billers, readers } from '../kit/roles.ts';
import { type Route, read, startsJob } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const LARGEST = 64 * 1024 * 1024;

/** The file as it came, whatever its encoding. */
const fileBody = z
  .custom<Buffer>((body) => Buffer.isBuffer(body) && body.length > 0, { error: 'required' })
  .meta({ type: 'string', format: 'binary', description: 'pain.002, camt.053 or camt.054.' });

export const bankReturnRoutes: Route[] = [
  startsJob({
    method: 'post',
    path: '/v1/bank_returns',
    tag: 'Bank returns',
    does: 'Hand in a file of the bank. The same file twice is the same file.',
    roles: billers,
    body: fileBody,
    body_limit: LARGEST,
    consumes: 'application/xml',
    answer: { status: 201, schema: bankReturnSchema, does: 'What it told and what became of it.' },
    refuses: [
      'bank_file_empty',
      'bank_file_too_large',
      'bank_file_not_xml',
      'bank_file_encoding',
      'bank_file_doctype',
      'bank_file_malformed',
      'bank_file_truncated',
      'bank_file_not_a_message',
      'bank_file_several_messages',
      'bank_file_beyond_limit',
    ],
    job: 'import-bank-return',
    unique_key: ({ body }) => `import-bank-return ${createHash('sha256').update(body).digest('hex')}`,
    payload: async (ctx, { body }) => ({ bank_return: await keepBankMessage(ctx, newId('brt'), body) }),
  }),
  read({
    method: 'get',
    path: '/v1/bank_returns',
    tag: 'Bank returns',
    does: 'Files of the bank, newest first.',
    roles: readers,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(bankReturnSummarySchema), does: 'A page of files.' },
    run: (ctx, { query }) => listBankReturns(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/bank_returns/:id',
    tag: 'Bank returns',
    does: 'A file of the bank: its entries, what they match, what they did.',
    roles: readers,
    params: idParam('brt'),
    answer: { status: 200, schema: bankReturnSchema, does: 'The file.' },
    run: (ctx, { params }) => findBankReturn(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/bank_returns/:id/entries',
    tag: 'Bank returns',
    does: 'The entries of a file, in its order.',
    roles: readers,
    params: idParam('brt'),
    query: z.strictObject(bankEntryQuery),
    answer: { status: 200, schema: pageSchema(bankEntrySchema), does: 'A page of entries.' },
    run: (ctx, { params, query }) => listBankEntries(ctx, params.id, query),
  }),
  startsJob({
    method: 'post',
    path: '/v1/bank_returns/:id/decisions',
    tag: 'Bank returns',
    does: 'Decide for all the returns of one reason in a file that wait for a person, once.',
    roles: billers,
    params: idParam('brt'),
    body: bankDecision,
    answer: { status: 200, schema: bankReturnSchema, does: 'The file, with what was decided.' },
    refuses: ['bank_return_decided', 'bank_return_nothing_to_decide', 'representment_in_the_past'],
    job: 'decide-bank-return',
    moves_money: true,
    unique_key: ({ params, body }) => `decide-bank-return ${params.id} ${JSON.stringify(body)}`,
    async payload(ctx, { params, body }) {
      await checkBankDecision(ctx, params.id, body);
      return { bank_return: params.id, decision: body };
    },
  }),
  startsJob({
    method: 'post',
    path: '/v1/bank_returns/:id/matches',
    tag: 'Bank returns',
    does: 'Name the direct debit that an unmatched entry of a file is about. It is booked as if it had been found.',
    roles: billers,
    params: idParam('brt'),
    body: handMatch,
    answer: { status: 200, schema: bankReturnSchema, does: 'The file, with what became of the entry.' },
    refuses: [
      'bank_entry_matched',
      'bank_entry_not_understood',
      'bank_entry_about_a_group',
      'bank_entry_names_another',
      'bank_entry_currency_differs',
      'bank_entry_amount_differs',
      'payment_not_presented',
    ],
    job: 'match-bank-entry',
    moves_money: true,
    unique_key: ({ params, body }) => `match-bank-entry ${params.id} ${body.position} ${body.payment}`,
    async payload(ctx, { params, body }) {
      await checkHandMatch(ctx, params.id, body);
      return { bank_return: params.id, match: body };
    },
  }),
];
