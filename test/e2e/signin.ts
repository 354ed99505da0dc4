/** Who gets in, who does not, and what they are told. */
import { equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';

const DENIED: [familyName: string, heading: string][] = [
  ['Lefèvre-Démo', 'Vous n’avez pas encore d’accès à ce portail'],
  ['Dubois-Essai', 'Votre accès est suspendu'],
  ['Bernard-Spécimen', 'Votre adresse électronique n’est pas vérifiée'],
];

async function opened(stage: Stage, test: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await openContext(stage.browser, { script: false });
  try {
    await test(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

export function signInTests(stage: () => Stage): void {
  for (const [familyName, heading] of DENIED) {
    it(`refuses ${familyName} and says why`, () =>
      opened(stage(), async (page) => {
        await signIn(page, stage().ground.portal, familyName);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      }));
  }

  it('asks an administrator for a second factor, and lets in the first one by the subscription’s address', () =>
    opened(stage(), async (page) => {
      await signIn(page, stage().ground.portal, 'Fontaine-Fictif');
      await page.getByRole('button', { name: 'Continuer avec un second facteur' }).click();
      await page.getByRole('button', { name: 'Fontaine-Fictif' }).click();
      await page.getByRole('button', { name: 'Confirmer avec mon second facteur' }).click();
      await page.getByRole('heading', { level: 1, name: 'Bonjour Claire' }).waitFor();
    }));

  it('refuses an administrator who has no second factor', () =>
    opened(stage(), async (page) => {
      await signIn(page, stage().ground.portal, 'Nguyen-Exemple');
      await page.getByRole('button', { name: 'Continuer avec un second facteur' }).click();
      await page.getByRole('button', { name: 'Nguyen-Exemple' }).click();
      await page.getByRole('heading', { level: 1, name: /connexion plus sûre|n’a pas abouti|interrompu/ }).waitFor();
    }));

  it('says so when the person gives up at the provider’s', () =>
    opened(stage(), async (page) => {
      await page.goto(stage().ground.portal);
      await page.getByRole('button', { name: 'S’identifier avec ProConnect' }).click();
      await page.getByRole('button', { name: 'Annuler' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vous avez interrompu la connexion' }).waitFor();
    }));

  it('keeps nothing but a secret in the cookie, out of scripts’ reach', () =>
    opened(stage(), async (page, context) => {
      await signIn(page, stage().ground.portal, 'Benali-Exemple');
      await page.waitForURL(/accueil/);
      const cookie = (await context.cookies()).find(({ name }) => name === 'relais-session');
      ok(cookie?.httpOnly && cookie.sameSite === 'Lax' && cookie.value.length < 100);
      equal((await page.request.get(`${stage().ground.portal}/accueil`)).headers()['cache-control'], 'no-store');
    }));

  it('closes all sessions of the person, and the provider’s', () =>
    opened(stage(), async (page) => {
      const { ground, browser } = stage();
      const elsewhere = await openContext(browser, { script: false });
      const other = await elsewhere.newPage();
      await signIn(other, ground.portal, 'Moreau-Essai');
      await other.waitForURL(/accueil/);
      await signIn(page, ground.portal, 'Moreau-Essai');
      await page.getByRole('link', { name: 'Se déconnecter' }).click();
      await page.getByRole('button', { name: 'Se déconnecter de tous les appareils' }).click();
      await page.getByRole('button', { name: 'Oui, fermer la session' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vous êtes déconnecté' }).waitFor();
      await other.goto(`${ground.portal}/dossiers?vue=tous`);
      await other.getByRole('heading', { level: 1, name: 'Votre session a expiré' }).waitFor();
      await other.getByRole('button', { name: 'Se reconnecter' }).click();
      const again = other.getByRole('button', { name: 'Moreau-Essai' });
      if (await again.count()) await again.click();
      await other.waitForURL(/\/dossiers\?vue=tous$/);
      await elsewhere.close();
    }));

  it('shows one organisation, another, or all of the agent’s', () =>
    opened(stage(), async (page) => {
      const { ground } = stage();
      const [, second, third] = ground.towns;
      const made = [await ground.deposit('EtatCivil', second!), await ground.deposit('EtatCivil', third!)];
      const [one, other] = made.map(({ cases }) => cases[0]!.externalId);
      await signIn(page, `${ground.portal}/dossiers?vue=tous`, 'Perrin-Démo');
      const row = (number: string) => page.getByRole('link', { name: number }).count();
      equal((await row(one!)) + (await row(other!)), 1);
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: 'Toutes mes communes' }).click();
      await page.goto(`${ground.portal}/dossiers?vue=tous`);
      equal((await row(one!)) + (await row(other!)), 2);
      await page.getByRole('link', { name: other! }).click();
      await page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await page.getByText('Enregistré : le dossier est « Reçu ».').waitFor();
    }));

  it('hides what an agent is not habilitated for', () =>
    opened(stage(), async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('CERTDC', ground.towns[0]!);
      await signIn(page, `${ground.portal}/dossiers?vue=tous&q=${folder.cases[0]!.externalId}`, 'Moreau-Essai');
      await page.getByText('Aucun dossier ne correspond').first().waitFor();
      const answer = await page.goto(`${ground.portal}/dossiers/${folder.cases[0]!.id}`);
      match(String(answer?.status()), /^40[34]$/);
    }));
}
