/**
 * A mail from its kind, its facts and its text: subject, HTML and text part in the reader's language, with amounts
 * and days said as that language says them. Pure: the same input gives the same bytes.
 */
import { cleanText } from '../../domain/clean-text.ts';
import type { TextKind } from '../../domain/reminders/kinds.ts';
import type { Language } from '../../errors/language.ts';
import { cardOf, tones } from './card.ts';
import { compileMailText, type MailText } from './compile.ts';
import { germanTexts } from './default-texts/de.ts';
import { englishTexts } from './default-texts/en.ts';
import { frenchTexts } from './default-texts/fr.ts';
import { htmlOf, type Letter, textOf } from './layout.ts';
import { renderText } from './liquid.ts';
import { blocksOf } from './markup.ts';
import { unshield } from './shield.ts';
import { type MailFacts, type Sender, sayVariables } from './variables.ts';

export const defaultTexts: Record<Language, Record<TextKind, MailText>> = {
  fr: frenchTexts,
  en: englishTexts,
  de: germanTexts,
};

export interface MailToRender<Kind extends TextKind = TextKind> {
  kind: Kind;
  language: Language;
  currency: string;
  facts: MailFacts<Kind>;
  sender: Sender;
  /** The organization's own text for this kind and language; without one, ours. */
  text?: MailText | null;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const MAX_RENDERED_SUBJECT = 200;

/** @throws Refusal where the text is broken, with its line and column. */
export function renderMail<Kind extends TextKind>(mail: MailToRender<Kind>): RenderedMail {
  return mailOf(composeLetter(mail));
}

export function mailOf(letter: Letter): RenderedMail {
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter) };
}

/** The same before it takes the form of a mail: what a letter on paper is set from. */
export function composeLetter<Kind extends TextKind>(mail: MailToRender<Kind>): Letter {
  const { kind, language, sender } = mail;
  const compiled = compileMailText(kind, mail.text ?? defaultTexts[language][kind]);
  const variables = sayVariables(kind, mail.facts, sender, mail.currency, language);
  return {
    language,
    subject: cleanText(unshield(renderText(compiled.subject, variables)), MAX_RENDERED_SUBJECT),
    tone: tones[kind],
    card: cardOf(kind, variables, language),
    blocks: blocksOf(renderText(compiled.body, variables)),
    sender: {
      name: variables.organization_name as string,
      lines: sender.lines.slice(0, 12).map((line) => cleanText(line, 200)),
    },
  };
}
