import { describe, expect, test } from 'vitest';
import { day } from '../../src/domain/day.ts';
import { amendmentOf, changeAccount, lastUsableDay, type Mandate, mandateObstacle } from '../../src/domain/mandates.ts';

const mandate: Mandate = {
  id: 'man_1',
  kind: 'recurrent',
  state: 'active',
  suspended_for: null,
  signed_on: day('2010-01-04'),
  last_collected_on: day('2010-07-05'),
  account_change_untold: false,
};

describe('a mandate', () => {
  test('is void 36 months after its last collection, or its signature, on that very day and whatever is marked', () => {
    expect(lastUsableDay(mandate)).toBe('2013-07-05');
    expect(lastUsableDay({ ...mandate, last_collected_on: null })).toBe('2013-01-04');
    expect(mandateObstacle(mandate, day('2013-07-05'))).toBeNull();
    expect(mandateObstacle(mandate, day('2013-07-06'))).toBe('mandate_expired');
  });

  test('keeps its reference with another account, and the bank is told until it has taken a collection', () => {
    const changed = { ...mandate, ...changeAccount(mandate) };
    expect(amendmentOf(mandate)).toBeNull();
    expect(amendmentOf(changed)).toBe('SMNDA');
    expect(amendmentOf({ ...changed, account_change_untold: false })).toBeNull();
  });

  test('never presented, has nothing to tell the bank of an earlier account', () => {
    expect(changeAccount({ ...mandate, last_collected_on: null }).account_change_untold).toBe(false);
  });

  test('that waited for another account can be used again; one that waits for a signature goes on waiting', () => {
    const waiting: Mandate = { ...mandate, state: 'suspended', suspended_for: 'account' };
    expect(changeAccount(waiting)).toMatchObject({ state: 'active', suspended_for: null });
    expect(changeAccount({ ...waiting, suspended_for: 'signature' })).toMatchObject({
      state: 'suspended',
      suspended_for: 'signature',
    });
  });

  test.each(['revoked', 'expired', 'used'] as const)('that is %s gets no other account', (state) => {
    expect(() => changeAccount({ ...mandate, state })).toThrow('mandate_state_forbids');
  });
});
