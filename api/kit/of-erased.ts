/** Of a person who was erased only the books are left: whatever a request would write about them is refused, here alone. */
import { z } from 'zod';
import type { ReadContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { customersKinds, isErasedAmong } from '../../src/store/named-customers.ts';
import type { AnyInput, Route } from './route.ts';

const ID = new RegExp(`^(${customersKinds.join('|')})_[0-9A-HJKMNP-TV-Z]{26}$`);

/** Whether it writes and can name something of a customer, in its path or its body. */
export function writesAboutCustomers(route: Route): boolean {
  if (route.kind !== 'write' && route.kind !== 'job' && route.kind !== 'operation') return false;
  return kindsNamedBy(route).some((kind) => customersKinds.includes(kind));
}

/** The prefixes of the ids that a route names in its path and its body. */
export function kindsNamedBy(route: Route): string[] {
  const kinds = [route.params, route.body].flatMap((schema) => {
    if (!schema) return [];
    const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    return [...text.matchAll(/"pattern":"\^([a-z]{3})_/g)].map(([, kind]) => kind as string);
  });
  return [...new Set(kinds)];
}

/** @param locking for who writes afterwards @throws Refusal `customer_erased` */
export async function refuseErased(ctx: ReadContext, { params, body }: AnyInput, locking: boolean): Promise<void> {
  const ids = [...idsIn(params), ...idsIn(body)];
  if (ids.length > 0 && (await isErasedAmong(ctx, ids, locking))) throw new Refusal('customer_erased');
}

function* idsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (ID.test(value)) yield value;
  } else if (value !== null && typeof value === 'object' && !Buffer.isBuffer(value)) {
    for (const part of Object.values(value)) yield* idsIn(part);
  }
}
