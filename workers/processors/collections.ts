import { draftCollection } from '../../src/services/draft-collection.ts';
import { matchAfterRelease } from '../../src/services/match-bank-entries.ts';
import { releaseLines, writeCollectionFile } from '../../src/services/release-collection.ts';
import { withdrawCollection } from '../../src/services/withdraw-collection.ts';
import { findCollection } from '../../src/views/collections.ts';
import type { Processor } from '../processor.ts';

export const draftingCollection: Processor<'draft-collection'> = {
  kind: 'steps',
  async run(steps, { collection, until_on }) {
    const lines = await steps.transaction((ctx) => draftCollection(ctx, { id: collection, until_on }));
    await steps.progress(lines, lines);
    return steps.transaction((ctx) => findCollection(ctx, collection));
  },
};

/** Two steps: the lines are handed over, then the file is written; either may die and is not done twice. */
export const releasingCollection: Processor<'release-collection'> = {
  kind: 'steps',
  async run(steps, input) {
    const lines = await steps.overlapping(async (ctx, tell) => {
      const released = await releaseLines(ctx, input, (done, all) => tell(done, all * 2));
      await matchAfterRelease(ctx);
      return released;
    });
    if (lines !== null) await steps.progress(lines, lines * 2);
    await steps.overlapping((ctx, tell) =>
      writeCollectionFile(ctx, input.collection, (done, all) => tell(all + done, all * 2)),
    );
    if (lines !== null) await steps.progress(lines * 2, lines * 2);
    return steps.transaction((ctx) => findCollection(ctx, input.collection));
  },
};

export const withdrawingCollection: Processor<'withdraw-collection'> = {
  kind: 'transaction',
  async run(ctx, input) {
    await withdrawCollection(ctx, input);
    return findCollection(ctx, input.collection);
  },
};
