/**
 * Writes down the next instalments of open-ended contracts as the horizon moves: a sweep finds the contracts whose
 * written part has become short, and one small job extends each hundred of them. It sweeps every day, at once when the
 * organization looks further ahead, and over contracts that a change leaves short (a cancellation undone after months).
 */
import type { Context } from '../context.ts';
import { addMonths, type Day } from '../domain/day.ts';
import { scheduleChain } from '../domain/schedule/chain.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
import { enqueueMany } from '../jobs/enqueue.ts';
import { horizonOf, loadChain, lockChains, type StoredContract, scheduled } from '../store/contract-state.ts';
import { lockEveryCustomer } from '../store/customer-money.ts';
import { query } from '../store/database.ts';
import { saveContracts } from '../store/save-contract.ts';

/** Extended a month at a time, so a contract is touched once a month and not every day. */
const STEP_MONTHS = 1;
const CONTRACTS_PER_JOB = 100;

/** What is written down until before this day is short. */
function shortBefore({ today, organization }: Context): Day {
  return addMonths(today, organization.settings.horizon_months - STEP_MONTHS);
}

export function isWrittenShort(ctx: Context, until: Day | null): boolean {
  return until !== null && until < shortBefore(ctx);
}

/** @param among only these contracts; left out: all of the organization */
export async function sweepHorizon(ctx: Context, among?: readonly string[]): Promise<{ contracts: number }> {
  const rows = await query<{ id: string }>(
    ctx.trx,
    `select id from contract
     where organization_id = ? and ends_on is null and deleted_at is null and materialised_until < ?
       ${among === undefined ? '' : 'and id = any(?::text[])'}
     order by id`,
    [ctx.organization.id, shortBefore(ctx), ...(among === undefined ? [] : [among])],
  );
  const ids = rows.map((row) => row.id);
  const payloads = [];
  for (let at = 0; at < ids.length; at += CONTRACTS_PER_JOB)
    payloads.push({ contracts: ids.slice(at, at + CONTRACTS_PER_JOB), on: ctx.today });
  await enqueueMany(ctx, 'extend-horizon', payloads);
  return { contracts: ids.length };
}

/**
 * The organization looks further ahead. Who is signing a contract by the old setting holds the customer's row: we wait
 * for those, and who comes after us reads the setting anew (`followContracts`).
 */
export async function sweepNewHorizon(ctx: Context): Promise<void> {
  await lockEveryCustomer(ctx);
  await sweepHorizon(ctx);
}

/** @returns how many contracts were extended; one that ended or was extended meanwhile is left. */
export async function extendHorizon(ctx: Context, contractIds: readonly string[]): Promise<{ extended: number }> {
  await lockChains(ctx, contractIds);
  let extended = 0;
  for (const id of [...contractIds].sort()) {
    const { chain, contract } = await loadChain(ctx, id, true);
    const until = horizonOf(contract.starts_on, ctx.today, ctx.organization.settings.horizon_months);
    if (contract.ends_on !== null || contract.materialised_until === null || contract.materialised_until >= until)
      continue;
    await saveContracts(
      ctx,
      [{ contract, changes: [], schedule: scheduleOf(chain, contract, until), materialised_until: until }],
      ctx.job?.id ?? null,
    );
    extended += 1;
  }
  return { extended };
}

function scheduleOf(chain: readonly StoredContract[], contract: StoredContract, until: Day): Schedule {
  return scheduleChain(chain.map(scheduled), until)[chain.indexOf(contract)] as Schedule;
}
