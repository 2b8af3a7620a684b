/** The demo club's invoices: who it is on them, some that are paid, one of what is due, and a credit note. */
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { invoicingSettings } from '../schemas/invoicing-settings.ts';
import { commitOperation } from '../services/operation.ts';
import { operations } from '../services/operations.ts';
import { query } from '../store/database.ts';

export const demoInvoicing = invoicingSettings.parse({
  seller: {
    name: 'Club Les Tilleuls SAS',
    trade_name: 'Club Les Tilleuls',
    legal_form: 'SAS',
    capital_amount: 5_000_000,
    register_entry: 'RCS Lyon 123 456 782',
    siren: '123456782',
    vat_number: 'FR11123456782',
    address: { street: '14 allée des Tilleuls', postcode: '69006', town: 'Lyon', country: 'FR' },
    email: 'bonjour@les-tilleuls.example',
    website: 'les-tilleuls.example',
    iban: 'FR7630006000011234567890189',
  },
  accent: '#2f6b3c',
});

/** Their PDFs are printed by the workers, once the engine runs. */
export async function issueSomeInvoices(ctx: Context, contracts: readonly string[]): Promise<void> {
  const issue = (contract: string, instalments?: string[]) => {
    const input = { contract, ...(instalments && { instalments }), new_invoice: newId('inv') };
    return commitOperation(ctx, 'issue-invoice', operations['issue-invoice'], input) as Promise<{ id: string }>;
  };
  const paid = await query<{ id: string }>(
    ctx.trx,
    `select contract_id as id from instalment where contract_id = any(?::text[]) and status = 'paid'
     group by contract_id order by contract_id limit 5`,
    [contracts as string[]],
  );
  const first = await issueInTurn(paid, issue);
  const [due] = await query<{ id: string; contract: string }>(
    ctx.trx,
    `select id, contract_id as contract from instalment
     where contract_id = any(?::text[]) and status = 'scheduled' and due_on <= ? and amount_cents > 0 order by id limit 1`,
    [contracts as string[], ctx.today],
  );
  if (due) await issue(due.contract, [due.id]);
  if (!first) return;
  const cancellation = { amount: 1000, reason: 'Cours annulé' };
  const input = { invoice: first, cancellation, new_invoice: newId('inv') };
  await commitOperation(ctx, 'cancel-invoice', operations['cancel-invoice'], input);
}

async function issueInTurn(
  contracts: readonly { id: string }[],
  issue: (contract: string) => Promise<{ id: string }>,
): Promise<string | null> {
  let first: string | null = null;
  for (const { id } of contracts) {
    const invoice = await issue(id);
    first ??= invoice.id;
  }
  return first;
}
