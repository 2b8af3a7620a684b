/** The OpenAPI 3.1 document, made from the routes as they are declared. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type RefusalCode, refusals, statusOfKind } from '../src/errors/catalogue/index.ts';
import { jobSchema } from '../src/views/jobs.ts';
import { writesAboutCustomers } from './kit/of-erased.ts';
import { mindsVersion, type Route } from './kit/route.ts';
import { previewQuery, previewSchema, problemSchema } from './kit/shared-schemas.ts';
import { routes } from './routes/index.ts';

/** Whether it may be repeated under an Idempotency-Key. */
const takesKey = (route: Route): boolean =>
  (route.kind === 'write' && !route.is_secret) || route.kind === 'job' || route.kind === 'operation';

/** The refusals that the pipeline itself may give on this route. */
function kitRefusals(route: Route): RefusalCode[] {
  const codes: RefusalCode[] = ['rate_limited'];
  if (route.roles !== 'anyone') codes.push('unauthenticated', 'role_forbids', 'cross_site_request');
  if (route.params || route.kind === 'operation') codes.push('not_found');
  codes.push('invalid_input');
  if (route.method !== 'get') codes.push('bad_request', 'malformed_json', 'body_too_large', 'unsupported_media_type');
  if (takesKey(route)) {
    codes.push('idempotency_in_flight', 'idempotency_key_reused');
    if ('moves_money' in route && route.moves_money) codes.push('idempotency_key_required');
    if (mindsVersion(route)) codes.push('stale_version');
  }
  if (route.kind === 'operation') codes.push('stale_preview');
  if (writesAboutCustomers(route)) codes.push('customer_erased');
  return codes;
}

function problemResponses(route: Route): ZodOpenApiOperationObject['responses'] {
  const codes = [...kitRefusals(route), ...(route.refuses ?? [])];
  const byStatus = new Map<number, Set<string>>();
  for (const code of codes) {
    const status = statusOfKind[refusals[code].kind];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  byStatus.set(503, new Set(['unavailable']));
  if (route.kind === 'operation' || route.kind === 'job') byStatus.set(500, new Set(['internal_error']));
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, set]) => [
        String(status),
        {
          description: [...set].map((code) => `\`${code}\``).join(', '),
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ]),
  ) as ZodOpenApiOperationObject['responses'];
}

const acceptedAnswer = {
  description: 'Written down; a worker carries it out.',
  headers: z.object({ Location: z.string() }),
  content: { 'application/json': { schema: z.object({ job: jobSchema }) } },
};

function operationObject(route: Route): ZodOpenApiOperationObject {
  const works = (route.kind === 'operation' && !route.at_once) || route.kind === 'job';
  const header: Record<string, z.ZodType> = {};
  if (works) header.Prefer = z.string().optional().meta({ description: '`wait=N`, N up to 30 seconds (RFC 7240).' });
  if (takesKey(route)) {
    const key = z.string().max(255).meta({ description: 'Repeats of the request with this key are answered alike.' });
    header['Idempotency-Key'] = 'moves_money' in route && route.moves_money ? key : key.optional();
  }
  if (mindsVersion(route)) {
    header['If-Match'] = z.string().optional().meta({ description: 'The ETag read before.' });
  }
  const query = route.kind === 'operation' ? previewQuery : route.query;
  const produced = route.kind === 'stream' ? route.produces : 'application/json';
  return {
    tags: [route.tag],
    summary: route.does,
    ...(route.roles === 'anyone' ? {} : { description: `Roles: ${route.roles.join(', ')}.` }),
    security: route.roles === 'anyone' ? [] : [{ key: [] }, { session: [] }],
    requestParams: {
      ...(route.params ? { path: route.params as z.ZodObject } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(Object.keys(header).length > 0 ? { header: z.object(header) } : {}),
    },
    ...(route.body
      ? { requestBody: { required: true, content: { [route.consumes ?? 'application/json']: { schema: route.body } } } }
      : {}),
    responses: {
      ...(route.kind === 'operation'
        ? {
            '200': {
              description: 'The preview, with `?dry_run=true`.',
              content: { 'application/json': { schema: previewSchema } },
            },
          }
        : {}),
      [String(route.answer.status)]: {
        description: route.answer.does,
        ...(route.answer.status === 204 ? {} : { content: { [produced]: { schema: answerSchema(route) } } }),
      },
      ...(works ? { '202': acceptedAnswer } : {}),
      ...problemResponses(route),
    },
  } as ZodOpenApiOperationObject;
}

/** An operation that answers 200 shares that status with its preview. */
function answerSchema(route: Route): z.ZodType {
  return route.kind === 'operation' && route.answer.status === 200
    ? z.union([route.answer.schema, previewSchema])
    : route.answer.schema;
}

export function openApiDocument(): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationObject(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Échéance',
      version: '1',
      description:
        'The membership billing engine. Amounts are integer minor units; days are YYYY-MM-DD; errors are RFC 9457 problem details with a stable `code`.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, or the token of a session.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'A person who signed in.' },
      },
    },
    paths,
  });
}
