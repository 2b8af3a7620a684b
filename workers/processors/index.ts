/** What each job does. Exhaustive: a declared job without a processor does not compile. */
import { extendHorizon } from '../../src/services/extend-horizon.ts';
import { matchKeptEntries } from '../../src/services/match-bank-entries.ts';
import { openDay } from '../../src/services/open-day.ts';
import { reviewAccess } from '../../src/services/refresh-access.ts';
import { renewContracts } from '../../src/services/renew-contracts.ts';
import type { ProcessorTable } from '../processor.ts';
import { advanceTestClock } from './advance-test-clock.ts';
import { decidingBankReturn, importingBankReturn, matchingBankEntry } from './bank-returns.ts';
import { openingClosure, undoingClosure } from './closures.ts';
import { draftingCollection, releasingCollection, withdrawingCollection } from './collections.ts';
import { operation } from './operation.ts';
import { printInvoice } from './print-invoice.ts';
import { sendMessage } from './send-message.ts';

export const processors: ProcessorTable = {
  'open-day': { kind: 'transaction', run: (ctx, { on }) => openDay(ctx, on) },
  'review-access': { kind: 'transaction', run: (ctx) => reviewAccess(ctx) },
  'advance-test-clock': advanceTestClock,
  'renew-contracts': {
    kind: 'transaction',
    run: (ctx, { contracts, on }) => renewContracts({ ...ctx, today: on }, contracts),
  },
  'extend-horizon': {
    kind: 'transaction',
    run: (ctx, { contracts, on }) => extendHorizon({ ...ctx, today: on }, contracts),
  },
  'import-bank-return': importingBankReturn,
  'match-bank-entries': { kind: 'transaction', run: (ctx) => matchKeptEntries(ctx) },
  'decide-bank-return': decidingBankReturn,
  'match-bank-entry': matchingBankEntry,
  'draft-collection': draftingCollection,
  'release-collection': releasingCollection,
  'withdraw-collection': withdrawingCollection,
  'open-closure': openingClosure,
  'undo-closure': undoingClosure,
  'send-message': sendMessage,
  'suspend-contract': operation('suspend-contract'),
  'edit-suspension': operation('edit-suspension'),
  'stop-suspension': operation('stop-suspension'),
  'remove-suspension': operation('remove-suspension'),
  'edit-contract': operation('edit-contract'),
  'cancel-contract': operation('cancel-contract'),
  'undo-cancellation': operation('undo-cancellation'),
  'extend-contract': operation('extend-contract'),
  'remove-extension': operation('remove-extension'),
  'edit-instalment': operation('edit-instalment'),
  'record-incident': operation('record-incident'),
  'remove-incident': operation('remove-incident'),
  'issue-invoice': operation('issue-invoice'),
  'cancel-invoice': operation('cancel-invoice'),
  'print-invoice': printInvoice,
};
