/**
 * The demo mailbox as pages: a list and one mail. Plain HTML without scripts; nothing is loaded from elsewhere, and a
 * mail's own HTML only ever appears in a sandboxed frame with a policy that lets it load nothing.
 */
import type { InEveryLanguage, Language } from '../errors/language.ts';
import { escapeHtml } from '../formats/mail/escape-html.ts';
import type { CaughtMail } from './mailbox.ts';

const words = {
  title: { fr: 'Boîte de démonstration', en: 'Demo mailbox', de: 'Demo-Postfach' },
  explain: {
    fr: 'Aucun serveur de messagerie n’est configuré : les e-mails restent sur cette machine.',
    en: 'No mail server is configured: mails stay on this machine.',
    de: 'Kein Mailserver eingerichtet: E-Mails bleiben auf diesem Rechner.',
  },
  empty: {
    fr: 'Rien pour l’instant. Les e-mails envoyés apparaissent ici.',
    en: 'Nothing yet. Mails appear here once they are sent.',
    de: 'Noch nichts. Gesendete E-Mails erscheinen hier.',
  },
  back: { fr: 'Tous les e-mails', en: 'All mails', de: 'Alle E-Mails' },
  from: { fr: 'De', en: 'From', de: 'Von' },
  to: { fr: 'À', en: 'To', de: 'An' },
  date: { fr: 'Reçu', en: 'Received', de: 'Empfangen' },
  attachments: { fr: 'Pièces jointes', en: 'Attachments', de: 'Anhänge' },
  text: { fr: 'Texte seul', en: 'Plain text', de: 'Nur Text' },
  headers: { fr: 'En-têtes', en: 'Headers', de: 'Kopfzeilen' },
  source: { fr: 'Télécharger (.eml)', en: 'Download (.eml)', de: 'Herunterladen (.eml)' },
  noSubject: { fr: '(sans objet)', en: '(no subject)', de: '(ohne Betreff)' },
  missing: {
    fr: 'Cet e-mail n’est plus là.',
    en: 'This mail is no longer here.',
    de: 'Diese E-Mail ist nicht mehr da.',
  },
} satisfies Record<string, InEveryLanguage>;

export function listPage(mails: readonly CaughtMail[], base: string, language: Language): string {
  const rows = mails.map(
    (mail) => `<li><a href="${base}/${mail.id}">
      <span class="line"><span class="to">${escapeHtml(mail.recipients.join(', '))}</span>${timeTag(mail, language)}</span>
      <span class="subject">${escapeHtml(subjectOf(mail, language))}</span>
      <span class="snippet">${escapeHtml(snippetOf(mail))}</span>${
        mail.parsed.attachments.length ? `<span class="clips">${attachmentNames(mail)}</span>` : ''
      }</a></li>`,
  );
  const body = rows.length
    ? `<ol class="mails">${rows.join('')}</ol>`
    : `<p class="empty">${words.empty[language]}</p>`;
  const head = '<meta http-equiv="refresh" content="10">';
  return page(words.title[language], `<p class="explain">${words.explain[language]}</p>${body}`, base, language, head);
}

export function mailPage(mail: CaughtMail, base: string, language: Language): string {
  const { parsed } = mail;
  const row = (label: string, value: string) => `<dt>${label}</dt><dd>${value}</dd>`;
  const sender = parsed.from?.address ? `${parsed.from.name} <${parsed.from.address}>`.trim() : '';
  const clips = parsed.attachments.map(
    ({ filename, mimeType }, at) =>
      `<a class="clip" href="${base}/${mail.id}/attachments/${at}">${escapeHtml(filename ?? mimeType)}</a>`,
  );
  const headers = parsed.headerLines.map(({ line }) => escapeHtml(line)).join('\n');
  const body = `<p><a href="${base}">← ${words.back[language]}</a></p>
  <h2>${escapeHtml(subjectOf(mail, language))}</h2>
  <dl>${row(words.from[language], escapeHtml(sender))}${row(words.to[language], escapeHtml(mail.recipients.join(', ')))}
  ${row(words.date[language], timeTag(mail, language))}${clips.length ? row(words.attachments[language], clips.join(' ')) : ''}</dl>
  ${parsed.html ? `<iframe sandbox="" title="HTML" src="${base}/${mail.id}/html"></iframe>` : ''}
  <details${parsed.html ? '' : ' open'}><summary>${words.text[language]}</summary><pre>${escapeHtml(parsed.text ?? '')}</pre></details>
  <details><summary>${words.headers[language]}</summary><pre>${headers}</pre></details>
  <p><a href="${base}/${mail.id}/source">${words.source[language]}</a></p>`;
  return page(subjectOf(mail, language), body, base, language);
}

export function missingPage(base: string, language: Language): string {
  return page(
    words.missing[language],
    `<p class="empty">${words.missing[language]}</p><p><a href="${base}">← ${words.back[language]}</a></p>`,
    base,
    language,
  );
}

function page(title: string, body: string, base: string, language: Language, head = ''): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${head}
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="${base}/style.css"></head>
<body><header><h1><a href="${base}">${words.title[language]}</a></h1></header><main>${body}</main></body></html>`;
}

function subjectOf(mail: CaughtMail, language: Language): string {
  return mail.parsed.subject?.trim() || words.noSubject[language];
}

function snippetOf(mail: CaughtMail): string {
  const text = (mail.parsed.text ?? '').slice(0, 1000).replace(/\s+/g, ' ').trim();
  return text.length > 140 ? `${text.slice(0, 140)}…` : text;
}

function attachmentNames(mail: CaughtMail): string {
  return escapeHtml(mail.parsed.attachments.map(({ filename, mimeType }) => filename ?? mimeType).join(', '));
}

function timeTag(mail: CaughtMail, language: Language): string {
  const said = mail.received_at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  return `<time datetime="${mail.received_at.toISOString()}">${said}</time>`;
}

export const stylesheet = `
:root { --ink: #1c2530; --soft: #5b6775; --line: #dfe4ea; --paper: #fff; --ground: #f4f6f8; --accent: #14595f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a2aebb; --line: #303b47; --paper: #1a222b; --ground: #11171d; --accent: #7fc9cf; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink);
  background: var(--ground); }
header, main { max-width: 52rem; margin: 0 auto; padding: .25rem 1rem; }
h1 { font-size: 1.25rem; margin: .5rem 0 0; }
h2 { font-size: 1.2rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
h1 a { color: inherit; text-decoration: none; }
.explain, .empty { color: var(--soft); margin: 0 0 1rem; }
.mails { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden;
  background: var(--paper); }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: block; padding: .75rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover, .mails a:focus-visible { background: var(--ground); }
.line { display: flex; justify-content: space-between; gap: 1rem; font-size: .875rem; color: var(--soft); }
.to { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
time { white-space: nowrap; }
.subject { display: block; font-weight: 600; overflow-wrap: anywhere; }
.clips { font-weight: 600; }
.snippet, .clips { display: block; font-size: .875rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 75vh; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--accent); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border: 1px solid var(--line);
  border-radius: 10px; padding: 1rem; font-size: .875rem; }
`;
