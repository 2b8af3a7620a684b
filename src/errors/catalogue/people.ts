/** Refusals about people, their passwords and sessions. */
import type { RefusalEntry } from './index.ts';

export const peopleRefusals = {
  sign_in_refused: {
    kind: 'unauthenticated',
    fr: 'L’adresse ou le mot de passe ne convient pas.',
    en: 'The address or the password is not right.',
    de: 'Die Adresse oder das Passwort stimmt nicht.',
  },
  sign_in_too_often: {
    kind: 'too_many',
    fr: 'Trop d’essais de connexion ; attendez avant le prochain.',
    en: 'Too many attempts to sign in; wait before the next.',
    de: 'Zu viele Anmeldeversuche; warten Sie vor dem nächsten.',
  },
  cross_site_request: {
    kind: 'forbidden',
    fr: 'Cette demande vient d’une autre page que celles de ce serveur.',
    en: 'This request comes from another page than this server’s.',
    de: 'Diese Anfrage kommt von einer anderen Seite als denen dieses Servers.',
  },
  no_session: {
    kind: 'conflict',
    fr: 'Cela demande une personne connectée ; une clé d’API n’a pas de session.',
    en: 'This needs a person who is signed in; an API key has no session.',
    de: 'Das braucht eine angemeldete Person; ein API-Schlüssel hat keine Sitzung.',
  },
  person_email_taken: {
    kind: 'conflict',
    fr: 'Quelqu’un a déjà cette adresse dans l’organisation.',
    en: 'Somebody of the organization has this address already.',
    de: 'In der Organisation hat schon jemand diese Adresse.',
  },
  invitation_unknown: {
    kind: 'not_found',
    fr: 'Cette invitation est inconnue, expirée ou déjà utilisée.',
    en: 'This invitation is unknown, expired or used already.',
    de: 'Diese Einladung ist unbekannt, abgelaufen oder schon benutzt.',
  },
  password_wrong: {
    kind: 'invalid',
    fr: 'Ce n’est pas le mot de passe actuel.',
    en: 'This is not the current password.',
    de: 'Das ist nicht das aktuelle Passwort.',
  },
  password_too_short: {
    kind: 'invalid',
    fr: 'Le mot de passe compte au moins 12 caractères.',
    en: 'A password has at least 12 characters.',
    de: 'Ein Passwort hat mindestens 12 Zeichen.',
  },
  password_too_common: {
    kind: 'invalid',
    fr: 'Ce mot de passe est de ceux que tout le monde essaie.',
    en: 'This password is one of those that everybody tries.',
    de: 'Dieses Passwort gehört zu denen, die jeder probiert.',
  },
  password_too_personal: {
    kind: 'invalid',
    fr: 'Ce mot de passe tient à un nom que tout le monde connaît.',
    en: 'This password rests on a name that everybody knows.',
    de: 'Dieses Passwort beruht auf einem Namen, den jeder kennt.',
  },
} satisfies Record<string, RefusalEntry>;
