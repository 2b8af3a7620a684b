/**
 * The demo: a club of 120 members and its review over a year, on a clock of its own. Everything in it is done by the same use
 * cases as in life, each on its day, so what it shows is what the engine does.
 */
import { type Context, type Organization, writeContext } from '../context.ts';
import { addDays, addMonths, type Day, day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { organizationSettings } from '../schemas/organization-settings.ts';
import { newPlan } from '../schemas/plan.ts';
import { createCustomer } from '../services/create-customer.ts';
import { createApiKey, createOrganization } from '../services/create-organization.ts';
import { createPlan } from '../services/create-plan.ts';
import { extendHorizon } from '../services/extend-horizon.ts';
import { commitOperation } from '../services/operation.ts';
import { type OperationName, operations } from '../services/operations.ts';
import { type PaidInstalment, recordPayments } from '../services/record-payments.ts';
import { sweepInvoices } from '../services/send-notices.ts';
import { sweepReminders } from '../services/send-reminders.ts';
import { connectDatabase, query, queryOne, type Trx } from '../store/database.ts';
import { launchReview, readersMonth } from './magazine.ts';
import { demoInvoicing, issueSomeInvoices } from './paperwork.ts';
import { member } from './people.ts';

export const DEMO_KEY = 'sk_test_demo';
const BEGINS_ON = day('2025-10-01');
const TODAY = day('2026-10-15');
const MEMBERS = 120;

/** Loads the demo unless it is there. @returns whether it was loaded now. */
export async function loadDemo(databaseUrl: string): Promise<boolean> {
  const database = connectDatabase(databaseUrl, { max: 2, application: 'echeance-demo' });
  try {
    return await database.transaction(async (trx) => {
      await trx.raw("select pg_advisory_xact_lock(hashtext('echeance demo'))");
      if (await queryOne(trx, "select 1 from api_key where label = 'demo'")) return false;
      await tellTheYear(trx, new Date());
      return true;
    });
  } finally {
    await database.destroy();
  }
}

interface Story {
  at(on: Day): Context;
  plans: { open: string; annual: string; frozen: string; student: string };
  contracts: { id: string; signed_on: Day; openEnded: boolean }[];
}

const demoReminders = { receipts_for: ['card'], notices: ['rejection_notice', 'invoice', 'access_blocked'] };

async function tellTheYear(trx: Trx, now: Date): Promise<void> {
  const organization = await createOrganization(
    trx,
    {
      name: 'Club Les Tilleuls',
      timezone: 'Europe/Paris',
      currency: 'EUR',
      locale: 'fr',
      test_today: BEGINS_ON,
      settings: organizationSettings.parse({ reminders: demoReminders, invoicing: demoInvoicing }),
    },
    now,
  );
  await createApiKey(
    trx,
    { organization_id: organization.id, label: 'demo', role: 'admin', is_operator: true, secret: DEMO_KEY },
    now,
  );
  const at = (on: Day) => contextOn(trx, organization, on, now);
  const story: Story = { at, plans: await sellPlans(at(BEGINS_ON)), contracts: [] };
  const review = await launchReview(at(BEGINS_ON), BEGINS_ON);
  for (let month = 0; ; month += 1) {
    const first = addMonths(BEGINS_ON, month);
    if (first > TODAY) break;
    await welcomeMembers(story, month, first);
    await whatHappensIn(story, month, first);
    await readersMonth(review, at, month, first, TODAY);
    const last = addDays(addMonths(BEGINS_ON, month + 1), -1);
    await payWhatIsDue(at(last < TODAY ? last : TODAY));
  }
  await trx.raw('update organization set test_today = ?, opened_on = ? where id = ?', [TODAY, TODAY, organization.id]);
  const openEnded = story.contracts.filter((contract) => contract.openEnded).map((contract) => contract.id);
  await extendHorizon(at(TODAY), openEnded);
  // Who is late is reminded: the mails are written by the workers, once they start.
  await sweepReminders(at(TODAY));
  await issueSomeInvoices(
    at(TODAY),
    story.contracts.map((contract) => contract.id),
  );
  await sweepInvoices(at(TODAY));
}

function contextOn(trx: Trx, organization: Organization, on: Day, now: Date): Context {
  return writeContext(trx, { ...organization, test_today: on }, 'demo', now);
}

async function sellPlans(ctx: Context): Promise<Story['plans']> {
  const plan = (terms: object) => createPlan(ctx, newPlan.parse({ kind: 'membership', tax_rate_bps: 2000, ...terms }));
  return {
    open: await plan({ name: 'Liberté', amount: 5900 }),
    annual: await plan({ name: 'Annuel', amount: 5000, term_months: 12, instalments: 12 }),
    frozen: await plan({
      name: 'Annuel avec gel',
      amount: 4500,
      term_months: 12,
      instalments: 12,
      freeze: { active: true, shift_end: true, discount_bps: 4000, min_days: 14, max_days_per_year: 90 },
    }),
    student: await plan({ name: 'Étudiant', amount: 2990, freeze: { active: true, amount: 200 } }),
  };
}

/** Half of them are there from the beginning; the others join over the year. */
async function welcomeMembers(story: Story, month: number, first: Day): Promise<void> {
  for (let index = 0; index < MEMBERS; index += 1) {
    const joinsIn = index < MEMBERS / 2 ? 0 : 1 + (index % 11);
    if (joinsIn !== month) continue;
    const starts_on = addDays(first, (index * 3) % 27);
    if (starts_on > TODAY) continue;
    const ctx = story.at(starts_on);
    const customer = await createCustomer(ctx, member(index));
    const kind = (['open', 'annual', 'open', 'frozen', 'student'] as const)[index % 5] as keyof Story['plans'];
    const id = newId('ctr');
    await run(ctx, 'sign-contract', {
      customer,
      plan: story.plans[kind],
      starts_on,
      method: index % 9 === 0 ? 'card' : 'direct_debit',
      new_contract: id,
    });
    story.contracts.push({ id, signed_on: starts_on, openEnded: kind === 'open' || kind === 'student' });
  }
}

/** The broken legs, holidays and returns of one month. */
async function whatHappensIn(story: Story, month: number, first: Day): Promise<void> {
  /** Null where the plan refuses it: then the desk does not do it. */
  const suspend = async (contract: { id: string }, on: Day, suspension: object): Promise<string | null> => {
    const new_ids = newIds();
    try {
      await run(story.at(on), 'suspend-contract', { contract: contract.id, suspension, new_ids });
      return new_ids.sus[0] ?? null;
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  };
  for (const [place, contract] of story.contracts.entries()) {
    const on = addDays(first, 9);
    if (on > TODAY || on < contract.signed_on || (place + month * 5) % 23 !== 0 || month === 0) continue;
    const starts_on = addDays(on, 5);
    if (place % 4 === 0) await suspend(contract, on, { starts_on, days: 45, amount: 200, reason: 'Jambe cassée' });
    else if (place % 4 === 1) await suspend(contract, on, { starts_on, days: 20, reason: 'Vacances' });
    else if (place % 4 === 2) await suspend(contract, on, { starts_on, days: 60, reason: 'Grossesse' });
    else {
      const suspension = await suspend(contract, on, { starts_on, unlimited: true, reason: 'Mission à l’étranger' });
      const back = addDays(starts_on, 70);
      // Some are not back yet.
      if (suspension !== null && back < TODAY && month % 3 !== 2) {
        await run(story.at(back), 'stop-suspension', { suspension, stop: { on: back }, new_ids: newIds() });
      }
    }
  }
}

/** All but a few pay on the day; what is left open is there to be looked at. */
async function payWhatIsDue(ctx: Context): Promise<void> {
  const due = await query<PaidInstalment>(
    ctx.trx,
    `select id, customer_id as customer, amount_cents as amount, method, due_on from instalment
     where organization_id = ? and phase = 'open' and status = 'scheduled' and due_on <= ? and abs(hashtext(id)) % 70 <> 0
       and (due_on < ?::date - 40 or abs(hashtext(id)) % 20 <> 0)`,
    [ctx.organization.id, ctx.today, TODAY],
  );
  await recordPayments(ctx, due);
}

function newIds() {
  return { chg: Array.from({ length: 4 }, () => newId('chg')), sus: [newId('sus')] };
}

function run(ctx: Context, name: OperationName, input: object): Promise<object> {
  return commitOperation(ctx, name, operations[name], input);
}
