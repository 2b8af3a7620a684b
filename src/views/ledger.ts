/** A customer's statement: sales and settlements in order, what is owed, what is kept for them. */

import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { statement } from '../domain/ledger/statement.ts';
import { type Cents, sum } from '../domain/money.ts';
import { type PaymentMethod, paymentMethods } from '../domain/payment-method.ts';
import { type PaymentState, paymentStates } from '../domain/payments/lifecycle.ts';
import { sayDay } from '../domain/wording.ts';
import { fill } from '../errors/fill.ts';
import type { Language } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { postingsOfCustomer } from '../store/ledger.ts';

const signedAmount = z.int().meta({ description: 'Minor units (cents); negative where it takes back.' });

export const ledgerSchema = z
  .object({
    object: z.literal('ledger'),
    customer: z.string(),
    currency: z.string(),
    as_of: dayField,
    lines: z.array(
      z.object({
        on: dayField,
        kind: z.enum(['sale', 'settlement']),
        label: z.string(),
        amount: signedAmount,
        paid: z.boolean().meta({ description: 'Counts in the balance; false: asked for and not paid yet.' }),
        balance_amount: signedAmount.meta({ description: 'Running balance: positive is owed.' }),
        method: z.enum(paymentMethods).nullable(),
        status: z.enum(paymentStates).nullable().meta({ description: 'Of the payment behind a settlement.' }),
        due_on: dayField.nullable(),
        attempt: z.int().nullable(),
        payment: z.string().nullable(),
        claims: z.array(z.string()),
        entry: z.string().nullable(),
      }),
    ),
    owed_amount: signedAmount,
    credit_amount: amountField,
    in_flight_amount: amountField.meta({ description: 'With the bank: neither owed nor received.' }),
    balance_amount: signedAmount,
  })
  .meta({ id: 'Ledger' });

interface PaymentRow {
  id: string;
  state: PaymentState;
  amount: Cents;
  method: PaymentMethod;
  due_on: Day;
  label: string | null;
  attempt: number;
  claims: string[];
}

interface ClaimRow {
  id: string;
  number: number | null;
  label: string;
  due_on: Day;
}

/** @throws Refusal `not_found` */
export async function viewLedger(ctx: ReadContext, customerId: string, asOf: Day) {
  const { id: organization } = ctx.organization;
  const customer = await queryOne(ctx.reader, 'select 1 from customer where id = ? and organization_id = ?', [
    customerId,
    organization,
  ]);
  if (!customer) throw new Refusal('not_found');
  const postings = await postingsOfCustomer(ctx, customerId);
  const payments = await query<PaymentRow>(
    ctx.reader,
    `select p.id, p.state, p.amount_cents as amount, p.method, p.due_on, p.label, p.attempt,
       coalesce((select array_agg(part.claim_id order by part.position) from payment_part part where part.payment_id = p.id), '{}') as claims
     from payment p where p.customer_id = ? order by p.due_on, p.id`,
    [customerId],
    'payments-of-statement',
  );
  const claims = await query<ClaimRow>(
    ctx.reader,
    `select i.id, i.number, plan.name as label, i.due_on from instalment i join contract c on c.id = i.contract_id
       join plan on plan.id = c.plan_id where i.customer_id = ? and i.sold_cents is not null
     union all select f.id, null, f.label, f.due_on from fee f where f.customer_id = ?`,
    [customerId, customerId],
    'claims-of-statement',
  );
  const paymentOf = new Map(payments.map((payment) => [payment.id, payment]));
  const claimOf = new Map(claims.map((claim) => [claim.id, claim]));
  const pending = payments.filter((payment) => payment.state === 'pending');
  const shown = statement(postings, pending, asOf);
  const flying = payments.filter((payment) => payment.state === 'collecting');
  return {
    object: 'ledger' as const,
    customer: customerId,
    currency: ctx.organization.currency,
    as_of: asOf,
    lines: shown.lines.map((line) => {
      const payment = line.payment === null ? undefined : paymentOf.get(line.payment);
      const about = line.claims.length > 0 ? line.claims : (payment?.claims ?? []);
      return {
        ...line,
        claims: about,
        label: labelOf(
          line,
          payment,
          about.map((id) => claimOf.get(id)).find((claim) => claim !== undefined),
          ctx.language,
        ),
        method: payment?.method ?? null,
        status: payment?.state ?? null,
        due_on: line.paid ? null : line.on,
        attempt: payment?.attempt ?? null,
      };
    }),
    owed_amount: shown.owed_amount,
    credit_amount: shown.credit_amount,
    in_flight_amount: sum(flying.map((payment) => payment.amount)),
    balance_amount: shown.owed_amount - shown.credit_amount,
  };
}

const words = {
  instalment: { fr: 'échéance {n} du {on}', en: 'instalment {n} of {on}', de: 'Rate {n} vom {on}' },
  taken_back: { fr: 'Annulation', en: 'Cancelled', de: 'Storno' },
  rejected: { fr: 'Impayé', en: 'Rejected', de: 'Zurückgewiesen' },
  refund: { fr: 'Remboursement', en: 'Refund', de: 'Erstattung' },
  written_off: { fr: 'Passé en perte', en: 'Written off', de: 'Ausgebucht' },
  again: { fr: 'Représentation', en: 'Representment', de: 'Wiedervorlage' },
  asked: { fr: 'À régler', en: 'To be paid', de: 'Zu zahlen' },
  restored: { fr: 'Rejet annulé', en: 'Rejection taken back', de: 'Rückweisung aufgehoben' },
  direct_debit: { fr: 'Prélèvement', en: 'Direct debit', de: 'Lastschrift' },
  cheque: { fr: 'Chèque', en: 'Cheque', de: 'Scheck' },
  cash: { fr: 'Espèces', en: 'Cash', de: 'Bar' },
  card: { fr: 'Carte', en: 'Card', de: 'Karte' },
  transfer: { fr: 'Virement', en: 'Transfer', de: 'Überweisung' },
} as const;

interface LabelledLine {
  kind: 'sale' | 'settlement';
  amount: number;
  paid: boolean;
  entry: string | null;
}

function labelOf(
  line: LabelledLine,
  payment: PaymentRow | undefined,
  claim: ClaimRow | undefined,
  language: Language,
): string {
  const about = claim ? nameOf(claim, language) : '';
  const join = (...parts: string[]) => parts.filter((part) => part !== '').join(' – ');
  if (line.kind === 'sale') return line.amount < 0 ? join(words.taken_back[language], about) : about;
  const verb = (line.entry ?? '').split(':')[0];
  if (verb === 'refund') return join(words.refund[language], about);
  if (verb === 'write_off') return join(words.written_off[language], about);
  const method = payment ? words[payment.method][language] : '';
  if (verb === 'reopened') return join(words.rejected[language], method, about);
  if (verb === 'closed') return join(words.restored[language], method, about);
  if (payment?.label) return payment.label;
  if (line.paid) return join(method, about);
  return join((payment?.attempt ?? 1) > 1 ? words.again[language] : words.asked[language], method, about);
}

function nameOf(claim: ClaimRow, language: Language): string {
  if (claim.number === null) return claim.label;
  const which = fill(words.instalment[language], { n: claim.number, on: sayDay(claim.due_on, language) });
  return `${claim.label}, ${which}`;
}
