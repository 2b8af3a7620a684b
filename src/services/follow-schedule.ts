/** Writes contracts as their schedule has them now, after something ceased to be a fact that kept an instalment where it was. */
import type { Context } from '../context.ts';
import { scheduleChain } from '../domain/schedule/chain.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
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

/** What the schedule function makes of the contracts of a chain. */
export function schedulesOf(ctx: DecisionContext, chain: readonly StoredContract[]): Schedule[] {
  const until = chainUntil(chain, ctx.today, ctx.organization.settings.horizon_months);
  return scheduleChain(chain.map(scheduled), until);
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
