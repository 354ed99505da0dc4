import { equal, match, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#ops/portal/ports.ts';
import { type Services, startServices } from '#ops/services.ts';

const data = mkdtempSync(join(tmpdir(), 'relais-portal-'));
after(() => rmSync(data, { recursive: true, force: true }));
const start = (env: Record<string, string>): Promise<Services> =>
  startServices({ role: 'portal', data, env }, () => undefined);

describe('a process of the portal alone', () => {
  let services: Services;
  let url: string;
  before(async () => {
    // Nobody answers there, neither hub nor provider: what an agent sees then.
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    services = await start({
      HUB_API_URL: nowhere,
      HUB_PORTAL_CLIENT_ID: 'p',
      HUB_PORTAL_CLIENT_SECRET: 's',
      HUB_PORTAL_PORT: '0',
      HUB_PORTAL_FILES_PORT: '0',
      HUB_OIDC_ISSUER: nowhere,
      HUB_OIDC_CLIENT_ID: 'c',
      HUB_OIDC_CLIENT_SECRET: 'x',
    });
    url = services.portal as string;
  });
  after(() => services?.stop());

  it('needs no Redis, and shows the sign-in page', async () => {
    const answer = await fetch(`${url}/`);
    equal(answer.status, 200);
    equal(answer.url, `${url}/connexion`);
    match(await answer.text(), /S’identifier avec ProConnect/);
  });

  it('sends who is not signed in to sign in, and back afterwards', async () => {
    const answer = await fetch(`${url}/dossiers?vue=tous`, { redirect: 'manual' });
    equal(answer.status, 303);
    equal(answer.headers.get('location'), '/connexion?retour=%2Fdossiers%3Fvue%3Dtous');
  });

  it('says in French what to do while the hub is away', async () => {
    const answer = await fetch(`${url}/dossiers`, { headers: { Cookie: 'relais-session=x', Accept: 'text/html' } });
    equal(answer.status, 503);
    const text = await answer.text();
    match(text, /Que faire/);
    ok(!text.includes('ECONNREFUSED'));
  });

  it('says so while the provider is away', async () => {
    const answer = await fetch(`${url}/connexion/commencer`, {
      method: 'POST',
      headers: { Origin: url },
      body: new URLSearchParams({ retour: '/dossiers' }),
    });
    match(await answer.text(), /Le service d’identification ne répond pas/);
  });

  it('believes no address a client claims to be at', async () => {
    const answer = await fetch(`${url}/connexion/commencer`, {
      method: 'POST',
      headers: { Origin: 'http://evil.test', 'X-Hub-Host': 'evil.test', 'X-Forwarded-Host': 'evil.test' },
      body: new URLSearchParams({ retour: '/' }),
    });
    equal(answer.status, 403);
  });

  it('takes no sign-in that was not begun here', async () => {
    const answer = await fetch(`${url}/connexion/retour?code=1&state=2`);
    match(await answer.text(), /Cette page de connexion n’est plus valable/);
  });
});

it('does not start without its settings, and names them', () =>
  rejects(start({ HUB_API_URL: 'http://127.0.0.1:1' }), /the portal needs HUB_PORTAL_CLIENT_ID, /));
