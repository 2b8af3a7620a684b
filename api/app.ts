/** The Express application: every declared route behind one pipeline, then the service pages. */
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { RefusalKind } from '../src/errors/catalogue/index.ts';
import { Refusal } from '../src/errors/refusal.ts';
import { newId } from '../src/ids.ts';
import { isConnectionTrouble, isContention } from '../src/store/database.ts';
import type { Api } from './kit/api.ts';
import { handleEntry } from './kit/entry.ts';
import { type Call, handle } from './kit/handle.ts';
import { languageOf } from './kit/headers.ts';
import { keyFromHeader, type Principal } from './kit/principal.ts';
import { problem, problemOfCode, problemOfRefusal, sendProblem } from './kit/problem.ts';
import type { Route } from './kit/route.ts';
import { isFromHere, sessionFromCookie } from './kit/session-cookie.ts';
import { observeRequest } from './metrics.ts';
import { routes } from './routes/index.ts';
import { servicePages } from './service-pages.ts';

const BODY_LIMIT = 256 * 1024;

interface Locals {
  requestId: string;
  principal?: Principal;
}

const locals = (response: Response) => response.locals as Locals;

export interface AppOptions {
  rateLimitPerMinute: number;
  /** Reverse proxies in front of the API, whose word about the caller's address is taken. */
  trustedProxies: number;
}

export function createApp(api: Api, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustedProxies);
  app.use(helmet());
  app.use((request, response, next) => {
    const requestId = newId('req');
    locals(response).requestId = requestId;
    response.set('X-Request-Id', requestId);
    response.set('Cache-Control', 'no-store');
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      observeRequest(request.method, route, response.statusCode, ms);
      api.log.debug({
        request_id: requestId,
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(ms),
      });
    });
    next();
  });
  const limit = rateLimit({
    windowMs: 60_000,
    limit: options.rateLimitPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request, response) =>
      locals(response as Response).principal?.id ?? ipKeyGenerator((request as Request).ip ?? ''),
    handler: (_request, _response, next) => next(new Refusal('rate_limited')),
  });
  for (const route of routes) mount(app, api, route, limit);
  app.use(servicePages(api));
  app.use((_request, _response, next) => next(new Refusal('not_found')));
  app.use(answerError(api));
  return app;
}

function mount(app: Express, api: Api, route: Route, limit: express.RequestHandler): void {
  if (route.kind === 'entry') {
    app[route.method](route.path, limit, ...bodyReaders(route), (request: Request, response: Response) =>
      handleEntry(api, route, request, response, languageOf(request, 'en')),
    );
    return;
  }
  const identify = async (request: Request, response: Response, next: NextFunction) => {
    const header = request.get('authorization');
    // What a caller says of himself goes before what his browser says for him.
    const cookie = header === undefined ? sessionFromCookie(request) : null;
    const principal = await api.principals.find(cookie ?? keyFromHeader(header, false));
    locals(response).principal = principal;
    if (cookie !== null && !isFromHere(request)) throw new Refusal('cross_site_request');
    if (route.roles !== 'anyone' && !route.roles.includes(principal.role)) {
      throw new Refusal('role_forbids', { role: principal.role });
    }
    next();
  };
  app[route.method](
    route.path,
    identify,
    limit,
    ...bodyReaders(route),
    async (request: Request, response: Response) => {
      const { principal, requestId } = locals(response);
      if (!principal) throw new Error('a route ran without its caller');
      const language = languageOf(request, principal.organization.locale);
      const call: Call = { api, request, response, requestId, principal, language };
      await handle(call, route);
    },
  );
}

/** JSON or XML text up to the route's limit; a body of any other type is refused, an empty one is fine. */
function bodyReaders(route: Route): express.RequestHandler[] {
  if (route.method === 'get') return [];
  const limit = route.body_limit ?? BODY_LIMIT;
  const expected = route.consumes ?? 'application/json';
  const check: express.RequestHandler = (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    const fits = route.consumes
      ? request.is(['application/xml', 'text/xml'])
      : request.is(['application/json', '+json']);
    next(hasBody && !fits ? new Refusal('unsupported_media_type', { expected }) : undefined);
  };
  return [check, route.consumes ? express.raw({ type: () => true, limit }) : express.json({ limit, strict: true })];
}

/** Refusals that tell of somebody trying doors. */
const watched: readonly RefusalKind[] = ['unauthenticated', 'forbidden', 'too_many'];

function answerError(api: Api): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const { requestId, principal } = locals(response);
    const language = languageOf(request, principal?.organization.locale ?? 'en');
    const trouble = error as { type?: string; limit?: number; status?: number };
    if (error instanceof Refusal) {
      if (watched.includes(error.kind)) {
        const { code } = error;
        const who = principal?.actor ?? null;
        api.log.info({ request_id: requestId, code, who, address: request.ip, method: request.method }, 'not let in');
      }
      return sendProblem(response, problemOfRefusal(error, language, requestId));
    }
    if (trouble.type === 'entity.too.large') {
      return sendProblem(
        response,
        problemOfRefusal(new Refusal('body_too_large', { limit: trouble.limit ?? BODY_LIMIT }), language, requestId),
      );
    }
    if (trouble.type === 'entity.parse.failed')
      return sendProblem(response, problemOfRefusal(new Refusal('malformed_json'), language, requestId));
    if (trouble.status !== undefined && trouble.status >= 400 && trouble.status < 500) {
      return sendProblem(response, problemOfRefusal(new Refusal('bad_request'), language, requestId));
    }
    if (isConnectionTrouble(error) || isContention(error)) {
      // Rows that somebody else holds, perhaps a process that stands still until its transaction is cut off.
      api.log.warn({ request_id: requestId, err: error }, 'the database does not answer, or not in time');
      response.set('Retry-After', '5');
      return sendProblem(response, problemOfCode('unavailable', { what: 'database' }, language, requestId));
    }
    api.log.error({ request_id: requestId, err: error }, 'a request broke');
    sendProblem(response, problem(500, 'internal_error', `${requestId}`, requestId));
  };
}
