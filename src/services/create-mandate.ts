/** Takes a customer's mandate in. The IBAN is checked, sealed, and never shown whole again. */
import type { Context } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import { countryOfIban, lastFour, readIban } from '../domain/iban.ts';
import { lastUsableDay } from '../domain/mandates.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { queryOne, violatedConstraint } from '../store/database.ts';
import { ibanPurpose } from '../store/mandates.ts';
import { theSealer } from '../store/sealing.ts';
import { announce } from './announce.ts';

export interface NewMandate {
  customer: string;
  iban: string;
  signed_on: Day;
  reference?: string | undefined;
  kind?: 'recurrent' | 'one_off' | undefined;
  scheme?: 'CORE' | 'B2B' | undefined;
}

/**
 * @returns the id
 * @throws Refusal `not_found`, `iban_…`, `mandate_signed_in_future`, `mandate_too_old`, `mandate_reference_taken`
 */
export async function createMandate(ctx: Context, input: NewMandate): Promise<string> {
  const iban = readIban(input.iban);
  if (input.signed_on > ctx.today)
    throw new Refusal('mandate_signed_in_future', { today: ctx.today }, { pointer: '/signed_on' });
  const last = lastUsableDay({ signed_on: input.signed_on, last_collected_on: null });
  if (last < ctx.today) {
    const params = { signed_on: input.signed_on, void_on: addDays(last, 1) };
    throw new Refusal('mandate_too_old', params, { pointer: '/signed_on' });
  }
  const customer = await queryOne(
    ctx.trx,
    'select 1 from customer where id = ? and organization_id = ? for no key update',
    [input.customer, ctx.organization.id],
  );
  if (!customer) throw new Refusal('not_found');
  const id = newId('mdt');
  const purpose = ibanPurpose(ctx.organization.id);
  try {
    await ctx.trx.raw(
      `insert into mandate (id, organization_id, customer_id, reference, scheme, kind, state, signed_on, sealed_iban, iban_index,
                            iban_country, iban_last4, account_change_untold, version, created_at)
       values (?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, false, 1, ?)`,
      [
        id,
        ctx.organization.id,
        input.customer,
        input.reference ?? id.replace('_', '-').toUpperCase(),
        input.scheme ?? 'CORE',
        input.kind ?? 'recurrent',
        input.signed_on,
        theSealer().seal(iban, purpose),
        theSealer().index(iban, purpose),
        countryOfIban(iban),
        lastFour(iban),
        ctx.now,
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'mandate_reference_taken')
      throw new Refusal('mandate_reference_taken', {}, { pointer: '/reference' });
    throw error;
  }
  await announce(ctx, {
    type: 'mandate.signed',
    subjects: [id, input.customer],
    data: { signed_on: input.signed_on, country: countryOfIban(iban), last4: lastFour(iban) },
  });
  return id;
}
