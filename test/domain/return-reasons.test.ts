import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  defaultPolicy,
  isKnownReason,
  policyFor,
  reasonClasses,
  reasonCodeIn,
  reasonOf,
  returnReasons,
} from '../../src/domain/return-reasons.ts';

const CODES = '../shared/sepa/codes/sdd_codes.csv';

describe('the reasons of returned debits', () => {
  test('are 35 codes, each once, each named in three languages', () => {
    expect(returnReasons).toHaveLength(35);
    expect(new Set(returnReasons.map((reason) => reason.code)).size).toBe(35);
    for (const reason of returnReasons) {
      expect(reasonClasses).toContain(reason.class);
      expect(reason.seen.length).toBeGreaterThan(0);
      for (const language of ['fr', 'en', 'de'] as const) expect(reason.name[language].length).toBeGreaterThan(3);
    }
  });

  test('have the classes of the list they were drawn from', () => {
    if (!existsSync(CODES)) {
      console.log(`not compared with ${CODES}: it is not there`);
      return;
    }
    const listed = readFileSync(CODES, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(returnReasons.map((reason) => [reason.code, reason.class])).toEqual(
      listed.map(([code, , kind]) => [code, kind]),
    );
  });

  test.each([
    ['AM04', { represent: true, max_representments: 2, fee: true }],
    ['ED05', { represent: true, max_representments: 2, fee: false }],
    ['TM01', { represent: true, max_representments: 2, fee: false }],
    ['MS03', { represent: true, max_representments: 1 }],
    ['AC01', { represent: false, mandate: 'suspend', needs_person: false }],
    ['AC04', { represent: false, mandate: 'close' }],
    ['AC06', { represent: false, mandate: 'suspend' }],
    ['AC13', { represent: false, mandate: 'suspend' }],
    ['AG01', { represent: false, mandate: 'suspend' }],
    ['DNOR', { represent: false, mandate: 'suspend', fee: false }],
    ['MD01', { represent: false, mandate: 'suspend' }],
    ['MD06', { represent: false, needs_person: true, mandate: 'keep' }],
    ['MS02', { represent: false, needs_person: true }],
    ['SL01', { represent: false, needs_person: true }],
    ['MD07', { represent: false, stop_reminders: true, mandate: 'close', fee: false }],
    ['FF01', { represent: false, needs_person: true, fee: false }],
    ['ZZ99', { represent: false, needs_person: true, fee: false, mandate: 'keep' }],
    [null, { represent: false, needs_person: true }],
  ])('by default make of %s: %o', (code, policy) => {
    expect(defaultPolicy(code)).toMatchObject(policy);
  });

  test('leave an unknown code to a person', () => {
    expect(reasonOf('ZZ99').class).toBe('HUMAN');
    expect(reasonOf(null).class).toBe('HUMAN');
    expect(isKnownReason('ZZ99')).toBe(false);
    expect(defaultPolicy('constructor').needs_person).toBe(true);
  });

  test('follow the organization’s own policy, and never represent without a limit', () => {
    expect(policyFor('MS02', { MS02: { represent: true } })).toMatchObject({ represent: true, max_representments: 1 });
    expect(policyFor('AM04', { AM04: { represent: false } })).toMatchObject({
      represent: false,
      max_representments: 0,
    });
    expect(policyFor('AM04', { AM04: { max_representments: 0 } })).toMatchObject({ max_representments: 1 });
    expect(policyFor('AM04', { MS02: { fee: false } })).toEqual(defaultPolicy('AM04'));
    expect(policyFor('toString', {})).toEqual(defaultPolicy(null));
  });

  test.each([
    ['/AM04/ PROVISION INSUFFISANTE', 'AM04'],
    ['IMPAYE PRLV SEPA AM04 PROVISION INSUFFISANTE', 'AM04'],
    ['SEPA RETURN MD06', 'MD06'],
    ['code AM04 puis AM04', 'AM04'],
    ['AM04 ou MS03', null],
    ['XAM04', null],
    ['AM041', null],
    ['IMPAYES PRLV SEPA 2 OP', null],
    ['NARR', null],
    ['', null],
  ])('are read from free text only where it names one code: %s', (text, code) => {
    expect(reasonCodeIn(text)).toBe(code);
  });
});
