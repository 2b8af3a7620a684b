/**
 * Takes a write-off or a waiver back: the debt is owed again.
 *
 * Always true: an instalment of which nothing is paid any more is no fact any more, so what was changed in its contract
 * while it was written off reaches it now, and the preview shows it.
 */
import type { ReadContext } from '../context.ts';
import { type Posting, reverse } from '../domain/ledger/posting.ts';
import { type Cents, cents, sum } from '../domain/money.ts';
import { compareSchedules, isUnchanged, type ScheduleComparison } from '../domain/schedule/compare.ts';
import type { Instalment, Schedule } from '../domain/schedule/instalment.ts';
import { Refusal } from '../errors/refusal.ts';
import { loadChain, lockChains, type StoredContract, type StoredInstalment } from '../store/contract-state.ts';
import { owedNow } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { post, postingsOfEntry } from '../store/ledger.ts';
import { refreshInstalments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { followSchedules, schedulesOf } from './follow-schedule.ts';
import { type DebtState, type GiftKind, isInvoiced, loadDebt } from './give-up-debt.ts';
import type { DecisionContext, Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';

export interface ClaimAgainInput {
  kind: GiftKind;
  gift: string;
}

interface State extends DebtState {
  gift: Posting[];
  claim: string;
  /** The contracts of the instalment's chain; none for a fee. */
  chain: StoredContract[];
}

interface Decision {
  again: Posting[];
  amount: Cents;
  /** What the contracts follow with, as they are then. */
  follows: (ScheduleComparison & { contract: StoredContract })[];
}

export const claimAgain: Operation<ClaimAgainInput, State, Decision> = {
  async load(ctx, input, locking) {
    const gift = await postingsOfEntry(ctx, `${input.kind}:${input.gift}`);
    const claim = gift[0]?.claim;
    if (claim == null) throw new Refusal('not_found');
    const contract = await contractOf(ctx, claim);
    if (locking && contract !== null) await lockChains(ctx, [contract]);
    const chain = contract === null ? [] : (await loadChain(ctx, contract, false)).chain;
    const state = await loadDebt(ctx, claim, locking);
    // The invoice says what was left by the waiver.
    if (input.kind === 'waiver' && (await isInvoiced(ctx, claim))) throw new Refusal('fee_is_invoiced');
    return { ...state, gift, claim, chain };
  },
  decide(state, input, ctx) {
    const entry = `again:${input.kind}:${input.gift}`;
    if (state.postings.some((posting) => posting.entry === entry)) throw new Refusal('already_ended');
    const again = state.gift.map((posting) =>
      reverse(posting, { cause: `again:${posting.cause}`, entry, on: ctx.today }),
    );
    const amount = sum(again.map((posting) => posting.amount));
    return { again, amount, follows: followsOf(state, amount, ctx) };
  },
  show({ money }, { amount, follows }, { today }) {
    const owed = owedNow(money);
    const followed = sum(
      follows.flatMap(({ contract, instalments }) =>
        instalments.map(({ number, before, after }) => {
          const sold = contract.instalments.some((one) => one.number === number && one.sold);
          const is = sold || (after && after.due_on <= today) ? priceOf(after) : 0;
          return cents(is - (sold ? priceOf(before) : 0));
        }),
      ),
    );
    return {
      before: { owed_amount: owed },
      after: { owed_amount: owed + amount + followed },
      changes: follows.map(({ contract, ...comparison }) => ({ contract: contract.id, ...comparison })),
      access: null,
      warnings: [],
    };
  },
  reads: (state) => [JSON.stringify(state)],
  async save(ctx, { money, gift, claim, chain }, { again, amount, follows }, input) {
    await post(ctx, again);
    await refreshInstalments(ctx, [claim]);
    if (follows.length > 0)
      await followSchedules(
        ctx,
        chain.map(({ id }) => id),
      );
    await refreshAccess(ctx, [money.customer]);
    await announce(ctx, {
      type: input.kind === 'write_off' ? 'debt.claimed_again' : 'fee.charged_again',
      subjects: [input.gift, claim, money.customer],
      data: { amount },
    });
    const on = gift[0]?.effective_on as string;
    return { object: input.kind, id: input.gift, claim, customer: money.customer, amount, on, taken_back: true };
  },
};

async function contractOf(ctx: ReadContext, claim: string): Promise<string | null> {
  const row = await queryOne<{ contract: string }>(
    ctx.reader,
    'select contract_id as contract from instalment where id = ? and organization_id = ?',
    [claim, ctx.organization.id],
  );
  return row?.contract ?? null;
}

/** What becomes of the contracts when nothing of the instalment is paid any more. */
function followsOf({ money, claim: id, chain }: State, amount: Cents, ctx: DecisionContext): Decision['follows'] {
  const claim = money.claims.find((one) => one.id === id);
  const opens = claim?.settled_amount === amount && claim.reopened_on === null;
  if (!opens || (claim.status !== 'paid' && claim.status !== 'scheduled')) return [];
  const before = schedulesOf(ctx, chain);
  const after = schedulesOf(
    ctx,
    chain.map((contract) => ({ ...contract, instalments: contract.instalments.map((one) => opened(one, id)) })),
  );
  return chain
    .map((contract, at) => ({ contract, ...compareSchedules(before[at] as Schedule, after[at] as Schedule) }))
    .filter((one) => !isUnchanged(one));
}

function opened(instalment: StoredInstalment, id: string): StoredInstalment {
  return instalment.id === id ? { ...instalment, status: 'scheduled', paid_in_part: false } : instalment;
}

/** What is owed of an instalment that is sold and not paid. */
function priceOf(instalment: Instalment | null): number {
  return instalment === null || instalment.status === 'cancelled' ? 0 : instalment.amount;
}
