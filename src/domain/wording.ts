/**
 * Amounts, days and rates as people read them, in French, English and German.
 *
 * Always true:
 * - the same value gives the same text on every machine: nothing here asks the runtime's locale data, so a
 *   document written again years later, on a newer Node, keeps its bytes;
 * - numbers never break across lines: their spaces are no-break spaces.
 */
import type { InEveryLanguage, Language } from '../errors/language.ts';
import { type Day, dateOf, monthOf, yearOf } from './day.ts';
import { decimal } from './money.ts';

const NARROW_NO_BREAK_SPACE = '\u202f';
export const NO_BREAK_SPACE = '\u00a0';

const thousands: InEveryLanguage = { fr: NARROW_NO_BREAK_SPACE, en: ',', de: '.' };
const decimalMark: InEveryLanguage = { fr: ',', en: '.', de: ',' };
const symbols: Record<string, string> = { EUR: '€', GBP: '£', USD: '$' };

const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function grouped(digits: string, language: Language): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, thousands[language]);
}

/** A plain decimal text (`-1234.5`) in the reader's notation: `-1 234,5`. */
export function sayDecimal(text: string, language: Language): string {
  const [whole = '0', fraction] = text.replace('-', '').split('.');
  const sign = text.startsWith('-') ? '-' : '';
  return `${sign}${grouped(whole, language)}${fraction ? `${decimalMark[language]}${fraction}` : ''}`;
}

/** Cents with their currency: `1 234,56 €`, `€1,234.56`, `1.234,56 €`. */
export function sayAmount(amount: number, currency: string, language: Language): string {
  const figures = sayDecimal(decimal(amount), language);
  const symbol = symbols[currency];
  if (language !== 'en') return `${figures}${NO_BREAK_SPACE}${symbol ?? currency}`;
  if (!symbol) return `${currency}${NO_BREAK_SPACE}${figures}`;
  return figures.startsWith('-') ? `-${symbol}${figures.slice(1)}` : `${symbol}${figures}`;
}

/** `05/07/2026`, `5 Jul 2026`, `05.07.2026`. */
export function sayDay(on: Day, language: Language): string {
  if (language === 'en')
    return `${dateOf(on)}${NO_BREAK_SPACE}${englishMonths[monthOf(on) - 1]}${NO_BREAK_SPACE}${yearOf(on)}`;
  const mark = language === 'fr' ? '/' : '.';
  return `${on.slice(8)}${mark}${on.slice(5, 7)}${mark}${on.slice(0, 4)}`;
}

const longMonths: Record<Language, readonly string[]> = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
  de: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
};

/** A day in running text: `1er juillet 2026`, `1 July 2026`, `1. Juli 2026`. */
export function sayLongDay(on: Day, language: Language): string {
  const date = dateOf(on);
  const ordinal = language === 'de' ? '.' : language === 'fr' && date === 1 ? 'er' : '';
  const month = longMonths[language][monthOf(on) - 1];
  return `${date}${ordinal}${NO_BREAK_SPACE}${month}${NO_BREAK_SPACE}${yearOf(on)}`;
}

/** A rate in basis points: 550 is `5,5 %`, `5.5%`, `5,5 %`. */
export function sayRate(rateBps: number, language: Language): string {
  const text = decimal(rateBps).replace(/\.?0+$/, '');
  return `${sayDecimal(text, language)}${language === 'en' ? '' : NO_BREAK_SPACE}%`;
}

/** A label and what it labels: `Référence : X` in French, `Reference: X` elsewhere. */
export function labelled(label: string, value: string, language: Language): string {
  return `${label}${language === 'fr' ? NO_BREAK_SPACE : ''}: ${value}`;
}
