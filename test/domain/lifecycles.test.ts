import { describe, expect, test } from 'vitest';
import {
  collectionEvents,
  collectionLifecycle,
  collectionStates,
  nextCollectionState,
} from '../../src/domain/collections/release.ts';
import { mandateEvents, mandateLifecycle, mandateStates, nextMandateState } from '../../src/domain/mandates.ts';
import {
  nextPaymentState,
  paymentEvents,
  paymentLifecycle,
  paymentStates,
} from '../../src/domain/payments/lifecycle.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { readTables } from '../golden/read-table.ts';

interface Lifecycle {
  title: string;
  states: readonly string[];
  events: readonly string[];
  table: Readonly<Record<string, Partial<Record<string, string>>>>;
  next: (state: never, event: never) => string;
  code: string;
}

const lifecycles: Lifecycle[] = [
  {
    title: 'Payment',
    states: paymentStates,
    events: paymentEvents,
    table: paymentLifecycle,
    next: nextPaymentState,
    code: 'payment_state_forbids',
  },
  {
    title: 'Mandate',
    states: mandateStates,
    events: mandateEvents,
    table: mandateLifecycle,
    next: nextMandateState,
    code: 'mandate_state_forbids',
  },
  {
    title: 'Collection',
    states: collectionStates,
    events: collectionEvents,
    table: collectionLifecycle,
    next: nextCollectionState,
    code: 'collection_state_forbids',
  },
];

describe.each(lifecycles)('the life of a $title', ({ title, states, events, table, next, code }) => {
  const golden = readTables('lifecycles.md').find((candidate) => candidate.title === title)?.rows ?? [];

  test('is exactly the golden table, and what is not in it is refused', () => {
    expect(golden.map((row) => row.state)).toEqual(states);
    for (const row of golden)
      for (const event of events) {
        const wanted = row[event];
        expect(wanted, `${row.state} ${event} is missing`).toBeDefined();
        const go = () => next(row.state as never, event as never);
        if (wanted) expect(go()).toBe(wanted);
        else {
          expect(go).toThrow(Refusal);
          expect(go).toThrow(code);
        }
      }
  });

  test('reaches every state, and every event happens somewhere', () => {
    const reached = new Set([states[0]]);
    for (let before = -1; before !== reached.size; ) {
      before = reached.size;
      for (const state of [...reached]) for (const to of Object.values(table[state as string] ?? {})) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...states].sort());
    const used = new Set(Object.values(table).flatMap((row) => Object.keys(row)));
    expect([...used].sort()).toEqual([...events].sort());
  });
});
