import { openDay as openOrganizationDay } from '../../src/services/open-day.ts';
import type { Processor } from '../processor.ts';

export const openDay: Processor<'open-day'> = {
  kind: 'transaction',
  run: (ctx, payload) => openOrganizationDay(ctx, payload.on),
};
