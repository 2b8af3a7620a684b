/**
 * What a change of a contract does to money and access, in the same transaction: what is due by now is sold, what was
 * sold for another amount is sold anew, what is written down too short is extended, and the door is told.
 */
import type { Context } from '../context.ts';
import { soldAnew } from '../domain/ledger/sales.ts';
import { post, postingsOfClaims, sellDue, soldOtherwise } from '../store/ledger.ts';
import { refreshInstalments } from '../store/payments.ts';
import { type ContractSave, touchesSold } from '../store/save-contract.ts';
import { isWrittenShort, sweepHorizon } from './extend-horizon.ts';
import { bySettingsOfNow, refreshAccess, refreshAccessBy } from './refresh-access.ts';

export async function followContracts(ctx: Context, saves: readonly ContractSave[]): Promise<void> {
  if (saves.length === 0) return;
  const due = saves.filter((save) => touchesSold(save, ctx.today)).map((save) => save.contract.id);
  if (due.length > 0) {
    await sellDue(ctx, due);
    await sellAnew(ctx, due);
  }
  const now = await bySettingsOfNow(ctx);
  const short = saves.filter((save) => save.schedule.ends_on === null && isWrittenShort(now, save.materialised_until));
  if (short.length > 0)
    await sweepHorizon(
      now,
      short.map((save) => save.contract.id),
    );
  await refreshAccessBy(
    now,
    saves.map((save) => save.contract.customer_id),
  );
}

/** As `followContracts`, for contracts whose instalments were written another way. */
export async function followCancelled(ctx: Context, contract: string, customer: string): Promise<void> {
  await sellAnew(ctx, [contract]);
  await refreshAccess(ctx, [customer]);
}

async function sellAnew(ctx: Context, contractIds: readonly string[]): Promise<void> {
  const rows = await soldOtherwise(ctx, contractIds);
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  const postings = await postingsOfClaims(ctx, ids);
  await post(
    ctx,
    rows.flatMap((row) => {
      const last = postings.filter((posting) => posting.entry === `sale:${row.id}:${row.sold_revision}`);
      const sale = { ...row, claim: row.id, customer: row.customer_id, kind: 'instalment' as const };
      return soldAnew(last, sale, row.sold_revision + 1, ctx.today);
    }),
  );
  await refreshInstalments(ctx, ids);
}
