/**
 * A text as an organization writes it, checked as a whole before it is kept: a subject of one line and a body.
 *
 * Always true: a text that was compiled can be rendered for every customer, with everything there is to say and with
 * the least, and gives a subject and a body each time.
 */
import { type TextKind, textKinds } from '../../domain/reminders/kinds.ts';
import { Refusal } from '../../errors/refusal.ts';
import { type ParsedText, parseText, positionOf, renderText } from './liquid.ts';
import { blocksOf, isSafeLink } from './markup.ts';
import { linkNames, sampleFacts, sayVariables, variableNames } from './variables.ts';

export interface MailText {
  subject: string;
  body: string;
}

export interface CompiledMailText {
  kind: TextKind;
  subject: ParsedText;
  body: ParsedText;
}

export const MAX_SUBJECT_LENGTH = 300;
export const MAX_BODY_LENGTH = 10_000;

/** Texts are few and mails are many: what was compiled is kept, the one unused for longest goes first. */
const compiled = new Map<string, CompiledMailText>();
const KEPT = 500;

/** @throws Refusal at `/subject` or `/body` with what is wrong and where. */
export function compileMailText(kind: TextKind, text: MailText): CompiledMailText {
  const key = `${kind}\0${text.subject}\0${text.body}`;
  const known = compiled.get(key);
  if (known) {
    compiled.delete(key);
    compiled.set(key, known);
    return known;
  }
  const fresh = checkText(kind, text);
  compiled.set(key, fresh);
  if (compiled.size > KEPT) compiled.delete(compiled.keys().next().value as string);
  return fresh;
}

function checkText(kind: TextKind, { subject, body }: MailText): CompiledMailText {
  refuseLength(subject, MAX_SUBJECT_LENGTH, '/subject');
  refuseLength(body, MAX_BODY_LENGTH, '/body');
  if (/[\r\n]/.test(subject.trim())) throw new Refusal('mail_subject_one_line', {}, { pointer: '/subject' });
  const names = variableNames(kind);
  const text = {
    kind,
    subject: parseText(subject.trim(), names, '/subject'),
    body: parseText(body, names, '/body'),
  };
  refuseBadLinks(body, linkNames(kind));
  for (const full of [true, false]) {
    const sender = { name: 'Club', contact: full ? 'club@club.example' : null, lines: [] };
    const variables = sayVariables(kind, sampleFacts(kind, full, 'en'), sender, 'EUR', 'en');
    for (const part of [text.subject, text.body])
      if (blocksOf(renderText(part, variables)).length === 0)
        throw new Refusal('mail_text_empty', {}, { pointer: part.pointer });
  }
  return text;
}

function refuseLength(text: string, limit: number, pointer: string): void {
  if (text.length > limit) throw new Refusal('mail_text_too_long', { limit }, { pointer });
  if (text.trim() === '') throw new Refusal('mail_text_empty', {}, { pointer });
}

/** A link is an address typed out, or one of the variables that hold one. */
function refuseBadLinks(body: string, variables: readonly string[]): void {
  for (const link of body.matchAll(/\]\(([^)\n]{0,2000})/g)) {
    const target = (link[1] as string).trim();
    const variable = /^\{\{-?\s*(\w+)\s*-?\}\}$/.exec(target)?.[1];
    if (variable === undefined ? isSafeLink(target) && !target.includes('{') : variables.includes(variable)) continue;
    const params = { ...positionOf(body, link.index), link: target.slice(0, 60), known: variables.join(', ') };
    throw new Refusal('mail_text_bad_link', params, { pointer: '/body' });
  }
}

export function isTextKind(text: string): text is TextKind {
  return (textKinds as readonly string[]).includes(text);
}
