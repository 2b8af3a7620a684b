/**
 * Rules that need the schedule function: what is written down is what it gives from terms, changes and facts.
 * Contracts are read some thousands at a time, whole chains together.
 */
import { scheduleChain } from '../domain/schedule/chain.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
import { chainUntil, type StoredContract, scheduled, storedChains } from '../store/contract-state.ts';
import { query, type Trx } from '../store/database.ts';
import { differingInstalments } from '../store/save-contract.ts';
import type { Invariant, Violation } from './invariant.ts';

interface Row {
  id: string;
  contract_id: string;
  starts_on: string;
  ends_on: string | null;
}

export const scheduleInvariants: readonly Invariant[] = [
  {
    name: 'schedules_equal_function',
    says: 'Every schedule, and the days a contract begins and ends, are what the schedule function gives from terms, changes and facts.',
    async find(trx) {
      const found: Violation[] = [];
      await eachContract(trx, (organization, contract, schedule) => {
        const differing = differingInstalments(contract, schedule);
        const more = contract.instalments.length - schedule.instalments.length;
        if (differing.length > 0 || more !== 0) {
          const detail = `${differing.length} instalments differ, ${Math.abs(more)} too ${more > 0 ? 'many' : 'few'}`;
          found.push({ organization, id: contract.id, detail });
        } else if (contract.starts_on !== schedule.starts_on || contract.ends_on !== schedule.ends_on) {
          const detail = `${contract.starts_on} to ${contract.ends_on}, computed ${schedule.starts_on} to ${schedule.ends_on}`;
          found.push({ organization, id: contract.id, detail });
        }
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
      await eachContract(
        trx,
        (organization, contract, schedule) => {
          for (const { id, starts_on, ends_on } of schedule.suspensions) {
            const row = kept.get(id);
            kept.delete(id);
            const isSame = row?.contract_id === contract.id && row.starts_on === starts_on && row.ends_on === ends_on;
            if (!isSame) found.push({ organization, id, detail: row ? 'other days are kept' : 'not kept' });
          }
        },
        true,
      );
      for (const row of kept.values()) {
        found.push({ organization: row.organization_id, id: row.id, detail: 'kept, though no change leaves it' });
      }
      return found;
    },
  },
];

const CHAINS_AT_ONCE = 2000;

async function eachContract(
  trx: Trx,
  look: (organization: string, contract: StoredContract, schedule: Schedule) => void,
  suspendedOnly = false,
): Promise<void> {
  const some = suspendedOnly
    ? `and exists (select 1 from contract one join suspension on suspension.contract_id = one.id where one.chain_id = contract.id)`
    : '';
  const heads = async (after: string) =>
    query<{ id: string; organization_id: string }>(
      trx,
      `select contract.id, contract.organization_id from contract where contract.id = contract.chain_id and contract.id > ? ${some}
       order by contract.id limit ${CHAINS_AT_ONCE}`,
      [after],
    );
  const read = async (after: string) => {
    const these = await heads(after);
    const chains = await storedChains(
      trx,
      these.map((head) => head.id),
    );
    return { these, chains };
  };
  // The database reads the next ones while these are computed.
  let reading = read('');
  for (;;) {
    const { these, chains } = await reading;
    const last = these.at(-1);
    if (!last) return;
    reading = read(last.id);
    const organizations = new Map(these.map((head) => [head.id, head.organization_id]));
    for (const chain of chains) {
      const first = chain[0] as StoredContract;
      // Only a chain without end is written down ahead; for any other the day is of no account.
      const computed = scheduleChain(chain.map(scheduled), chainUntil(chain, first.created_on, 12));
      for (const [at, contract] of chain.entries()) {
        look(organizations.get(first.chain_id) ?? '', contract, computed[at] as Schedule);
      }
    }
  }
}
