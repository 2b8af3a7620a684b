/** Routes that anybody may call, because they are how one comes in: no caller, no organization yet. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Language } from '../../src/errors/language.ts';
import type { Api } from './api.ts';
import { parsePart } from './field-errors.ts';
import { send } from './handle.ts';
import type { AnyEntryRoute } from './route.ts';

const noQuery = z.strictObject({});

export async function handleEntry(
  api: Api,
  route: AnyEntryRoute,
  request: Request,
  response: Response,
  language: Language,
): Promise<void> {
  parsePart(noQuery, { ...request.query }, '?', language);
  const body = route.body ? parsePart(route.body, request.body ?? {}, '/', language) : undefined;
  send(response, await route.run(api, { body, address: request.ip ?? '' }));
}
