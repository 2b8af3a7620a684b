/** Jobs of what banks send back. */
import { z } from 'zod';
import { bankDecision, handMatch } from '../schemas/bank-returns.ts';
import { idField } from '../schemas/fields.ts';
import { declareJob } from './declaration.ts';

export const bankReturnJobs = {
  'import-bank-return': declareJob({
    does: 'Applies a file of the bank: which direct debits were paid, refused or came back.',
    lane: 'clock',
    payload: z.strictObject({ bank_return: idField('brt') }),
    concerns: ({ bank_return }) => bank_return,
  }),
  'match-bank-entries': declareJob({
    does: 'Matches what the bank told too early with the direct debits handed over since.',
    lane: 'clock',
    payload: z.strictObject({}),
    concerns: () => null,
  }),
  'match-bank-entry': declareJob({
    does: 'Books an entry of the bank with the direct debit that a person says it is about.',
    lane: 'clock',
    payload: z.strictObject({ bank_return: idField('brt'), match: handMatch }),
    concerns: ({ bank_return }) => bank_return,
  }),
  'decide-bank-return': declareJob({
    does: 'Carries out what a person decided for all the returns of one reason in a file of the bank.',
    lane: 'clock',
    payload: z.strictObject({ bank_return: idField('brt'), decision: bankDecision }),
    concerns: ({ bank_return }) => bank_return,
  }),
};
