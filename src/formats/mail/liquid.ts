/**
 * The language of the texts: Liquid, cut down to `{{ variable }}`, `{% if %}`, `{% unless %}`, `{% case %}`,
 * `{% comment %}` and a handful of filters.
 *
 * Always true:
 * - a text reads no file and includes nothing; it has no loops, no assignments and no way to switch escaping off, so
 *   its cost is bounded by its length, and limits of the engine stand behind that;
 * - a text that names an unknown variable, tag or filter, or is not closed, is refused with its line and column
 *   before it is ever used;
 * - what a variable says is shielded (see shield.ts).
 */
import { Liquid, type LiquidError, type Template } from 'liquidjs';
import type { RefusalCode } from '../../errors/catalogue/index.ts';
import { Refusal, type RefusalParams } from '../../errors/refusal.ts';
import { shield, withoutShields } from './shield.ts';
import type { Variables } from './variables.ts';

const TAGS = ['if', 'unless', 'case', 'comment'];
const FILTERS = ['upcase', 'downcase', 'capitalize', 'strip', 'default'];

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  templates: {},
  outputEscape: (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? shield(String(value)) : '',
  parseLimit: 20_000,
  renderLimit: 2000,
  memoryLimit: 50_000,
});
for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag];
for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) engine.unregisterFilter(filter);

/** A text that has been read and found sound. */
export interface ParsedText {
  templates: Template[];
  /** The JSON Pointer of the field that it came from. */
  pointer: string;
}

/** @throws Refusal with the line and column of what is wrong. */
export function parseText(typed: string, known: readonly string[], pointer: string): ParsedText {
  const source = withoutShields(typed.replace(/\r\n?/g, '\n'));
  const templates = inWords(pointer, () => engine.parse(source));
  refuseUnknownVariables(templates, known, pointer);
  refuseStrayBraces(source, pointer);
  return { templates, pointer };
}

/** The text with its variables filled in, shielded. @throws Refusal where it costs more than a text may. */
export function renderText(text: ParsedText, variables: Variables): string {
  return inWords(text.pointer, () => engine.renderSync(text.templates, variables) as string);
}

function refuseUnknownVariables(templates: Template[], known: readonly string[], pointer: string): void {
  const { variables } = engine.analyzeSync(templates, { partials: false });
  for (const uses of Object.values(variables)) {
    for (const use of uses) {
      const variable = use.toString();
      if (use.segments.length === 1 && known.includes(variable)) continue;
      const { row: line, col: column } = use.location;
      throw new Refusal(
        'mail_text_unknown_variable',
        { variable: variable.slice(0, 60), line, column, known: known.join(', ') },
        { pointer },
      );
    }
  }
}

/** `{ customer_name }}` is no variable but a typing error that would reach a customer. */
function refuseStrayBraces(source: string, pointer: string): void {
  const literal = source
    .replace(/\{%-?\s*comment\s*-?%\}[\s\S]*?\{%-?\s*endcomment\s*-?%\}/g, blank)
    .replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, blank);
  const stray = /\{\{|\}\}|\{%|%\}/.exec(literal);
  if (stray) throw new Refusal('mail_text_broken', positionOf(source, stray.index), { pointer });
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

export function positionOf(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

function inWords<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const [code, params] = problemOf(error as LiquidError);
    throw new Refusal(code, params, { pointer });
  }
}

/** The engine's English messages as refusals of ours. A message that is not known says just where it is. */
function problemOf(error: LiquidError): [RefusalCode, RefusalParams] {
  const token = (error as { token?: { getPosition(): number[] } }).token;
  if (!token) throw error;
  const [line = 1, column = 1] = token.getPosition();
  const at = { line, column };
  const { message } = error;
  const named = (pattern: RegExp) => pattern.exec(message)?.[1]?.slice(0, 60);
  const tag = named(/^tag "([^"]*)" not found/);
  if (tag !== undefined) return ['mail_text_unknown_tag', { ...at, tag, known: TAGS.join(', ') }];
  const filter = named(/^undefined filter: (.*?), line:/);
  if (filter !== undefined) return ['mail_text_unknown_filter', { ...at, filter, known: FILTERS.join(', ') }];
  const unclosed = named(/^(?:tag|output) "?(.*?)"? not closed/s);
  if (unclosed !== undefined) return ['mail_text_unclosed', { ...at, what: unclosed }];
  if (/limit exceeded/.test(message)) return ['mail_text_too_costly', at];
  return ['mail_text_broken', at];
}
