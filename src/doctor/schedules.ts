/**
 * Rules that need the schedule function: what is written down is what it gives from terms, changes and facts. Contracts to
 * which nothing happened are weighed against what their terms alone come to, all at once; the others are read one by one.
 */
import { type ContractState, scheduleChain } from '../domain/schedule/chain.ts';
import type { Fact } from '../domain/schedule/facts.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
import { chainUntil, factStatuses } from '../store/contract-state.ts';
import { query, type Trx } from '../store/database.ts';
import { plainContracts } from '../store/plain-contracts.ts';
import { sameInstalment } from '../store/save-contract.ts';
import { eachWrittenChain, type WrittenContract } from '../store/written-chains.ts';
import { byPass, type Invariant, type Violation } from './invariant.ts';
import { unlessTooGreat } from './weighed.ts';

/** Only a chain without end is written down ahead; for any other the horizon is of no account. */
const HORIZON_MONTHS = 12;

export const scheduleInvariants: readonly Invariant[] = byPass(
  async (trx) => {
    const other: Violation[] = [];
    const suspensions = await keptSuspensions(trx);
    await eachWrittenChain(trx, await chainsToLookAt(trx), (chain) => {
      const until = chainUntil(chain, chain[0]!.created_on, HORIZON_MONTHS);
      const computed = scheduleChain(chain.map(stateOf), until);
      for (const [at, contract] of chain.entries()) {
        const detail = difference(contract, computed[at]!);
        if (detail !== null)
          other.push({
            organization: contract.organization_id,
            id: contract.id,
            detail,
          });
        suspensions.compare(contract, computed[at]!);
      }
    });
    return new Map([
      ['schedules_equal_function', other],
      ['suspensions_equal_changes', suspensions.found()],
    ]);
  },
  [
    {
      name: 'schedules_equal_function',
      says: 'Every schedule, and the days a contract begins and ends, are what the schedule function gives from terms, changes and facts.',
    },
    {
      name: 'suspensions_equal_changes',
      says: 'The suspensions kept beside the changes are those that the changes leave.',
    },
  ],
);

/** Those to which something happened, and those that do not weigh what their terms alone come to. */
async function chainsToLookAt(trx: Trx): Promise<string[]> {
  const plain = await unlessTooGreat(trx, () => plainContracts(trx));
  if (plain === null) return everyChain(trx);
  const uneven = plain.alike.filter((one) => {
    const [schedule] = scheduleChain(
      [{ id: one.id, terms: one.terms, changes: [], facts: [] }],
      chainUntil([one], one.created_on, HORIZON_MONTHS),
    );
    const { instalments, starts_on, ends_on } = schedule!;
    const isEven =
      one.count === instalments.length &&
      one.weight === plain.weigh(instalments) &&
      instalments.every(({ status }) => status === 'scheduled') &&
      one.starts_on === starts_on &&
      one.ends_on === ends_on;
    return !isEven;
  });
  const others = uneven.length === 0 ? [] : await plain.chainsLike(uneven.map(({ id }) => id));
  return [...new Set([...plain.other_chains, ...others])];
}

async function everyChain(trx: Trx): Promise<string[]> {
  const rows = await query<{ chain_id: string }>(
    trx,
    'select distinct chain_id from contract where deleted_at is null',
  );
  return rows.map(({ chain_id }) => chain_id);
}

interface KeptSuspension {
  id: string;
  organization_id: string;
  contract_id: string;
  starts_on: string;
  ends_on: string | null;
}

/** Those that are kept, each taken off when the contract that should have it comes by. */
async function keptSuspensions(trx: Trx) {
  const rows = await query<KeptSuspension>(
    trx,
    `select id, organization_id, contract_id, starts_on, ends_on from suspension where removed_on is null`,
  );
  const kept = new Map(rows.map((row) => [row.id, row]));
  const found: Violation[] = [];
  return {
    compare({ id: contract, organization_id: organization }: WrittenContract, { suspensions }: Schedule): void {
      for (const { id, starts_on, ends_on } of suspensions) {
        const row = kept.get(id);
        kept.delete(id);
        const isSame = row?.contract_id === contract && row.starts_on === starts_on && row.ends_on === ends_on;
        if (!isSame) found.push({ organization, id, detail: row ? 'other days are kept' : 'not kept' });
      }
    },
    found(): Violation[] {
      const left = [...kept.values()].map(({ id, organization_id: organization }) => ({
        organization,
        id,
        detail: 'kept, though no change leaves it',
      }));
      return [...found, ...left];
    },
  };
}

function stateOf({ id, terms, changes, instalments }: WrittenContract): ContractState {
  const facts = instalments.filter(({ status, stands }) => stands || factStatuses.has(status)) as unknown as Fact[];
  return { id, terms, changes, facts };
}

/** Where what is written differs from what is computed, in words; null where it does not. */
function difference(contract: WrittenContract, schedule: Schedule): string | null {
  const { instalments: written } = contract;
  const computed = schedule.instalments;
  const more = written.length - computed.length;
  let differing = 0;
  for (let at = 0; at < computed.length; at += 1) {
    const there = written[at];
    if (there === undefined || there.number !== computed[at]!.number || !sameInstalment(there, computed[at]!))
      differing += 1;
  }
  if (differing > 0 || more !== 0) {
    return `${differing} instalments differ, ${Math.abs(more)} too ${more > 0 ? 'many' : 'few'}`;
  }
  if (contract.starts_on === schedule.starts_on && contract.ends_on === schedule.ends_on) return null;
  return `${contract.starts_on} to ${contract.ends_on}, computed ${schedule.starts_on} to ${schedule.ends_on}`;
}
