/**
 * Writes a debt off, or waives a fee; and takes either back. Access is evaluated anew at once, and reminders, which ask
 * what is owed before each message, stop by themselves.
 */
import type { ReadContext } from '../context.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import { reverse } from '../domain/ledger/posting.ts';
import { waived, writtenOff } from '../domain/ledger/sales.ts';
import { type Cents, cents, sum } from '../domain/money.ts';
import { decideGift, type Gift } from '../domain/payments/give-up.ts';
import { Refusal } from '../errors/refusal.ts';
import { lockChains } from '../store/contract-state.ts';
import { type CustomerMoney, loadMoney, openPayments, owedNow, payableClaims } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { post, postingsOfClaims, postingsOfEntry } from '../store/ledger.ts';
import { refreshInstalments, shrinkPayments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { followSchedules } from './follow-schedule.ts';
import type { Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';

export type GiftKind = 'write_off' | 'waiver';

export interface GiveUpInput {
  kind: GiftKind;
  /** The instalment or fee. */
  claim: string;
  amount?: number | undefined;
  reason: string;
  new_gift: string;
}

interface State {
  money: CustomerMoney;
  /** Of the claim, in the order recorded. */
  postings: Posting[];
}

/** Of whom a claim is. @throws Refusal `not_found` */
async function ownerOf(ctx: ReadContext, claim: string): Promise<string> {
  const row = await queryOne<{ customer: string }>(
    ctx.reader,
    `select customer_id as customer from instalment where id = ? and organization_id = ?
     union all select customer_id from fee where id = ? and organization_id = ?`,
    [claim, ctx.organization.id, claim, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row.customer;
}

async function load(ctx: ReadContext, claim: string, locking: boolean): Promise<State> {
  const money = await loadMoney(ctx, await ownerOf(ctx, claim), locking, { claims: [claim] });
  return { money, postings: await postingsOfClaims(ctx, [claim]) };
}

export const giveUpDebt: Operation<GiveUpInput, State, Gift> = {
  async load(ctx, input, locking) {
    const state = await load(ctx, input.claim, locking);
    if (input.kind === 'waiver' && (await isInvoiced(ctx, input.claim))) throw new Refusal('fee_is_invoiced');
    return state;
  },
  decide({ money, postings }, input) {
    const claim = payableClaims(money).find((one) => one.id === input.claim);
    if (!claim) throw new Refusal('not_found');
    // What was given back of money that then did not come is owed again, without a sale that could be taken back.
    if (input.kind === 'waiver' && saleOf(postings).length === 0) throw new Refusal('fee_without_sale');
    const amount = input.amount === undefined ? undefined : cents(input.amount);
    return decideGift({ claim, payments: openPayments(money), amount });
  },
  show({ money }, gift) {
    const owed = owedNow(money);
    return {
      before: { owed_amount: owed },
      after: { owed_amount: owed - gift.amount },
      changes: [gift],
      access: null,
      warnings: [],
    };
  },
  reads: (state) => [JSON.stringify(state)],
  async save(ctx, { money, postings }, gift, input) {
    const { customer } = money;
    const { new_gift: id, kind, reason } = input;
    const own = { id, claim: gift.claim, customer, amount: gift.amount, on: ctx.today };
    await post(
      ctx,
      kind === 'write_off' ? [writtenOff(own)] : waived(saleOf(postings), { ...own, ...before(postings) }),
    );
    await shrinkPayments(ctx, gift.asked);
    await refreshInstalments(ctx, [gift.claim]);
    await refreshAccess(ctx, [customer]);
    await announce(ctx, {
      type: kind === 'write_off' ? 'debt.written_off' : 'fee.waived',
      subjects: [id, gift.claim, customer],
      data: { amount: gift.amount, reason },
    });
    return { object: kind, id, claim: gift.claim, customer, amount: gift.amount, on: ctx.today, taken_back: false };
  },
};

/** The sale in force of a claim. */
function saleOf(postings: readonly Posting[]): Posting[] {
  const sales = postings.filter(({ entry }) => entry.startsWith('sale:'));
  return sales.filter(({ entry }) => entry === sales.at(-1)?.entry);
}

/** What earlier waivers of the sale took back and did not give again. */
function before(postings: readonly Posting[]): { before: Cents } {
  const net = sum(
    postings.map(({ entry, amount }) =>
      entry.startsWith('waiver:') ? amount : entry.startsWith('again:waiver:') ? -amount : 0,
    ),
  );
  return { before: net };
}

async function isInvoiced(ctx: ReadContext, fee: string): Promise<boolean> {
  const row = await queryOne(ctx.reader, 'select 1 from invoice_line where fee_id = ? and live limit 1', [fee]);
  return row !== null;
}

export interface ClaimAgainInput {
  kind: GiftKind;
  gift: string;
}

interface TakenBack extends State {
  gift: Posting[];
}

/** Takes a write-off or a waiver back: the debt is owed again. */
export const claimAgain: Operation<ClaimAgainInput, TakenBack, Posting[]> = {
  async load(ctx, input, locking) {
    const gift = await postingsOfEntry(ctx, `${input.kind}:${input.gift}`);
    const claim = gift[0]?.claim;
    if (claim == null) throw new Refusal('not_found');
    const place = await queryOne<{ contract_id: string }>(
      ctx.reader,
      'select contract_id from instalment where id = ? and organization_id = ?',
      [claim, ctx.organization.id],
    );
    if (locking && place) await lockChains(ctx, [place.contract_id]);
    const state = await load(ctx, claim, locking);
    // The invoice says what was left by the waiver.
    if (input.kind === 'waiver' && (await isInvoiced(ctx, claim))) throw new Refusal('fee_is_invoiced');
    return { ...state, gift };
  },
  decide({ gift, postings }, input, ctx) {
    const entry = `again:${input.kind}:${input.gift}`;
    if (postings.some((posting) => posting.entry === entry)) throw new Refusal('already_ended');
    return gift.map((posting) => reverse(posting, { cause: `again:${posting.cause}`, entry, on: ctx.today }));
  },
  show({ money }, again) {
    const owed = owedNow(money);
    const amount = sum(again.map((posting) => posting.amount));
    return {
      before: { owed_amount: owed },
      after: { owed_amount: owed + amount },
      changes: [],
      access: null,
      warnings: [],
    };
  },
  reads: (state) => [JSON.stringify(state)],
  async save(ctx, { money, gift }, again, input) {
    const claim = gift[0]?.claim as string;
    await post(ctx, again);
    await refreshInstalments(ctx, [claim]);
    // What was changed in the contract while the loss kept an instalment where it was reaches it now.
    const contract = money.claims.find(({ id }) => id === claim)?.contract;
    if (contract) await followSchedules(ctx, [contract]);
    await refreshAccess(ctx, [money.customer]);
    const amount = sum(again.map((posting) => posting.amount));
    await announce(ctx, {
      type: input.kind === 'write_off' ? 'debt.claimed_again' : 'fee.charged_again',
      subjects: [input.gift, claim, money.customer],
      data: { amount },
    });
    const on = gift[0]?.effective_on as string;
    return { object: input.kind, id: input.gift, claim, customer: money.customer, amount, on, taken_back: true };
  },
};
