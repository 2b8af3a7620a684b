/**
 * The look of a mail: one column that fits a phone, the organization's name, the facts in a card, the text, a button
 * where there is something to click, and who wrote it. Styles are inline, as mail programs want them; the one style
 * sheet only turns the colours for dark screens.
 *
 * Always true: every piece of text goes through `escapeHtml`, every address through `isSafeLink` before; nothing is
 * loaded from anywhere; the text part says everything that the HTML says.
 */
import { fill } from '../../errors/fill.ts';
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import type { CardLine, Tone } from './card.ts';
import { escapeHtml } from './escape-html.ts';
import type { Block, Inline } from './markup.ts';

export interface Letter {
  language: Language;
  subject: string;
  tone: Tone;
  card: readonly CardLine[];
  blocks: readonly Block[];
  sender: { name: string; lines: readonly string[] };
}

const automatic: InEveryLanguage = {
  fr: 'Message envoyé automatiquement par {name}.',
  en: 'Sent automatically by {name}.',
  de: 'Automatisch gesendet von {name}.',
};

function footOf({ language, sender }: Letter): string[] {
  return [fill(automatic[language], { name: sender.name }), ...sender.lines];
}

const accents: Record<Tone, string> = { calm: '#14595f', good: '#1f7a4d', warning: '#a85b00', serious: '#a32020' };

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BREAK = 'overflow-wrap:break-word;word-break:break-word';

export function htmlOf(letter: Letter): string {
  const { language, sender, blocks } = letter;
  const accent = accents[letter.tone];
  const foot = footOf(letter).map(escapeHtml).join('<br>');
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>${DARK}</head>
<body class="ground" style="margin:0;padding:0;background:#f2f4f6;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview(blocks))}</div>
<table class="ground" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f6"><tr>
<td align="center" style="padding:16px 10px">
<table class="paper" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px;border-top:6px solid ${accent}">
<tr><td class="ink" style="padding:20px 22px 0;${FONT};font-size:18px;line-height:1.3;font-weight:700;color:#1c2530;${BREAK}">${escapeHtml(sender.name)}</td></tr>
${cardHtml(letter.card, accent)}
<tr><td class="ink" style="padding:8px 22px 12px;${FONT};font-size:16px;line-height:1.55;color:#1c2530;${BREAK}">
${blocks.map((block) => blockHtml(block, accent)).join('\n')}
</td></tr>
<tr><td class="soft rule" style="padding:14px 22px 20px;border-top:1px solid #e2e6ea;${FONT};font-size:13px;line-height:1.5;color:#5b6775;${BREAK}">${foot}</td></tr>
</table></td></tr></table></body></html>
`;
}

const DARK = `<style>
@media (prefers-color-scheme: dark) {
.ground { background: #10161c !important; } .paper { background: #1a222b !important; } .card { background: #232d38 !important; }
.ink { color: #e8edf2 !important; } .soft { color: #a9b4c0 !important; } .rule { border-color: #323d49 !important; }
.link { color: #8fd3d8 !important; }
}
</style>`;

function cardHtml(card: readonly CardLine[], accent: string): string {
  const [first, ...rest] = card;
  if (!first) return '';
  const rows = rest.map(
    ({ label, value }) =>
      `<tr><td class="soft" valign="top" style="padding:3px 12px 3px 0;white-space:nowrap;${FONT};font-size:14px;line-height:1.4;color:#5b6775">${escapeHtml(label)}</td>` +
      `<td class="ink" valign="top" style="padding:3px 0;${FONT};font-size:14px;line-height:1.4;color:#1c2530;${BREAK}">${escapeHtml(value)}</td></tr>`,
  );
  return `<tr><td style="padding:14px 22px 6px"><table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f6f8;border-radius:10px;border-left:4px solid ${accent}"><tr><td style="padding:12px 16px">
<div class="soft" style="${FONT};font-size:14px;line-height:1.4;color:#5b6775">${escapeHtml(first.label)}</div>
<div class="ink" style="${FONT};font-size:26px;line-height:1.25;font-weight:700;color:#1c2530;${BREAK}">${escapeHtml(first.value)}</div>
<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:6px">${rows.join('')}</table></td></tr></table></td></tr>`;
}

function blockHtml(block: Block, accent: string): string {
  if (block.kind === 'button')
    return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:18px 0"><tr><td style="background:${accent};border-radius:8px"><a href="${escapeHtml(block.href)}" style="display:inline-block;padding:13px 26px;${FONT};font-size:16px;line-height:1.2;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(block.label)}</a></td></tr></table>`;
  if (block.kind === 'list')
    return `<ul style="margin:12px 0;padding-left:22px">${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</ul>`;
  return `<p style="margin:12px 0">${block.lines.map(inlineHtml).join('<br>')}</p>`;
}

function inlineHtml(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if ('href' in inline)
        return `<a class="link" href="${escapeHtml(inline.href)}" style="color:#14595f">${escapeHtml(inline.label)}</a>`;
      return inline.strong ? `<strong>${escapeHtml(inline.text)}</strong>` : escapeHtml(inline.text);
    })
    .join('');
}

export function textOf(letter: Letter): string {
  const { language, blocks, card } = letter;
  const facts = card.map(({ label, value }) => `${label}${language === 'fr' ? '\u00a0' : ''}: ${value}`).join('\n');
  const foot = footOf(letter).join('\n');
  return `${[...(facts ? [facts] : []), ...blocks.map(blockText), `-- \n${foot}`].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  if (block.kind === 'button') return `${block.label}:\n${block.href}`;
  if (block.kind === 'list') return block.items.map((item) => `- ${inlineText(item)}`).join('\n');
  return block.lines.map(inlineText).join('\n');
}

function inlineText(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('href' in inline ? `${inline.label} (${inline.href})` : inline.text)).join('');
}

/** What a phone shows under the subject: the first paragraph after the greeting. */
function preview(blocks: readonly Block[]): string {
  const paragraphs = blocks.filter((block) => block.kind === 'paragraph');
  return blockText(paragraphs[1] ?? paragraphs[0] ?? { kind: 'paragraph', lines: [] }).slice(0, 200);
}
