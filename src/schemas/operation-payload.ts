/** The payload of every operation's job: its input, and what the caller made conditions of. */
import { z } from 'zod';

export function operationPayload<Input extends z.ZodType>(input: Input) {
  return z.strictObject({
    input,
    preview_token: z.string().max(100).optional(),
    if_version: z.int().min(0).optional(),
  });
}
