/** What a schema found wrong, as the API says it: a pointer, a stable code, words in the caller's language. */

import type { z } from 'zod';
import { fill } from '../../src/errors/fill.ts';
import type { InEveryLanguage, Language } from '../../src/errors/language.ts';
import { type FieldError, Refusal } from '../../src/errors/refusal.ts';
import { LAST_PLANNED } from '../../src/schemas/fields.ts';

const texts: Record<string, InEveryLanguage> = {
  required: { fr: 'Ce champ est obligatoire.', en: 'This field is required.', de: 'Dieses Feld ist erforderlich.' },
  wrong_type: { fr: 'Type attendu : {expected}.', en: 'Expected type: {expected}.', de: 'Erwarteter Typ: {expected}.' },
  unknown_field: { fr: 'Champ inconnu.', en: 'Unknown field.', de: 'Unbekanntes Feld.' },
  too_small: { fr: 'Minimum : {limit}.', en: 'At least {limit}.', de: 'Mindestens {limit}.' },
  too_big: { fr: 'Maximum : {limit}.', en: 'At most {limit}.', de: 'Höchstens {limit}.' },
  bad_format: { fr: 'Format non valide.', en: 'The format is not valid.', de: 'Das Format ist ungültig.' },
  not_one_of: { fr: 'Valeurs possibles : {values}.', en: 'One of: {values}.', de: 'Mögliche Werte: {values}.' },
  not_a_day: {
    fr: 'Ce n’est pas un jour qui existe (AAAA-MM-JJ).',
    en: 'Not a day that exists (YYYY-MM-DD).',
    de: 'Kein existierender Tag (JJJJ-MM-TT).',
  },
  day_too_far: {
    fr: `Au plus tard le ${LAST_PLANNED}.`,
    en: `${LAST_PLANNED} at the latest.`,
    de: `Spätestens der ${LAST_PLANNED}.`,
  },
  empty: { fr: 'Ce texte est vide.', en: 'This text is empty.', de: 'Dieser Text ist leer.' },
  control_characters: {
    fr: 'Caractères de contrôle interdits.',
    en: 'Control characters are not allowed.',
    de: 'Steuerzeichen sind nicht erlaubt.',
  },
  not_an_id: {
    fr: 'Ce n’est pas un identifiant de ce genre.',
    en: 'Not an id of this kind.',
    de: 'Keine Kennung dieser Art.',
  },
  number_pattern_invalid: {
    fr: 'Ce modèle de numéro ne convient pas. Exemple : F{YYYY}-{NNNNN}.',
    en: 'This number pattern will not do. Example: F{YYYY}-{NNNNN}.',
    de: 'Dieses Nummernmuster ist nicht verwendbar. Beispiel: F{YYYY}-{NNNNN}.',
  },
  not_valid: { fr: 'Valeur non valide.', en: 'The value is not valid.', de: 'Der Wert ist ungültig.' },
};

function pointerOf(path: readonly PropertyKey[], prefix: string): string {
  const parts = path.map((part) => String(part).slice(0, 100).replace(/~/g, '~0').replace(/\//g, '~1'));
  return prefix === '/' ? `/${parts.join('/')}` : `${prefix}${parts.join('.')}`;
}

function say(code: string, language: Language, params: Record<string, string>): string {
  return fill((texts[code] ?? texts.not_valid)![language], params);
}

function describe(issue: z.core.$ZodIssue): { code: string; params: Record<string, string> } {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { code: 'required', params: {} }
        : { code: 'wrong_type', params: { expected: issue.expected } };
    case 'too_small':
      return { code: 'too_small', params: { limit: String(issue.minimum) } };
    case 'too_big':
      return { code: 'too_big', params: { limit: String(issue.maximum) } };
    case 'invalid_value':
      return issue.input === undefined
        ? { code: 'required', params: {} }
        : { code: 'not_one_of', params: { values: issue.values.map(String).join(', ') } };
    case 'invalid_format':
      return { code: texts[issue.message] ? issue.message : 'bad_format', params: {} };
    case 'custom':
      return { code: /^[a-z_]+$/.test(issue.message) ? issue.message : 'not_valid', params: {} };
    default:
      return { code: 'not_valid', params: {} };
  }
}

/** Flattens unions to the branch that got furthest, so that the caller sees the field and not "invalid union". */
function flatten(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const branches = issue.errors.map((branch) => flatten(branch as z.core.$ZodIssue[]));
    const best = branches.reduce((a, b) => (b.length < a.length ? b : a));
    return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as z.core.$ZodIssue);
  });
}

const MOST = 50;

export function fieldErrors(error: z.core.$ZodError, prefix: '/' | '?', language: Language): FieldError[] {
  const found: FieldError[] = [];
  for (const issue of flatten(error.issues)) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        found.push({
          pointer: pointerOf([...issue.path, key], prefix),
          code: 'unknown_field',
          detail: say('unknown_field', language, {}),
        });
      }
      continue;
    }
    const { code, params } = describe(issue);
    found.push({ pointer: pointerOf(issue.path, prefix), code, detail: say(code, language, params) });
  }
  return found.slice(0, MOST);
}

/** Checks one part of a request. @throws Refusal `invalid_input` with every wrong field. */
export function parsePart<S extends z.ZodType>(
  schema: S,
  value: unknown,
  prefix: '/' | '?',
  language: Language,
): z.infer<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid_input', {}, { fields: fieldErrors(parsed.error, prefix, language) });
}
