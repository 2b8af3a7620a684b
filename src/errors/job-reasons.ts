/** Why a job waits or failed, in words, where the reason is not a refusal. */

import { type RefusalCode, refusals } from './catalogue/index.ts';
import { fill } from './fill.ts';
import type { InEveryLanguage, Language } from './language.ts';
import { type RefusalParams, sayRefusal } from './refusal.ts';

const reasons: Record<string, InEveryLanguage> = {
  unavailable: {
    fr: 'Un service extérieur ne répond pas ({what}).',
    en: 'Something outside does not answer ({what}).',
    de: 'Ein externer Dienst antwortet nicht ({what}).',
  },
  contention: {
    fr: 'Une autre opération touchait les mêmes lignes ; nouvel essai.',
    en: 'Another operation held the same rows; trying again.',
    de: 'Ein anderer Vorgang hielt dieselben Zeilen; neuer Versuch.',
  },
  not_yet: {
    fr: 'Attend la fin d’un autre travail.',
    en: 'Waits for other work to end.',
    de: 'Wartet auf das Ende anderer Arbeit.',
  },
  keeps_dying: {
    fr: 'Le travail a interrompu son processus à chaque essai ; une personne doit décider.',
    en: 'The job took its worker down at each start; a person must decide.',
    de: 'Der Auftrag hat seinen Prozess bei jedem Start beendet; eine Person muss entscheiden.',
  },
  internal_error: {
    fr: 'Erreur interne (incident {incident}).',
    en: 'Internal error (incident {incident}).',
    de: 'Interner Fehler (Vorfall {incident}).',
  },
};

export function sayJobReason(code: string, params: RefusalParams, language: Language): string {
  if (Object.hasOwn(refusals, code)) return sayRefusal(code as RefusalCode, params, language);
  const text = reasons[code]?.[language] ?? code;
  return fill(text, params);
}
