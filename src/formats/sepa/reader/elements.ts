/**
 * Reads XML by the local names of elements, piece by piece, keeping nothing but the path to where it is.
 *
 * Always true:
 * - a DOCTYPE or an entity declaration is found in the text before the parser sees it, and refused;
 * - depth, attributes, length of values and of any markup are bounded, so memory is, too;
 * - elements that nobody asked for are passed over with all they hold; order and namespaces don't matter.
 */
import { SaxesParser } from 'saxes';
import { Refusal } from '../../../errors/refusal.ts';
import type { BankFileLimits } from './limits.ts';

/** An element that somebody wants to know about, and what to do when it comes. */
export interface Element {
  children: Map<string, Element>;
  open: (() => void) | null;
  close: (() => void) | null;
  /** Its text, trimmed, when there is any; and its `Ccy` attribute, else ''. */
  text: ((value: string, currency: string) => void) | null;
}

export function element(): Element {
  return { children: new Map(), open: null, close: null, text: null };
}

/** The element at `path` below `from`, made known where it was not. */
export function at(from: Element, path: string): Element {
  let here = from;
  for (const name of path.split('/')) {
    let next = here.children.get(name);
    if (!next) {
      next = element();
      here.children.set(name, next);
    }
    here = next;
  }
  return here;
}

export function onElement(from: Element, path: string, open: (() => void) | null, close: (() => void) | null): Element {
  const found = at(from, path);
  found.open = open;
  found.close = close;
  return found;
}

/** Hands on the text of the elements at any of these paths below `from`. */
export function onText(from: Element, paths: string | readonly string[], text: NonNullable<Element['text']>): void {
  for (const path of typeof paths === 'string' ? [paths] : paths) at(from, path).text = text;
}

export interface ElementReader {
  write(text: string): void;
  /** @throws Refusal when the document is not complete. */
  end(): void;
}

/** Called for each element outside a message; gives the tree to read below it where it is the message itself. */
export type FindRoot = (local: string, depth: number, namespace: string | null) => Element | null;

const DECLARATION = /<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i;
/** Characters carried over, so that a declaration cut in two by a piece's end is found. */
const OVERLAP = 16;

/** An ampersand that begins no entity: `A & B` as some banks write it. The parser then waits in vain for its end. */
const BARE_AMPERSAND = /&(?:[a-zA-Z0-9#]{0,40})(?![a-zA-Z0-9#;])/;

function beyond(what: string, limit: number): Refusal {
  return new Refusal('bank_file_beyond_limit', { what, limit });
}

export function elementReader(findRoot: FindRoot, limits: BankFileLimits, offset: () => number): ElementReader {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const path: (Element | null)[] = [];
  let here: Element | null = null;
  /** Depth of the message's own element while it is open; 0 outside. */
  let rootDepth = 0;
  let depth = 0;
  let value = '';
  let currency = '';
  let tail = '';
  let sinceEvent = 0;
  let ending = false;
  let recent = ['', ''];

  const append = (text: string) => {
    sinceEvent = 0;
    if (here?.text == null) return;
    value += text;
    if (value.length > limits.max_text) throw beyond('text', limits.max_text);
  };

  // Five handlers and few more: each is a property added to the parser, and from the eighth on (saxes 6.0 on Node 20)
  // the object leaves V8's fast form and reads five times slower.
  parser.on('error', (error) => {
    if (ending && !recent.some((text) => BARE_AMPERSAND.test(text))) throw new Refusal('bank_file_truncated');
    if (error.message.includes('undefined entity')) throw new Refusal('bank_file_doctype');
    throw new Refusal('bank_file_malformed', { offset: offset() });
  });
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('opentag', (tag) => {
    sinceEvent = 0;
    let attributes = 0;
    for (const _ in tag.attributes) attributes += 1;
    if (attributes > limits.max_attributes) throw beyond('attributes', limits.max_attributes);
    depth += 1;
    if (depth > limits.max_depth) throw beyond('depth', limits.max_depth);
    const colon = tag.name.indexOf(':');
    const local = colon < 0 ? tag.name : tag.name.slice(colon + 1);
    path.push(here);
    if (rootDepth > 0) here = here === null ? null : (here.children.get(local) ?? null);
    else {
      const namespace = tag.attributes[colon < 0 ? 'xmlns' : `xmlns:${tag.name.slice(0, colon)}`] ?? null;
      here = findRoot(local, depth, namespace);
      if (here !== null) rootDepth = depth;
    }
    if (here === null) return;
    if (here.text !== null) {
      value = '';
      currency = tag.attributes.Ccy ?? '';
    }
    here.open?.();
  });
  parser.on('closetag', () => {
    sinceEvent = 0;
    if (depth === rootDepth) rootDepth = 0;
    depth -= 1;
    if (here !== null) {
      if (here.text !== null) {
        const text = value.trim();
        value = '';
        if (text !== '') here.text(text, currency);
      }
      here.close?.();
    }
    here = path.pop() ?? null;
  });

  return {
    write(text) {
      if (DECLARATION.test(tail + text.slice(0, OVERLAP)) || DECLARATION.test(text))
        throw new Refusal('bank_file_doctype');
      tail = (tail + text).slice(-OVERLAP);
      sinceEvent += text.length;
      parser.write(text);
      recent = [recent[1] ?? '', text];
      if (sinceEvent <= limits.max_token) return;
      if (recent.some((one) => BARE_AMPERSAND.test(one)))
        throw new Refusal('bank_file_malformed', { offset: offset() });
      throw beyond('markup', limits.max_token);
    },
    end() {
      ending = true;
      parser.close();
    },
  };
}
