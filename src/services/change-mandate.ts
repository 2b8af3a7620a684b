/** What is done to a mandate: suspended, resumed, revoked, moved to another account. */
import type { Context } from '../context.ts';
import { countryOfIban, lastFour, readIban } from '../domain/iban.ts';
import { changeAccount, nextMandateState } from '../domain/mandates.ts';
import { Refusal } from '../errors/refusal.ts';
import { ibanPurpose, loadMandate, moveMandate } from '../store/mandates.ts';
import { theSealer } from '../store/sealing.ts';
import { announce } from './announce.ts';

export const mandateActs = ['suspend', 'resume', 'revoke'] as const;
export type MandateAct = (typeof mandateActs)[number];

/** @throws Refusal `not_found`, `stale_version`, `mandate_state_forbids` */
export async function actOnMandate(
  ctx: Context,
  input: { mandate: string; act: MandateAct; reason?: string | undefined },
  ifVersion: number | undefined,
): Promise<void> {
  const mandate = await loadMandate(ctx, input.mandate, true);
  if (ifVersion !== undefined && ifVersion !== mandate.version) throw new Refusal('stale_version');
  const state = nextMandateState(mandate.state, input.act);
  await moveMandate(ctx, mandate.id, { state, suspended_for: state === 'suspended' ? 'person' : null });
  await announce(ctx, {
    type: `mandate.${state}`,
    subjects: [mandate.id, mandate.customer],
    data: { reason: input.reason ?? null },
  });
}

/** The same mandate on another account. @throws Refusal `not_found`, `stale_version`, `iban_…`, `mandate_state_forbids` */
export async function changeMandateAccount(
  ctx: Context,
  input: { mandate: string; iban: string },
  ifVersion: number | undefined,
): Promise<void> {
  const iban = readIban(input.iban);
  const mandate = await loadMandate(ctx, input.mandate, true);
  if (ifVersion !== undefined && ifVersion !== mandate.version) throw new Refusal('stale_version');
  await moveMandate(ctx, mandate.id, changeAccount(mandate));
  const purpose = ibanPurpose(ctx.organization.id);
  await ctx.trx.raw(
    'update mandate set sealed_iban = ?, iban_index = ?, iban_country = ?, iban_last4 = ? where id = ?',
    [
      theSealer().seal(iban, purpose),
      theSealer().index(iban, purpose),
      countryOfIban(iban),
      lastFour(iban),
      mandate.id,
    ],
  );
  await announce(ctx, {
    type: 'mandate.account_changed',
    subjects: [mandate.id, mandate.customer],
    data: { country: countryOfIban(iban), last4: lastFour(iban) },
  });
}
