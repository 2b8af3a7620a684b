import { Refusal } from '../../src/errors/refusal.ts';
import { decideBankReturn } from '../../src/services/decide-bank-return.ts';
import { importBankReturn } from '../../src/services/import-bank-return.ts';
import { matchByHand } from '../../src/services/match-by-hand.ts';
import { markRefused } from '../../src/store/bank-messages.ts';
import { findBankReturn } from '../../src/views/bank-returns.ts';
import type { Processor } from '../processor.ts';

/** The file is applied whole or not at all; a refusal is kept with it, so that it can be looked at. */
export const importingBankReturn: Processor<'import-bank-return'> = {
  kind: 'steps',
  async run(steps, { bank_return: id }) {
    try {
      await steps.transaction((ctx) => importBankReturn(ctx, id));
    } catch (error) {
      if (error instanceof Refusal) await steps.transaction((ctx) => markRefused(ctx, id, error.code, error.params));
      throw error;
    }
    return steps.transaction((ctx) => findBankReturn(ctx, id));
  },
};

/** One transaction: all of the group, or nothing. */
export const decidingBankReturn: Processor<'decide-bank-return'> = {
  kind: 'transaction',
  async run(ctx, { bank_return, decision }) {
    await decideBankReturn(ctx, bank_return, decision);
    return findBankReturn(ctx, bank_return);
  },
};

export const matchingBankEntry: Processor<'match-bank-entry'> = {
  kind: 'transaction',
  async run(ctx, { bank_return, match }) {
    await matchByHand(ctx, bank_return, match);
    return findBankReturn(ctx, bank_return);
  },
};
