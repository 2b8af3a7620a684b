/** Refusals of the API itself: who asks, what was sent, and whether it still holds. */
import type { RefusalEntry } from './index.ts';

export const generalRefusals = {
  malformed_json: {
    kind: 'malformed',
    fr: 'Le corps de la requête n’est pas du JSON valide.',
    en: 'The request body is not valid JSON.',
    de: 'Der Anfragetext ist kein gültiges JSON.',
  },
  bad_request: {
    kind: 'malformed',
    fr: 'La requête est incompréhensible.',
    en: 'The request cannot be understood.',
    de: 'Die Anfrage ist unverständlich.',
  },
  idempotency_key_required: {
    kind: 'malformed',
    fr: 'Cette opération déplace de l’argent : l’en-tête Idempotency-Key est obligatoire.',
    en: 'This operation moves money: the Idempotency-Key header is required.',
    de: 'Dieser Vorgang bewegt Geld: der Header Idempotency-Key ist erforderlich.',
  },
  unauthenticated: {
    kind: 'unauthenticated',
    fr: 'Clé d’API absente, inconnue, expirée ou révoquée.',
    en: 'The API key is missing, unknown, expired or revoked.',
    de: 'Der API-Schlüssel fehlt, ist unbekannt, abgelaufen oder widerrufen.',
  },
  role_forbids: {
    kind: 'forbidden',
    fr: 'Le rôle {role} ne permet pas cette opération.',
    en: 'The role {role} does not allow this operation.',
    de: 'Die Rolle {role} erlaubt diesen Vorgang nicht.',
  },
  test_mode_only: {
    kind: 'forbidden',
    fr: 'Cette opération n’existe que pour une organisation de test.',
    en: 'This operation exists for test organizations only.',
    de: 'Diesen Vorgang gibt es nur für Testorganisationen.',
  },
  last_admin_key: {
    kind: 'conflict',
    fr: 'C’est la dernière clé d’administration valable ; créez-en une autre d’abord.',
    en: 'This is the last working admin key; make another one first.',
    de: 'Dies ist der letzte gültige Administratorschlüssel; legen Sie zuerst einen anderen an.',
  },
  key_expires_in_the_past: {
    kind: 'invalid',
    fr: 'La clé serait déjà expirée.',
    en: 'The key would have expired already.',
    de: 'Der Schlüssel wäre schon abgelaufen.',
  },
  key_already_replaced: {
    kind: 'conflict',
    fr: 'Cette clé est déjà remplacée par une autre.',
    en: 'This key is replaced by another already.',
    de: 'Dieser Schlüssel ist schon durch einen anderen ersetzt.',
  },
  operators_only: {
    kind: 'forbidden',
    fr: 'Seul un exploitant de l’installation peut faire cela.',
    en: 'Only an operator of the installation may do this.',
    de: 'Das darf nur ein Betreiber der Installation.',
  },
  clock_goes_forward: {
    kind: 'invalid',
    fr: 'L’horloge de test n’avance que vers l’avant ; elle en est au {today}.',
    en: 'The test clock only moves forward; it shows {today}.',
    de: 'Die Testuhr läuft nur vorwärts; sie steht auf {today}.',
  },
  clock_too_far: {
    kind: 'invalid',
    fr: 'L’horloge de test avance jusqu’au {limit} au plus en une fois.',
    en: 'The test clock moves to {limit} at most in one go.',
    de: 'Die Testuhr läuft auf einmal höchstens bis zum {limit}.',
  },
  sandboxes_forbidden: {
    kind: 'forbidden',
    fr: 'Cette clé ne permet pas de créer des organisations de test.',
    en: 'This key may not make test organizations.',
    de: 'Dieser Schlüssel darf keine Testorganisationen anlegen.',
  },
  not_found: { kind: 'not_found', fr: 'Introuvable.', en: 'Not found.', de: 'Nicht gefunden.' },
  idempotency_in_flight: {
    kind: 'conflict',
    fr: 'Une requête avec cette clé d’idempotence est en cours.',
    en: 'A request with this idempotency key is in flight.',
    de: 'Eine Anfrage mit diesem Idempotenzschlüssel läuft noch.',
  },
  stale_preview: {
    kind: 'conflict',
    fr: 'Ce que montrait l’aperçu a changé depuis ; demandez un nouvel aperçu.',
    en: 'What the preview read has changed since; ask for a new preview.',
    de: 'Was die Vorschau zeigte, hat sich geändert; fordern Sie eine neue an.',
  },
  stale_version: {
    kind: 'stale',
    fr: 'L’objet a changé depuis que vous l’avez lu.',
    en: 'The object has changed since you read it.',
    de: 'Das Objekt hat sich seit dem Lesen geändert.',
  },
  body_too_large: {
    kind: 'too_large',
    fr: 'Le corps de la requête dépasse {limit} octets.',
    en: 'The request body is over {limit} bytes.',
    de: 'Der Anfragetext ist größer als {limit} Bytes.',
  },
  unsupported_media_type: {
    kind: 'unsupported',
    fr: 'Type de contenu attendu : {expected}.',
    en: 'Expected content type: {expected}.',
    de: 'Erwarteter Inhaltstyp: {expected}.',
  },
  invalid_input: {
    kind: 'invalid',
    fr: 'Des champs ne sont pas valides.',
    en: 'Some fields are not valid.',
    de: 'Einige Felder sind ungültig.',
  },
  idempotency_key_reused: {
    kind: 'invalid',
    fr: 'Cette clé d’idempotence a servi à une autre requête.',
    en: 'This idempotency key was used for another request.',
    de: 'Dieser Idempotenzschlüssel wurde für eine andere Anfrage verwendet.',
  },
  trail_empty: {
    kind: 'conflict',
    fr: 'Aucun événement n’est encore enchaîné ; réessayez dans une minute.',
    en: 'No event is in the chain yet; try again in a minute.',
    de: 'Noch ist kein Ereignis verkettet; versuchen Sie es in einer Minute erneut.',
  },
  head_incomplete: {
    kind: 'invalid',
    fr: 'Une tête de chaîne se donne par son numéro et son empreinte, les deux.',
    en: 'A head is given by its number and its hash, both.',
    de: 'Ein Kettenende wird durch Nummer und Prüfsumme angegeben, beides.',
  },
  rate_limited: {
    kind: 'too_many',
    fr: 'Trop de requêtes ; réessayez plus tard.',
    en: 'Too many requests; try again later.',
    de: 'Zu viele Anfragen; versuchen Sie es später erneut.',
  },
} satisfies Record<string, RefusalEntry>;
