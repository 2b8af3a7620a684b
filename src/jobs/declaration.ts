/**
 * How a job is declared: once, with the schema of its payload and the lane it runs in. What it does is in
 * `workers/processors/`; a declared job without a processor does not compile.
 */
import type { z } from 'zod';

/**
 * The lanes keep slow work from delaying quick work; each is a queue with workers of its own.
 * `work`: transactions of milliseconds. `clock`: jobs of many steps (advancing a test clock, whole-organization
 * operations). `outside`: documents and mails.
 */
export const lanes = ['work', 'clock', 'outside'] as const;
export type Lane = (typeof lanes)[number];

export interface JobDeclaration<Payload extends z.ZodType = z.ZodType> {
  /** What it does, in words an operator reads. */
  does: string;
  lane: Lane;
  payload: Payload;
  /** The id of the object that it is about, for `GET /v1/jobs?concerns=`. */
  concerns: (payload: z.infer<Payload>) => string | null;
}

/** Gives the payload its type inside `concerns`. */
export function declareJob<Payload extends z.ZodType>(declaration: JobDeclaration<Payload>): JobDeclaration<Payload> {
  return declaration;
}
