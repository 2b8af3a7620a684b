/**
 * Rules that need the schedule function: what is written down is what it gives from terms, changes and facts. Whole
 * chains are looked at together, some thousands of contracts at a time.
 */
import { type ContractState, scheduleChain } from '../domain/schedule/chain.ts';
import type { Fact } from '../domain/schedule/facts.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
import { chainUntil, factStatuses, scheduled, storedChains } from '../store/contract-state.ts';
import { query, type Trx } from '../store/database.ts';
import { eachWrittenChain, type WrittenContract } from '../store/every-schedule.ts';
import { sameInstalment } from '../store/save-contract.ts';
import type { Invariant, Violation } from './invariant.ts';

interface Row {
  id: string;
  contract_id: string;
  starts_on: string;
  ends_on: string | null;
}

/** Only a chain without end is written down ahead; for any other the horizon is of no account. */
const HORIZON_MONTHS = 12;
const ALIKE_KEPT = 50_000;

export const scheduleInvariants: readonly Invariant[] = [
  {
    name: 'schedules_equal_function',
    says: 'Every schedule, and the days a contract begins and ends, are what the schedule function gives from terms, changes and facts.',
    async find(trx) {
      const found: Violation[] = [];
      const holding = new Set<string>();
      await eachWrittenChain(trx, (chain) => {
        // The function gives the same for the same: what was sold, paid and written down alike is looked at once.
        const [only] = chain;
        const alike = chain.length === 1 && only!.changes.length === 0 ? only!.written : null;
        if (alike !== null && holding.has(alike)) return;
        const before = found.length;
        const until = chainUntil(chain, chain[0]!.created_on, HORIZON_MONTHS);
        const computed = scheduleChain(chain.map(stateOf), until);
        for (let at = 0; at < chain.length; at += 1) {
          const detail = difference(chain[at]!, computed[at]!);
          if (detail !== null) found.push({ organization: chain[at]!.organization_id, id: chain[at]!.id, detail });
        }
        if (alike !== null && found.length === before && holding.size < ALIKE_KEPT) holding.add(alike);
      });
      return found;
    },
  },
  {
    name: 'suspensions_equal_changes',
    says: 'The suspensions kept beside the changes are those that the changes leave.',
    async find(trx) {
      const found: Violation[] = [];
      const rows = await query<Row & { organization_id: string }>(
        trx,
        `select id, contract_id, starts_on, ends_on, organization_id from suspension where removed_on is null`,
      );
      const kept = new Map(rows.map((row) => [row.id, row]));
      await eachSuspendedContract(trx, (organization, contract, schedule) => {
        for (const { id, starts_on, ends_on } of schedule.suspensions) {
          const row = kept.get(id);
          kept.delete(id);
          const isSame = row?.contract_id === contract && row.starts_on === starts_on && row.ends_on === ends_on;
          if (!isSame) found.push({ organization, id, detail: row ? 'other days are kept' : 'not kept' });
        }
      });
      for (const row of kept.values()) {
        found.push({ organization: row.organization_id, id: row.id, detail: 'kept, though no change leaves it' });
      }
      return found;
    },
  },
];

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

const CHAINS_AT_ONCE = 2000;

async function eachSuspendedContract(
  trx: Trx,
  look: (organization: string, contract: string, schedule: Schedule) => void,
): Promise<void> {
  const rows = await query<{ id: string; organization_id: string }>(
    trx,
    `select distinct contract.chain_id as id, contract.organization_id
     from suspension join contract on contract.id = suspension.contract_id order by 1`,
  );
  const organizations = new Map(rows.map((row) => [row.id, row.organization_id]));
  for (let at = 0; at < rows.length; at += CHAINS_AT_ONCE) {
    const these = rows.slice(at, at + CHAINS_AT_ONCE).map(({ id }) => id);
    for (const chain of await storedChains(trx, these)) {
      const until = chainUntil(chain, chain[0]!.created_on, HORIZON_MONTHS);
      const computed = scheduleChain(chain.map(scheduled), until);
      for (const [place, { id, chain_id }] of chain.entries()) {
        look(organizations.get(chain_id) ?? '', id, computed[place]!);
      }
    }
  }
}
