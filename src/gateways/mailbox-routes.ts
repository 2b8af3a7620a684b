/**
 * `GET /demo/mail` and what is under it, for installations without a mail server. Mount it with
 * `app.use('/demo/mail', demoMailRoutes(mailbox))`.
 *
 * Always true: every answer carries a policy under which the page can load only this router's stylesheet and frame,
 * a mail's HTML can load nothing at all and run nothing, and everything else is a download.
 */
import { type Request, type Response, Router } from 'express';
import { type Language, languages } from '../errors/language.ts';
import type { CaughtMail, Mailbox } from './mailbox.ts';
import { listPage, mailPage, missingPage, stylesheet } from './mailbox-pages.ts';

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export function demoMailRoutes(mailbox: Mailbox): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': PAGE_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });

  router.get('/', async (request, response) => {
    response.type('html').send(listPage(await mailbox.list(), request.baseUrl, languageOf(request)));
  });

  router.get('/style.css', (_request, response) => {
    response.type('css').send(stylesheet);
  });

  router.get('/:id', async (request, response) => {
    const language = languageOf(request);
    const mail = await mailbox.get(request.params.id);
    if (mail) response.type('html').send(mailPage(mail, request.baseUrl, language));
    else response.status(404).type('html').send(missingPage(request.baseUrl, language));
  });

  router.get('/:id/html', async (request, response) => {
    const html = (await mailbox.get(request.params.id))?.parsed.html;
    if (!html) return void response.status(404).end();
    response.set('Content-Security-Policy', MAIL_POLICY).type('html').send(html);
  });

  router.get('/:id/source', async (request, response) => {
    const mail = await mailbox.get(request.params.id);
    if (!mail) return void response.status(404).end();
    download(response, `${mail.id}.eml`, 'message/rfc822', mail.raw);
  });

  router.get('/:id/attachments/:at', async (request, response) => {
    const mail = await mailbox.get(request.params.id);
    const attachment = mail && attachmentAt(mail, request.params.at);
    if (!attachment) return void response.status(404).end();
    download(response, attachment.filename ?? 'attachment', attachment.mimeType, attachment.content);
  });

  return router;
}

function languageOf(request: Request): Language {
  return languages.find((language) => language === request.acceptsLanguages([...languages])) ?? 'en';
}

function attachmentAt(mail: CaughtMail, at: string) {
  return /^\d{1,3}$/.test(at) ? mail.parsed.attachments[Number(at)] : undefined;
}

function download(response: Response, filename: string, type: string, content: ArrayBuffer | Uint8Array | string) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
  response
    .attachment(filename)
    .set('Content-Security-Policy', MAIL_POLICY)
    // A type that a browser may run is handed out as bytes; the name still says what it is.
    .set(
      'Content-Type',
      /^(?:application\/pdf|image\/png|image\/jpeg|message\/rfc822)$/.test(type) ? type : 'application/octet-stream',
    )
    .send(bytes);
}
