/**
 * Signs a contract: copies the plan's terms, writes the schedule down.
 *
 * Always true: a contract keeps what was sold on the day it was sold; a later edit of the plan changes nothing in it.
 */
import assert from 'node:assert';
import type { ReadContext } from '../context.ts';
import { checkLength } from '../domain/contract-changes/length.ts';
import { dayBeforeMoves, soldNext } from '../domain/contract-changes/renewal.ts';
import { addDays, addMonths, type Day } from '../domain/day.ts';
import { issueSubscription, type SoldIssues } from '../domain/issues/sell.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { cents } from '../domain/money.ts';
import { scheduleChain } from '../domain/schedule/chain.ts';
import type { ChainMove, Schedule } from '../domain/schedule/instalment.ts';
import { schedule } from '../domain/schedule/schedule.ts';
import { notMoved } from '../domain/schedule/term.ts';
import type { FreezePolicy, Terms } from '../domain/schedule/terms.ts';
import { Refusal } from '../errors/refusal.ts';
import type { NewContract } from '../schemas/contracts.ts';
import { type PlanKind, type PlanTerms, planTerms } from '../schemas/plan.ts';
import {
  chainUntil,
  horizonOf,
  loadChain,
  type StoredChain,
  type StoredContract,
  scheduled,
} from '../store/contract-state.ts';
import { queryOne } from '../store/database.ts';
import { loadPublication, type Publication } from '../store/publications.ts';
import { saveContracts } from '../store/save-contract.ts';
import { showEntitlement } from '../views/contract-issues.ts';
import { findContract } from '../views/contracts.ts';
import { announce } from './announce.ts';
import { followContracts } from './contract-money.ts';
import type { DecisionContext, Operation } from './operation.ts';

export interface SignContractInput extends NewContract {
  new_contract: string;
}

interface State {
  plan: { id: string; kind: PlanKind; terms: PlanTerms; version: number };
  customer: { id: string; version: number };
  /** What is subscribed to, for a plan of issues. */
  publication: Publication | null;
  mandate: { id: string } | null;
  /** `moved`: how far the chain before it has moved from where it was sold. */
  renewed: { contract: StoredContract; last: StoredContract; moved: ChainMove } | null;
}

interface Decision {
  contract: StoredContract;
  schedule: Schedule;
}

export const signContract: Operation<SignContractInput, State, Decision> = {
  load,
  decide,
  show: (state, { contract, schedule: after }, ctx) => ({
    before: null,
    after: {
      starts_on: after.starts_on,
      ends_on: after.ends_on,
      instalments: after.instalments,
      suspended_periods: [],
      ...showIssues(state, contract, ctx),
    },
    changes: [],
    access: null,
    warnings: [],
  }),
  reads: (state) => [
    state.plan.id,
    state.plan.version,
    state.customer.id,
    state.publication?.version ?? null,
    state.mandate?.id ?? null,
    state.renewed?.last.id ?? null,
    state.renewed?.last.version ?? null,
  ],
  async save(ctx, state, { contract, schedule: after }) {
    await ctx.trx.raw(
      `insert into contract (id, organization_id, customer_id, plan_id, chain_id, renews_id, kind, terms, method, starts_on,
                             ends_on, materialised_until, credits_left, publication_id, mandate_id, tax_rate_bps, version,
                             created_on, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, (select mandate_id from contract where id = ?)), ?, 0, ?, ?)`,
      [
        contract.id,
        ctx.organization.id,
        contract.customer_id,
        contract.plan_id,
        contract.chain_id,
        contract.renews_id,
        state.plan.kind,
        JSON.stringify(contract.terms),
        contract.terms.method,
        after.starts_on,
        after.ends_on,
        contract.materialised_until,
        state.plan.terms.credits,
        contract.terms.issues?.publication ?? null,
        state.mandate?.id ?? null,
        contract.renews_id,
        state.plan.terms.tax_rate_bps,
        ctx.today,
        ctx.now,
      ],
    );
    const save = { contract, changes: [], schedule: after, materialised_until: contract.materialised_until };
    await saveContracts(ctx, [save], ctx.job?.id ?? null);
    await followContracts(ctx, [save]);
    await announce(ctx, {
      type: 'contract.signed',
      subjects: [contract.id, contract.customer_id],
      data: { plan: contract.plan_id, renews: contract.renews_id },
    });
    return findContract(ctx, contract.id);
  },
};

async function load(ctx: ReadContext, input: SignContractInput, locking: boolean): Promise<State> {
  const { id: organization } = ctx.organization;
  const customer = await queryOne<State['customer']>(
    ctx.reader,
    `select id, version from customer where id = ? and organization_id = ?${locking ? ' for no key update' : ''}`,
    [input.customer, organization],
  );
  if (!customer) throw new Refusal('customer_unknown', {}, { pointer: '/customer' });
  const plan = await queryOne<{ id: string; kind: PlanKind; terms: unknown; version: number }>(
    ctx.reader,
    'select id, kind, terms, version from plan where id = ? and organization_id = ?',
    [input.plan, organization],
  );
  if (!plan) throw new Refusal('plan_unknown', {}, { pointer: '/plan' });
  const mandate = input.mandate === undefined ? null : await customersMandate(ctx, input.mandate, input.customer);
  const chain = input.renews === undefined ? null : await loadChain(ctx, input.renews, locking);
  const terms = planTerms.parse(plan.terms);
  return {
    plan: { ...plan, terms },
    customer,
    publication:
      terms.publication === null ? null : await loadPublication(ctx, terms.publication, locking ? 'read' : 'none'),
    mandate,
    renewed: chain && {
      contract: chain.contract,
      last: chain.chain.at(-1) as StoredContract,
      moved: movedBy(chain, ctx),
    },
  };
}

/** @throws Refusal `mandate_unknown` for one that is unknown or another customer's */
async function customersMandate(ctx: ReadContext, id: string, customer: string): Promise<{ id: string }> {
  const mandate = await queryOne<{ id: string }>(
    ctx.reader,
    'select id from mandate where id = ? and customer_id = ? and organization_id = ?',
    [id, customer, ctx.organization.id],
  );
  if (!mandate) throw new Refusal('mandate_unknown', {}, { pointer: '/mandate' });
  return mandate;
}

function decide({ plan, renewed, publication }: State, input: SignContractInput, ctx: DecisionContext): Decision {
  if (input.currency !== undefined && input.currency !== ctx.organization.currency) {
    throw new Refusal('currency_mismatch', { currency: ctx.organization.currency }, { pointer: '/currency' });
  }
  if (renewed) checkRenewal(renewed, input);
  const moved = renewed?.moved ?? notMoved;
  const next = renewed ? nextOf(renewed.last.terms) : null;
  const asSold = (on: Day, expected?: Day) => dayBeforeMoves(on, moved.steps, expected);
  const starts_on = asSold(input.starts_on, next?.begins_on);
  const pack = plan.kind === 'credits';
  const given = input.ends_on === undefined ? null : addDays(asSold(addDays(input.ends_on, 1), next?.over_on), -1);
  const sold: Terms = {
    starts_on,
    ends_on: given ?? (pack ? packEnd(starts_on, plan.terms) : termEnd(starts_on, plan.terms)),
    first_due_on: input.first_due_on === undefined ? starts_on : asSold(input.first_due_on, next?.first_due_on),
    interval_months: plan.terms.interval_months,
    instalments: plan.terms.instalments ?? (pack ? 1 : null),
    amount: cents(input.amount ?? plan.terms.amount),
    method: input.method,
    freeze: pack ? packFreeze(plan.terms.freeze as FreezePolicy) : (plan.terms.freeze as FreezePolicy),
    shift_unit: pack ? 'days' : plan.terms.shift_unit,
    notice_days: plan.terms.notice_days,
    cancellation_amount: cents(plan.terms.cancellation_amount),
    ...(pack && { pack }),
  };
  const terms = publication ? issueSubscription(sold, soldIssues(publication, plan.terms, input), ctx.today) : sold;
  if (!publication && input.first_issue !== undefined)
    throw new Refusal('plan_field_of_other_kind', {}, { pointer: '/first_issue' });
  checkTerms(terms);
  const until = horizonOf(input.starts_on, ctx.today, ctx.organization.settings.horizon_months);
  const after = schedule(terms, [], [], until, moved);
  const contract: StoredContract = {
    id: input.new_contract,
    customer_id: input.customer,
    plan_id: plan.id,
    chain_id: renewed?.contract.chain_id ?? input.new_contract,
    renews_id: input.renews ?? null,
    kind: plan.kind,
    terms,
    starts_on: after.starts_on,
    ends_on: after.ends_on,
    materialised_until: terms.ends_on === null && terms.instalments === null ? until : null,
    version: 0,
    created_on: ctx.today,
    changes: [],
    instalments: [],
    invoiced: [],
  };
  return { contract, schedule: after };
}

function nextOf(terms: Terms) {
  return terms.ends_on === null ? null : soldNext({ ...terms, ends_on: terms.ends_on });
}

function termEnd(starts_on: Day, { term_months }: PlanTerms): Day | null {
  return term_months === null ? null : addDays(addMonths(starts_on, term_months), -1);
}

function packEnd(starts_on: Day, { validity_days }: PlanTerms): Day | null {
  return validity_days === null ? null : addDays(starts_on, validity_days - 1);
}

/** A pack is paid for, not lived in: a suspension moves its expiry only where the plan says so, and never its price. */
function packFreeze(freeze: FreezePolicy): FreezePolicy {
  const shift_end = freeze.active && freeze.shift_end;
  const charges = { discount_bps: null, discount_amount: null, amount: null };
  return { ...freeze, ...charges, active: true, shift_end, shift_instalments: false };
}

function soldIssues(
  { id, issues }: Publication,
  { issues: count }: PlanTerms,
  { first_issue, renews }: SignContractInput,
): SoldIssues {
  // What follows a subscription is another one, from the issue after its last.
  if (renews !== undefined) throw new Refusal('plan_field_of_other_kind', {}, { pointer: '/renews' });
  assert(count !== null, 'a plan of issues says how many');
  return { publication: id, calendar: issues, count, first: first_issue ?? null };
}

function showIssues({ publication }: State, contract: StoredContract, ctx: DecisionContext) {
  if (!publication) return {};
  return { issues: showEntitlement(subscriptionOf(scheduled(contract), publication.issues, ctx.today)) };
}

function movedBy({ chain }: StoredChain, ctx: ReadContext): ChainMove {
  const until = chainUntil(chain, ctx.today, ctx.organization.settings.horizon_months);
  return (scheduleChain(chain.map(scheduled), until).at(-1) as Schedule).passed_on;
}

function checkTerms(terms: Terms): void {
  const { starts_on, ends_on, first_due_on } = terms;
  if (ends_on !== null && ends_on < starts_on)
    throw new Refusal('ends_before_it_begins', { starts_on }, { pointer: '/ends_on' });
  if (ends_on !== null) checkLength(starts_on, ends_on);
  const late: Day | null = ends_on ?? addMonths(starts_on, 24);
  if (first_due_on < addMonths(starts_on, -3) || first_due_on > late) {
    throw new Refusal('first_due_out_of_term', {}, { pointer: '/first_due_on' });
  }
}

function checkRenewal({ contract, last, moved }: NonNullable<State['renewed']>, input: SignContractInput): void {
  if (contract.customer_id !== input.customer)
    throw new Refusal('renewal_of_another_customer', {}, { pointer: '/renews' });
  if (last.id !== contract.id) throw new Refusal('renewed_already', { renewal: last.id }, { pointer: '/renews' });
  if (moved.cancellation)
    throw new Refusal('contract_cancelled', { on: moved.cancellation.on }, { pointer: '/renews' });
  if (contract.ends_on === null) throw new Refusal('renews_open_ended', {}, { pointer: '/renews' });
  if (input.starts_on <= contract.ends_on)
    throw new Refusal('renewal_overlaps', { ends_on: contract.ends_on }, { pointer: '/starts_on' });
}
