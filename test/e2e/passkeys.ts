/** A town that ProConnect does not reach: invitations by e-mail, passkeys, and what they do not open. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { addAuthenticator } from './authenticator.ts';
import { openContext } from './browser.ts';
import type { Post } from './post.ts';

/** What a page knows, and these tests' types do not. */
interface WithCredentials {
  navigator: { credentials: { get(options: object): Promise<{ toJSON(): unknown }> } };
}

const LINK = /\S+\/connexion\/invitation\/[\w-]+/;
/** Of the towns of the ground, the one without ProConnect. */
const TOWN = 4;

export const townOf = ({ ground }: Post) => ground.towns[TOWN]!;

export async function allowPasskeys(stage: Post): Promise<void> {
  const { type, companyRegister, branchCode } = townOf(stage).identity;
  await stage.ground.admin.put(`/relais/v1/organizations/${type}-${companyRegister}-${branchCode}/passkeys`, {
    allowed: true,
  });
}

/** Somebody invited to that town; gives the e-mail's link. */
export async function inviteByMail(stage: Post, email: string, role = 'administrator'): Promise<string> {
  const { identity: organization } = townOf(stage);
  const who = { givenName: 'Teura', familyName: 'Tavana-Exemple', quality: 'secrétaire générale' };
  await stage.ground.admin.post('/relais/v1/agents', { email, role, organization, processCodes: null, ...who });
  return linkIn(stage, email);
}

export async function linkIn(stage: Post, email: string): Promise<string> {
  const mail = await stage.mailTo(email);
  match(mail.subject, /créez votre clé d’accès/);
  return LINK.exec(mail.text)?.[0] ?? '';
}

/** Makes the passkey an invitation is for; leads to the agent's home. */
export async function makePasskey(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Créer ma clé et me connecter' }).click();
  await page.waitForURL(/\/accueil$/);
}

async function signOut(page: Page): Promise<void> {
  await page.goto(new URL('/deconnexion', page.url()).href);
  await page.getByRole('button', { name: 'Se déconnecter de cet appareil' }).click();
  await page.getByRole('heading', { level: 1, name: 'Vous êtes déconnecté' }).waitFor();
}

async function signInByKey(page: Page, portal: string): Promise<void> {
  await page.goto(`${portal}/connexion`);
  await page.getByRole('link', { name: /Se connecter avec une clé d’accès/ }).click();
  await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
}

/** Texts of `noscript` are none for Playwright's own search, whatever a browser shows. */
async function needsScript(page: Page): Promise<void> {
  const alert = page.locator('noscript .alert');
  await alert.waitFor({ state: 'visible' });
  match((await alert.textContent()) ?? '', /Cette page a besoin de JavaScript/);
}

export function passkeyTests(stage: () => Post): void {
  const opened = async (test: (page: Page) => Promise<void>, script = true): Promise<void> => {
    const context = await openContext(stage().browser, { script });
    try {
      await test(await context.newPage());
    } finally {
      await context.close();
    }
  };

  it('makes a passkey from an e-mail, signs out, and signs in again with it', () =>
    opened(async (page) => {
      const link = await inviteByMail(stage(), 'teura@sans-proconnect.test');
      const { ground } = stage();
      ok(link.startsWith(`${ground.portal}/connexion/invitation/`));
      const key = await addAuthenticator(page);
      await page.goto(link);
      equal(new URL(page.url()).pathname, '/connexion/invitation', 'the secret does not stay in the address');
      await page.getByText(townOf(stage()).name).first().waitFor();
      await makePasskey(page, link);
      equal(await key.count(), 1);
      await page.getByText('Teura Tavana-Exemple').first().waitFor();
      await signOut(page);
      await signInByKey(page, ground.portal);
      await page.waitForURL(/\/accueil$/);
      await page.goto(`${ground.portal}/compte`);
      match((await page.locator('main').textContent()) ?? '', /Teura Tavana-Exemple, secrétaire générale/);
      // The invitation is used up, also for another browser.
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: 'Cette invitation n’est plus valable' }).waitFor();
    }));

  it('lets nobody in whose device did not verify its owner, nor a key that was taken away', () =>
    opened(async (page) => {
      const link = await inviteByMail(stage(), 'refus@sans-proconnect.test', 'agent');
      const key = await addAuthenticator(page);
      await makePasskey(page, link);
      await signOut(page);
      await key.verify(false);
      await signInByKey(page, stage().ground.portal);
      await page.getByRole('alert').getByText('Rien n’a été fait').waitFor();
      await key.verify(true);
      const staff = await stage().ground.admin.get<{ id: string; email: string }[]>(
        `/relais/v1/agents?${new URLSearchParams({ ...townOf(stage()).identity })}`,
      );
      const { id } = staff.find(({ email }) => email === 'refus@sans-proconnect.test')!;
      await stage().ground.admin.post(`/relais/v1/agents/${id}/invitation`, { organization: townOf(stage()).identity });
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.getByRole('alert').getByText('Cette clé n’est pas connue ici').waitFor();
    }));

  it('is signed for this address only: another page’s signature opens nothing', () =>
    opened(async (page) => {
      const link = await inviteByMail(stage(), 'ailleurs@sans-proconnect.test', 'agent');
      await addAuthenticator(page);
      await makePasskey(page, link);
      const { portal } = stage().ground;
      const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<title>x</title>'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        // The same host name by another port: the browser signs, for the name is the key's.
        await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
        const headers = { 'Content-Type': 'application/json' };
        const asked = await fetch(`${portal}/connexion/cle/defi`, { method: 'POST', headers, body: '{}' });
        const { options } = (await asked.json()) as { options: { challenge: string } };
        const response = await page.evaluate(async (challenge: string) => {
          const bytes = Uint8Array.from(atob(challenge.replace(/-/g, '+').replace(/_/g, '/')), (one) =>
            one.charCodeAt(0),
          );
          const { navigator } = globalThis as unknown as WithCredentials;
          const found = await navigator.credentials.get({
            publicKey: { challenge: bytes, rpId: 'localhost', userVerification: 'required' },
          });
          return found.toJSON();
        }, options.challenge);
        const body = JSON.stringify({ response });
        const answer = await fetch(`${portal}/connexion/cle/session`, { method: 'POST', headers, body });
        equal(answer.status, 422);
        equal(answer.headers.get('set-cookie'), null);
      } finally {
        server.close();
      }
    }));

  it('opens the towns that have passkeys, and no other one', () =>
    opened(async (page) => {
      const email = 'deux@sans-proconnect.test';
      const link = await inviteByMail(stage(), email, 'agent');
      const { ground } = stage();
      const [first] = ground.towns;
      const organization = first!.identity;
      await ground.admin.post('/relais/v1/agents', { email, role: 'agent', organization, processCodes: null });
      await addAuthenticator(page);
      await makePasskey(page, link);
      await page.goto(`${ground.portal}/compte`);
      const main = (await page.locator('main').textContent()) ?? '';
      ok(main.includes(townOf(stage()).name) && !main.includes(first!.name));
    }));

  it('adds a second passkey, renames it, and removes the first one, whose session ends', () =>
    opened(async (page) => {
      const link = await inviteByMail(stage(), 'plusieurs@sans-proconnect.test', 'agent');
      const first = await addAuthenticator(page);
      await makePasskey(page, link);
      const { portal } = stage().ground;
      await page.goto(`${portal}/compte/cles`);
      await page.getByText('C’est votre seule clé').waitFor();
      await page.getByRole('button', { name: 'Créer une autre clé' }).click();
      await page.getByRole('alert').getByText('Cet appareil a déjà une clé').waitFor();
      await first.remove();
      const second = await addAuthenticator(page, 'usb', first.session);
      await page.getByLabel('Nom de cette clé').fill('Clé du coffre');
      await page.getByRole('button', { name: 'Créer une autre clé' }).click();
      await page.getByText('Clé « Clé du coffre » ajoutée.').waitFor();
      equal(await second.count(), 1);
      const renamed = page.getByRole('listitem').filter({ hasText: 'Clé du coffre' });
      await renamed.locator('summary').click();
      await renamed.getByLabel('Nouveau nom').fill(' ');
      await renamed.getByRole('button', { name: 'Renommer' }).click();
      await page.getByRole('link', { name: 'Donnez un nom à cette clé' }).waitFor();
      await page.getByLabel('Nouveau nom').and(page.locator('[aria-invalid]')).fill('Clé de secours');
      await page.getByRole('button', { name: 'Renommer' }).click();
      await page.getByRole('heading', { name: 'Clé de secours' }).waitFor();
      const current = page.getByRole('listitem').filter({ hasText: 'Celle de cette session' });
      await current.locator('summary').click();
      await current.getByText('en la retirant vous vous déconnectez').waitFor();
      await current.getByRole('button', { name: 'Retirer « Mon ordinateur »' }).click();
      await page.getByText('Clé « Mon ordinateur » retirée : elle n’ouvre plus rien.').waitFor();
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.waitForURL(/\/accueil$/);
      await page.goto(`${portal}/compte/cles`);
      deepEqual(await page.locator('main li h2').allTextContents(), ['Clé de secours']);
    }));

  for (const script of [true, false]) {
    it(`invites colleagues by name, and anew who lost the key ${script ? 'with' : 'without'} JavaScript`, async () => {
      // The session is made with a script, for there is no other way; the pages are then used without.
      const link = await inviteByMail(stage(), `chef-${script}@sans-proconnect.test`);
      const { portal } = stage().ground;
      const made = await openContext(stage().browser);
      const maker = await made.newPage();
      await addAuthenticator(maker);
      await makePasskey(maker, link);
      const cookies = await made.cookies();
      await opened(async (page) => {
        await page.context().addCookies(cookies);
        const email = `collegue-${script}@sans-proconnect.test`;
        const familyName = script ? 'Démo-Fictif' : 'Démo-Essai';
        await page.goto(`${portal}/organisation/agents/inviter`);
        await page.getByLabel('Adresse électronique').fill(email);
        await page.getByRole('radio', { name: 'Agent', exact: true }).check();
        await page.getByRole('radio', { name: 'Toutes les démarches' }).check();
        await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
        await page.getByRole('link', { name: 'Écrivez le prénom de la personne' }).waitFor();
        await page.getByLabel('Prénom').fill('Moana');
        await page.getByLabel('Nom', { exact: true }).fill(familyName);
        await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
        await page.getByText(`Invitation envoyée à ${email}.`).waitFor();
        ok(await linkIn(stage(), email));
        await page.getByRole('link', { name: `Modifier l’accès : Moana ${familyName}` }).click();
        await page.getByRole('button', { name: 'Envoyer une nouvelle invitation' }).click();
        await page.getByText('Une invitation vient de partir').waitFor();
      }, script);
      await made.close();
    });
  }

  it('says without JavaScript that this one page needs it', () =>
    opened(async (page) => {
      const { portal } = stage().ground;
      await page.goto(`${portal}/connexion/cle`);
      await needsScript(page);
      equal(await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).count(), 0);
      await page.goto(await inviteByMail(stage(), 'sans-script@sans-proconnect.test', 'agent'));
      await needsScript(page);
    }, false));
}
