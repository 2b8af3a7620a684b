/**
 * What may not change about an organization's invoicing once numbers exist.
 *
 * Always true: a series that has numbers keeps its pattern and its restarts, and no two series share a pattern, so no
 * number is ever given twice.
 */
import type { Context } from '../context.ts';
import { patternKey } from '../domain/invoices/number.ts';
import { Refusal } from '../errors/refusal.ts';
import type { InvoicingSettings } from '../schemas/invoicing-settings.ts';
import { loadLogo, usedSeries } from '../store/invoices.ts';

/** @throws Refusal `number_series_in_use`, `not_found` (a logo that is not the organization's) */
export async function checkInvoicing(ctx: Context, settings: InvoicingSettings): Promise<void> {
  const used = await usedSeries(ctx);
  for (const name of ['invoices', 'credit_notes'] as const) {
    const series = settings[name];
    const pattern = patternKey(series.pattern);
    const clash = used.find((one) =>
      one.series === series.code
        ? one.pattern !== pattern || one.restarts !== series.restarts
        : one.pattern === pattern,
    );
    if (clash)
      throw new Refusal('number_series_in_use', { series: clash.series }, { pointer: `/settings/invoicing/${name}` });
  }
  if (patternKey(settings.invoices.pattern) === patternKey(settings.credit_notes.pattern)) {
    throw new Refusal(
      'number_series_in_use',
      { series: settings.invoices.code },
      { pointer: '/settings/invoicing/credit_notes/pattern' },
    );
  }
  if (settings.logo !== null && !(await loadLogo(ctx, settings.logo))) {
    throw new Refusal('not_found', {}, { pointer: '/settings/invoicing/logo' });
  }
}
