import { equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Services, startServices } from '#ops/services.ts';
import { portalOf, type Stub, startStub } from './stub.ts';

const data = mkdtempSync(join(tmpdir(), 'relais-errors-'));

/** What the hub says, the status of the page, its title, and what to do. */
const PAGES: [hub: number, page: number, heading: RegExp, remedy: RegExp][] = [
  [400, 400, /Cette demande n’est pas complète/, /Revenez à la page précédente/],
  [401, 401, /Vous n’êtes plus connecté/, /Reconnectez-vous/],
  [403, 403, /Vous n’avez pas accès à cette page/, /demandez cet accès à votre administrateur local/],
  [404, 404, /Page introuvable/, /cherchez le dossier dans la liste/],
  [409, 409, /Le dossier a changé entre-temps/, /Rouvrez le dossier/],
  [412, 409, /Le dossier a changé entre-temps/, /Rouvrez le dossier/],
  [410, 410, /Ce fichier n’est plus disponible/, /demandez-le à l’émetteur/],
  [413, 413, /C’est trop volumineux/, /réduisez le fichier/],
  [422, 422, /Cette action n’est pas possible/, /sa page propose ce qui est possible maintenant/],
  [429, 429, /Trop de demandes en peu de temps/, /Attendez une minute/],
  [200, 500, /Une erreur est survenue/, /transmettez la référence/],
  [500, 503, /Le service est momentanément indisponible/, /Attendez une minute/],
  [503, 503, /Le service est momentanément indisponible/, /Attendez une minute/],
];

describe('a page that cannot be shown', () => {
  let stub: Stub;
  let services: Services;
  let url: string;
  before(async () => {
    stub = await startStub();
    services = await startServices(
      {
        role: 'portal',
        data,
        env: {
          ...portalOf(stub.url),
          HUB_PORTAL_PUBLISHER: 'Syndicat d’exemple, 1 rue de la Mairie, 94000 Créteil',
        },
      },
      () => undefined,
    );
    url = services.portal as string;
  });
  after(async () => {
    await services?.stop();
    await stub?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const page = (path: string, more: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      redirect: 'manual',
      ...more,
      headers: { Cookie: `relais-session=${'s'.repeat(43)}`, Accept: 'text/html', ...more.headers },
    });

  for (const [hub, status, heading, remedy] of PAGES) {
    it(`says in French what happened and what to do when the hub says ${hub}`, async () => {
      stub.status = hub;
      const answer = await page('/dossiers');
      equal(answer.status, status);
      const text = await answer.text();
      match(text, new RegExp(`<h1[^>]*>${heading.source}`));
      match(text, /<h2>Que faire/);
      match(text, remedy);
      ok(!text.includes('en anglais'), 'the hub’s own words are for software');
      if (status === 401) match(text, /href="\/connexion\?retour=%2Fdossiers"/);
      if (status >= 500) match(text, /Référence/);
      ok(!/_app\/immutable\/(?:entry|nodes)/.test(text), 'it is read without Kit’s client');
    });
  }

  it('is told for an address that is none, an action that is none, and too much', async () => {
    const post = (path: string, body: string) =>
      page(path, {
        method: 'POST',
        body,
        headers: { Origin: url, 'Content-Type': 'application/x-www-form-urlencoded' },
      });
    const found = [
      await page('/nulle-part'),
      await post('/accueil', 'a=b'),
      await post('/compte', 'x'.repeat(600_000)),
    ];
    for (const [answer, heading] of found.map(
      (one, index) =>
        [
          one,
          [
            /Page introuvable/,
            /Cette action n’existe pas/,
            /Ce qui a été envoyé dépasse la taille permise\. Raccourcissez/,
          ][index],
        ] as const,
    )) {
      const text = await answer.text();
      match(text, heading as RegExp, `${answer.status} ${text.slice(0, 200)}`);
      match(text, /Que faire/);
    }
  });

  it('is the sign-in once the session is over, and says what became of what was typed', async () => {
    match(await (await page('/connexion/expiree?perdu=1&retour=%2Fdossiers')).text(), /Votre session/);
  });

  it('says on the legal pages what the operator has set, and openly what it has not', async () => {
    const text = await (await page('/mentions-legales')).text();
    match(text, /Syndicat d’exemple, 1 rue de la Mairie, 94000 Créteil/);
    match(text, /Son nom, son adresse et son numéro de téléphone ne sont pas renseignés/);
    match(text, /Les coordonnées du support ne sont pas renseignées/);
    ok(!text.includes('directeur de la publication ne sont pas'));
  });
});
