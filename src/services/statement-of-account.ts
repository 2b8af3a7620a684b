/** A customer's statement of account for a period, as a document: what was owed before, each line, what is owed after. */
import type { ReadContext } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import { makeStatement, type StatementDocument } from '../domain/invoices/statement.ts';
import { type Cents, ZERO } from '../domain/money.ts';
import type { Language } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { findCustomer } from '../views/customers.ts';
import { viewLedger } from '../views/ledger.ts';
import { buyerOf, sellerOf } from './invoicing-identity.ts';

/** @throws Refusal `not_found`, `period_reversed`, `invoice_seller_incomplete` */
export async function statementOfAccount(
  ctx: ReadContext,
  customerId: string,
  from_on: Day,
  to_on: Day,
): Promise<StatementDocument> {
  if (to_on < from_on) throw new Refusal('period_reversed', {}, { pointer: '?to_on' });
  const customer = await findCustomer(ctx, customerId);
  const language = customer.locale as Language;
  const { lines } = await viewLedger({ ...ctx, language }, customerId, to_on);
  const before = lines.findLast((line) => line.on <= addDays(from_on, -1));
  const head = {
    issued_on: ctx.today,
    language,
    currency: ctx.organization.currency,
    seller: sellerOf(ctx.organization),
    buyer: buyerOf(customer),
    period: { from_on, to_on },
    opening: (before?.balance_amount ?? ZERO) as Cents,
  };
  return makeStatement(
    head,
    lines
      .filter((line) => line.on >= from_on && line.on <= to_on)
      .map(({ on, kind, label, amount, paid }) => ({ on, kind, label, amount: amount as Cents, paid })),
  );
}
