/** Health, metrics, the API document and its page, and the operators' view of the queues. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import express, { type RequestHandler, Router } from 'express';
import { Refusal } from '../src/errors/refusal.ts';
import { demoMailRoutes } from '../src/gateways/mailbox-routes.ts';
import { lanes } from '../src/jobs/declaration.ts';
import type { Api } from './kit/api.ts';
import { authenticate, keyFromHeader } from './kit/principal.ts';
import { isFromHere, sessionFromCookie } from './kit/session-cookie.ts';
import { metricsText, registry } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { signInPages } from './sign-in-pages.ts';

const QUEUES_PATH = '/admin/queues';

export function servicePages(api: Api): Router {
  const router = Router();
  let document: string | null = null;
  if (api.mailbox) router.use('/demo/mail', demoMailRoutes(api.mailbox));
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const [database, queue, releases] = await Promise.all([
      answers(api.database.raw('select 1 from organization limit 1')),
      answers(api.doorbell.waiting('work')),
      releasesOf(api),
    ]);
    // Without the queue the API still takes work: the rows wait and are rung later.
    response.status(database ? 200 : 503).json({ status: database ? 'ready' : 'not_ready', database, queue, releases });
  });
  router.get('/metrics', operatorsOnly(api), async (_request, response) => {
    response.type(registry.contentType).send(await metricsText(api.database));
  });
  router.get('/openapi.json', (_request, response) => {
    document ??= JSON.stringify(openApiDocument());
    response.type('application/json').send(document);
  });
  router.use('/docs', docsPage());
  router.use(signInPages());
  router.use(QUEUES_PATH, operatorsOnly(api), sameOrigin, queuesPage(api));
  return router;
}

/** Ready is also who waits for somebody to confirm a restore: only releases and mails do. */
async function releasesOf(api: Api): Promise<'open' | 'locked_after_restore' | 'not_known'> {
  const sql =
    'select came_from_a_backup() or exists (select from organization where restored_at is not null) as locked';
  let isLocked = false;
  const asked = api.database.raw(sql).then(({ rows }: { rows: { locked: boolean }[] }) => {
    isLocked = rows[0]?.locked ?? true;
  });
  if (!(await answers(asked))) return 'not_known';
  return isLocked ? 'locked_after_restore' : 'open';
}

async function answers(question: PromiseLike<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2000).unref());
  return Promise.race([
    Promise.resolve(question).then(
      () => true,
      () => false,
    ),
    late,
  ]);
}

/** An operator who signed in at `/sign-in`, or an operator's key: the password of HTTP Basic, or a bearer token. */
function operatorsOnly(api: Api): RequestHandler {
  return async (request, response, next) => {
    try {
      const header = request.get('authorization');
      const cookie = header === undefined ? sessionFromCookie(request) : null;
      const principal = await authenticate(api.database, cookie ?? keyFromHeader(header, true));
      if (cookie !== null && !isFromHere(request)) throw new Refusal('cross_site_request');
      if (!principal.is_operator) throw new Refusal('role_forbids', { role: principal.role });
      next();
    } catch (error) {
      response.set(
        'WWW-Authenticate',
        'Basic realm="Echeance operators: any name, an operator key as password", charset="UTF-8"',
      );
      next(error);
    }
  };
}

/** A page elsewhere must not press this one's buttons with the browser's stored password. */
const sameOrigin: RequestHandler = (request, _response, next) => {
  const site = request.get('sec-fetch-site');
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  next(request.method !== 'GET' && foreign ? new Refusal('role_forbids', { role: 'browser' }) : undefined);
};

function queuesPage(api: Api): Router {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: lanes.map((lane) => new BullMQAdapter(api.doorbell.queues[lane])),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Échéance', hideRedisDetails: true } },
  });
  const router = Router();
  router.use((_request, response, next) => {
    // The dashboard has inline scripts of its own; everything still comes from this server.
    response.set(
      'Content-Security-Policy',
      "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'",
    );
    next();
  });
  router.use(adapter.getRouter() as RequestHandler);
  return router;
}

const docsHtml = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Échéance API</title><link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon-32x32.png"></head>
<body><div id="page"></div><script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/page.js"></script></body></html>`;

const docsScript = `window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, docExpansion: 'none',
  defaultModelsExpandDepth: 0, displayRequestDuration: true, persistAuthorization: true, validatorUrl: null });`;

function docsPage(): Router {
  const router = Router();
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.use((_request, response, next) => {
    response.set(
      'Content-Security-Policy',
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    );
    next();
  });
  router.get('/', (_request, response) => {
    response.type('html').send(docsHtml);
  });
  router.get('/page.js', (_request, response) => {
    response.type('js').send(docsScript);
  });
  router.use(
    '/assets',
    express.static(assets, {
      index: false,
      maxAge: '1h',
      setHeaders: (response) => response.set('Cache-Control', 'public, max-age=3600'),
    }),
  );
  return router;
}
