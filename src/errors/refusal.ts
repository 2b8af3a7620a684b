/**
 * A refusal: the engine understood the request and will not do it, for a reason it can name.
 * A refusal is thrown; a decision is returned; a bug is asserted.
 */

import { type RefusalCode, type RefusalKind, refusals } from './catalogue/index.ts';
import { fill } from './fill.ts';
import type { Language } from './language.ts';

export type RefusalParams = Record<string, string | number | boolean | null>;

/** One wrong field: `pointer` is a JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly params: RefusalParams;
  /** JSON Pointer of the field at fault, where there is one. */
  readonly pointer: string | null;
  /** Every wrong field, for invalid input. */
  readonly fields: readonly FieldError[];

  constructor(
    code: RefusalCode,
    params: RefusalParams = {},
    options: { pointer?: string; fields?: FieldError[] } = {},
  ) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.params = params;
    this.pointer = options.pointer ?? null;
    this.fields = options.fields ?? [];
  }

  get kind(): RefusalKind {
    return refusals[this.code].kind;
  }

  /** The refusal in words, in the reader's language. */
  say(language: Language): string {
    return sayRefusal(this.code, this.params, language);
  }
}

export function sayRefusal(code: RefusalCode, params: RefusalParams, language: Language): string {
  return fill(refusals[code][language], params);
}

/** Something outside (mail server, database, queue) does not answer: retried with backoff, never a refusal. */
export class Unavailable extends Error {
  readonly what: string;
  constructor(what: string, options?: { cause?: unknown }) {
    super(`${what} is unavailable`, options);
    this.name = 'Unavailable';
    this.what = what;
  }
}
