/** Writes contracts as their schedule has them now, after something ceased to be a fact that kept an instalment where it was. */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type Cents, cents, sum } from '../domain/money.ts';
import { scheduleChain } from '../domain/schedule/chain.ts';
import { compareSchedules, isUnchanged, type ScheduleComparison } from '../domain/schedule/compare.ts';
import type { Instalment, Schedule } from '../domain/schedule/instalment.ts';
import { chainUntil, loadChainsOf, type StoredContract, scheduled } from '../store/contract-state.ts';
import { differingInstalments, saveContracts } from '../store/save-contract.ts';
import { followContracts } from './contract-money.ts';
import type { DecisionContext } from './operation.ts';

/** So many contracts are read and reckoned at once. */
const AT_ONCE = 500;

/** Needs the locks of their chains. */
export async function followSchedules(ctx: Context, contractIds: readonly string[]): Promise<void> {
  for (let at = 0; at < contractIds.length; at += AT_ONCE) await follow(ctx, contractIds.slice(at, at + AT_ONCE));
}

function schedulesOf(ctx: DecisionContext, chain: readonly StoredContract[]): Schedule[] {
  const until = chainUntil(chain, ctx.today, ctx.organization.settings.horizon_months);
  return scheduleChain(chain.map(scheduled), until);
}

/** A contract that will follow: as it is written down, and how its schedule differs then. */
export interface Followed extends ScheduleComparison {
  contract: StoredContract;
}

/** What becomes of the contracts of a chain, for a preview. @param then the chain without what will be no fact any more */
export function comparedTo(
  ctx: DecisionContext,
  chain: readonly StoredContract[],
  then: readonly StoredContract[],
): Followed[] {
  const before = schedulesOf(ctx, chain);
  const after = schedulesOf(ctx, then);
  return chain
    .map((contract, at) => ({ contract, ...compareSchedules(before[at] as Schedule, after[at] as Schedule) }))
    .filter((one) => !isUnchanged(one));
}

/** What is owed more, or less, once contracts have followed. */
export function owedMore(followed: readonly Followed[], today: Day): Cents {
  return sum(
    followed.flatMap(({ contract, instalments }) =>
      instalments.map(({ number, before, after }) => {
        const sold = contract.instalments.some((one) => one.number === number && one.sold);
        const is = sold || (after && after.due_on <= today) ? priceOf(after) : 0;
        return cents(is - (sold ? priceOf(before) : 0));
      }),
    ),
  );
}

function priceOf(instalment: Instalment | null): number {
  return instalment === null || instalment.status === 'cancelled' ? 0 : instalment.amount;
}

/** What differs, as previews show it. */
export function showFollowed(followed: readonly Followed[]): object[] {
  return followed.map(({ contract, ...comparison }) => ({ contract: contract.id, ...comparison }));
}

async function follow(ctx: Context, contractIds: readonly string[]): Promise<void> {
  const found = await loadChainsOf(ctx, contractIds, false);
  const chains = new Map([...found.values()].map(({ chain }) => [chain[0]?.chain_id, chain]));
  const saves = [...chains.values()].flatMap((chain) => {
    const schedules = schedulesOf(ctx, chain);
    return chain
      .map((contract, at) => ({
        contract,
        changes: [],
        schedule: schedules[at] as Schedule,
        materialised_until: contract.materialised_until,
      }))
      .filter(({ contract, schedule }) => differingInstalments(contract, schedule).length > 0);
  });
  if (saves.length === 0) return;
  await saveContracts(ctx, saves, ctx.job?.id ?? null);
  await followContracts(ctx, saves);
}
