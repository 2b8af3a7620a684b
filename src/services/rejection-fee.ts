/** The row of a fee for a payment that came back. */
import type { Context } from '../context.ts';
import type { Fee } from '../domain/rejections/fee.ts';
import type { NewFee } from '../store/fees.ts';

export function rejectionFee(
  ctx: Context,
  fee: Fee & { claim: string },
  of: Pick<NewFee, 'customer' | 'due_on' | 'follows'> & { payment: string },
): NewFee {
  const { claim, article, label, amount, tax_rate_bps } = fee;
  return { ...of, id: claim, kind: 'rejection', article, label: label ?? plainLabel(ctx), amount, tax_rate_bps };
}

/** Where its article has no name. */
function plainLabel(ctx: Context): string {
  return { fr: 'Frais de rejet', en: 'Rejection fee', de: 'Rückweisungsgebühr' }[ctx.organization.locale];
}
