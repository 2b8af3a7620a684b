/** A random population, written straight into the tables: what SQL decides set-based is held against the domain on it. */
import type { Day } from '../../src/domain/day.ts';
import { addDays } from '../../src/domain/day.ts';
import type { Trx } from '../../src/store/database.ts';
import { random } from '../storm/random.ts';

export const TODAY = '2010-07-15' as Day;

type Row = Record<string, unknown>;

/** Numbers that a seed decides. */
export function lots(seed: number) {
  const draw = random(seed);
  return {
    upTo: (n: number) => draw.int(0, n - 1),
    chance: (percent: number) => draw.chance(percent / 100),
    oneOf: draw.pick,
    /** A day around `TODAY`. */
    near: (before: number, after: number) => addDays(TODAY, draw.int(-before, after)),
  };
}

/** Rows of one table; a column missing in a row is null. Foreign keys are not looked at. */
export async function insertRows(trx: Trx, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const names = columns.map((name) => `"${name}"`).join(', ');
  await trx.raw(
    `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, ?::jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** Customers with everything that their access and their direct debits rest on. */
export async function insertPopulation(trx: Trx, organization: string, seed: number, count: number): Promise<string[]> {
  await trx.raw('set local session_replication_role = replica');
  const { upTo, chance, oneOf, near } = lots(seed);
  const at = '2010-07-01T00:00:00Z';
  const of = { organization_id: organization };
  const rows: Record<string, Row[]> = {
    customer: [],
    plan: [],
    contract: [],
    suspension: [],
    mandate: [],
    instalment: [],
    fee: [],
    payment: [],
    payment_part: [],
    collection_line: [],
    promise: [],
    message: [],
  };
  const add = (table: string, row: Row) => (rows[table] as Row[]).push({ ...of, ...row });
  let made = 0;
  const id = (prefix: string) => {
    made += 1;
    return `${prefix}_${seed}_${String(made).padStart(7, '0')}`;
  };
  const plan = id('pln');
  add('plan', { id: plan, name: 'Gym', kind: 'membership', terms: {}, version: 1, created_at: at });
  const customers: string[] = [];

  const pay = (customer: string, mandate: string | null, claim: string, amount: number, flying: boolean) => {
    const payment = id('pay');
    const due_on = near(20, 20);
    const state = flying ? 'collecting' : 'pending';
    const method = flying || chance(60) ? 'direct_debit' : 'cheque';
    add('payment', {
      id: payment,
      customer_id: customer,
      state,
      amount_cents: amount,
      credit_cents: 0,
      method,
      due_on,
      paid_on: flying ? due_on : null,
      mandate_id: chance(70) ? mandate : null,
      attempt: 2,
      first_attempt_id: payment,
      rejections: 0,
      needs_person: false,
      refunded_cents: 0,
      actor: 'test',
      version: 1,
      recorded_at: at,
    });
    add('payment_part', {
      payment_id: payment,
      claim_id: claim,
      customer_id: customer,
      position: 0,
      amount_cents: amount,
    });
    if (flying && chance(90))
      add('collection_line', {
        id: id('lin'),
        collection_id: 'col_x',
        customer_id: customer,
        payment_id: payment,
        amount_cents: amount,
        due_on,
        collection_on: near(25, 10),
        mandate_id: mandate ?? 'mdt_x',
        sequence_type: 'RCUR',
        state: 'in_flight',
      });
  };

  /** What of a claim is asked for, with the bank, and covered. Together never more than it is. */
  const owe = (customer: string, mandate: string | null, claim: string, amount: number): number => {
    let left = amount;
    let covered = 0;
    for (let n = upTo(3); n > 0 && left > 1; n -= 1) {
      const part = chance(30) ? left : 1 + upTo(left - 1);
      const kind = oneOf(['flying', 'pending', 'settled']);
      if (kind !== 'settled') pay(customer, mandate, claim, part, kind === 'flying');
      if (kind !== 'pending') covered += part;
      left -= part;
    }
    return covered;
  };

  for (let n = 0; n < count; n += 1) {
    const customer = id('cus');
    customers.push(customer);
    add('customer', {
      id: customer,
      name: `Member ${n}`,
      locale: 'fr',
      address: chance(50) ? { town: 'Paris', country: 'FR' } : null,
      version: 1,
      created_at: at,
      access_state: 'blocked',
      access_reason: 'no_contract',
      access_review_on: chance(80) ? near(5, 5) : null,
      deceased_on: chance(5) ? TODAY : null,
      collections_stopped_on: chance(5) ? TODAY : null,
    });
    const mandates = Array.from({ length: upTo(3) }, () => {
      const mandate = id('mdt');
      const state = chance(70) ? 'active' : oneOf(['suspended', 'revoked', 'expired', 'used']);
      add('mandate', {
        id: mandate,
        customer_id: customer,
        reference: mandate,
        scheme: 'CORE',
        kind: chance(75) ? 'recurrent' : 'one_off',
        state,
        suspended_for: state === 'suspended' ? 'person' : null,
        signed_on: chance(85) ? near(1300, 0) : TODAY,
        last_collected_on: chance(40) ? near(1150, 0) : null,
        sealed_iban: 'x',
        iban_index: 'x',
        iban_country: oneOf(['FR', 'FR', 'CH']),
        iban_last4: '0189',
        account_change_untold: chance(20),
        version: 1,
        created_at: at,
      });
      return mandate;
    });
    const mandate = mandates.at(-1) ?? null;
    for (let c = upTo(4); c > 0; c -= 1) {
      const contract = id('ctr');
      const starts_on = near(60, 30);
      add('contract', {
        id: contract,
        customer_id: customer,
        plan_id: plan,
        chain_id: contract,
        kind: 'membership',
        terms: {},
        method: 'direct_debit',
        starts_on,
        ends_on: chance(60) ? addDays(starts_on, upTo(80) - 1) : null,
        cancelled_on: chance(20) ? addDays(starts_on, upTo(60) - 1) : null,
        version: 1,
        created_on: starts_on,
        created_at: at,
        deleted_at: chance(10) ? at : null,
        tax_rate_bps: 0,
        mandate_id: chance(40) && mandates.length > 0 ? oneOf(mandates) : null,
      });
      for (let s = upTo(4); s > 0; s -= 1) {
        const first = near(40, 20);
        add('suspension', {
          id: id('sus'),
          contract_id: contract,
          starts_on: first,
          ends_on: chance(75) ? addDays(first, upTo(40)) : null,
          removed_on: chance(20) ? TODAY : null,
          data: { reason: oneOf(['Leg', 'Arm', 'Travel']) },
        });
      }
      for (let i = upTo(5); i > 0; i -= 1) {
        const instalment = id('ins');
        const status = oneOf(['scheduled', 'scheduled', 'rejected', 'collecting', 'paid', 'cancelled', 'waived']);
        const amount = status === 'waived' ? 0 : chance(5) ? 1 : 100 + upTo(9000);
        const open = ['scheduled', 'rejected', 'collecting'].includes(status);
        const sold = open && chance(70);
        const covered = sold ? owe(customer, mandate, instalment, amount) : 0;
        add('instalment', {
          id: instalment,
          contract_id: contract,
          customer_id: customer,
          number: i,
          due_on: near(60, 45),
          amount_cents: amount,
          status: sold && covered === amount && status !== 'collecting' ? 'paid' : status,
          method: chance(80) ? 'direct_debit' : 'cash',
          explains: [],
          credited_cents: 0,
          sold_cents: sold ? amount : null,
          sold_revision: sold ? 1 : 0,
          covered_cents: covered,
          reopened_on: status === 'rejected' ? near(20, 0) : null,
        });
        if (chance(15))
          add('message', {
            id: id('rem'),
            customer_id: customer,
            kind: 'reminder',
            subject_id: instalment,
            stage: 1 + upTo(2),
            channel: 'letter',
            text_kind: 'reminder_1',
            language: 'fr',
            state: oneOf(['sent', 'to_print', 'skipped']),
            reason: 'x',
            facts: {},
            amount_cents: 1,
            fee_cents: 0,
            blocks: chance(70),
            due_on: TODAY,
            made_on: TODAY,
            ended_on: near(20, 0),
            ready_on: near(25, 0),
            actor: 'test',
            version: 1,
            recorded_at: at,
          });
        if (!chance(20)) continue;
        const fee = id('fee');
        const fee_cents = 500 + upTo(1000);
        add('fee', {
          id: fee,
          customer_id: customer,
          kind: 'rejection',
          label: 'Fee',
          amount_cents: fee_cents,
          tax_rate_bps: 0,
          due_on: near(30, 10),
          follows_id: chance(70) ? instalment : null,
          sold_cents: fee_cents,
          covered_cents: owe(customer, mandate, fee, fee_cents),
          recorded_on: TODAY,
          recorded_at: at,
        });
      }
    }
    if (chance(20))
      add('promise', {
        id: id('prm'),
        customer_id: customer,
        until_on: near(10, 15),
        withdrawn_on: chance(30) ? TODAY : null,
        actor: 'test',
        recorded_on: TODAY,
        recorded_at: at,
      });
  }
  for (const [table, some] of Object.entries(rows)) await insertRows(trx, table, some);
  return customers;
}
