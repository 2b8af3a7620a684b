/**
 * Takes a write-off or a waiver back: the debt is owed again.
 *
 * Always true: an instalment of which nothing is paid any more is no fact any more, so what was changed in its contract
 * while it was written off reaches it now, and the preview shows it.
 */
import type { ReadContext } from '../context.ts';
import { type Posting, reverse } from '../domain/ledger/posting.ts';
import { type Cents, sum } from '../domain/money.ts';
import { Refusal } from '../errors/refusal.ts';
import { loadChain, lockChains, type StoredContract, type StoredInstalment } from '../store/contract-state.ts';
import { owedNow } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { post, postingsOfEntry } from '../store/ledger.ts';
import { refreshInstalments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { comparedTo, type Followed, followSchedules, owedMore, showFollowed } from './follow-schedule.ts';
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
  follows: Followed[];
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
    return {
      before: { owed_amount: owed },
      after: { owed_amount: owed + amount + owedMore(follows, today) },
      changes: showFollowed(follows),
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
  return comparedTo(
    ctx,
    chain,
    chain.map((contract) => ({ ...contract, instalments: contract.instalments.map((one) => opened(one, id)) })),
  );
}

function opened(instalment: StoredInstalment, id: string): StoredInstalment {
  return instalment.id === id ? { ...instalment, status: 'scheduled', paid_in_part: false } : instalment;
}
