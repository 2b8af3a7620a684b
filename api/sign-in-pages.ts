/** Two small pages for people: signing in, and setting a password with an invitation. All they do, the API does. */
import { Router } from 'express';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const page = (title: string, fields: string, button: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Échéance: ${title}</title><link rel="stylesheet" href="/sign-in/page.css"></head>
<body><main><h1>${title}</h1><form>${fields}<button>${button}</button><p role="status"></p></form></main>
<script src="/sign-in/page.js"></script></body></html>`;

const field = (name: string, label: string, attributes: string) =>
  `<label>${label}<input name="${name}" required ${attributes}></label>`;

const signInPage = page(
  'Sign in',
  field('organization', 'Organization', 'pattern="org_.+" autocomplete="organization" spellcheck="false"') +
    field('email', 'E-mail', 'type="email" autocomplete="username"') +
    field('password', 'Password', 'type="password" autocomplete="current-password"'),
  'Sign in',
);

const invitationPage = page(
  'Set your password',
  field(
    'password',
    'New password, at least 12 characters',
    'type="password" autocomplete="new-password" minlength="12"',
  ),
  'Set it',
);

const css = `body{font:16px/1.5 system-ui,sans-serif;background:#f6f6f4;color:#1c1c1a;margin:0}
main{max-width:22rem;margin:12vh auto;padding:2rem;background:#fff;border:1px solid #ddd;border-radius:8px}
h1{font-size:1.3rem;margin:0 0 1rem}label{display:block;margin:0 0 1rem}
input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #999;border-radius:4px}
button{font:inherit;padding:.5rem 1.2rem;border:0;border-radius:4px;background:#1c4f8c;color:#fff;cursor:pointer}`;

/** The token of an invitation stands behind the # of the address, which browsers send to nobody. */
const script = `const form = document.querySelector('form'), status = document.querySelector('[role=status]');
const invitation = location.pathname === '/invitation' ? location.hash.slice(1) : null;
const wanted = new URLSearchParams(location.search);
if (invitation === null && wanted.has('organization')) form.organization.value = wanted.get('organization');
if (invitation === null && wanted.has('email')) form.email.value = wanted.get('email');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const answer = await fetch(invitation === null ? '/v1/sessions' : '/v1/invitations/acceptance', {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(invitation === null ? given : { token: invitation, password: given.password }),
  });
  const body = await answer.json();
  if (!answer.ok) { status.textContent = body.detail; return; }
  if (invitation !== null) location.assign('/sign-in?' + new URLSearchParams({ organization: body.organization, email: body.email }));
  else status.textContent = 'You are signed in.';
});`;

export function signInPages(): Router {
  const router = Router();
  const files: [path: string, type: string, text: string][] = [
    ['/sign-in', 'html', signInPage],
    ['/invitation', 'html', invitationPage],
    ['/sign-in/page.css', 'css', css],
    ['/sign-in/page.js', 'js', script],
  ];
  for (const [path, type, text] of files) {
    router.get(path, (_request, response) => {
      response.set('Content-Security-Policy', CSP).type(type).send(text);
    });
  }
  return router;
}
