/** What agents set for themselves, the same with a script and without. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';

export function accountTests(stage: () => Stage, script: boolean): void {
  const opened = async (path: string, name: string, test: (page: Page) => Promise<void>): Promise<void> => {
    const context = await openContext(stage().browser, { script });
    try {
      const page = await context.newPage();
      await signIn(page, `${stage().ground.portal}${path}`, name);
      await test(page);
    } finally {
      await context.close();
    }
  };

  it('writes the quality and service that decisions bear', () =>
    opened('/accueil', 'N’Diaye-Exemple', async (page) => {
      await page.getByRole('link', { name: /N’Diaye-Exemple/ }).click();
      await page.getByLabel('Qualité').fill(`adjointe au maire ${script}`);
      await page.getByLabel('Service').fill('population');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('vos prochaines décisions le porteront').waitFor();
      match((await page.locator('main').textContent()) ?? '', new RegExp(`adjointe au maire ${script}, population`));
    }));

  it('chooses for each démarche when to be told', () =>
    opened('/compte/notifications', 'Moreau-Essai', async (page) => {
      equal(await page.locator('select').count(), 1);
      await page.locator('#d-EtatCivil').selectOption({ label: 'Chaque matin' });
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText(/vous serez prévenu pour 1.démarche\./).waitFor();
      equal(await page.locator('#d-EtatCivil').inputValue(), 'digest');
      await page.locator('#d-EtatCivil').selectOption({ label: 'Aucun message' });
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('vous ne recevrez aucun message').waitFor();
    }));

  it('cuts shortcuts on this browser, and closes all sessions', () =>
    opened('/compte', 'Faure-Imaginaire', async (page) => {
      await page.getByRole('radio', { name: 'Coupés' }).check();
      await page.getByRole('button', { name: 'Appliquer' }).click();
      await page.getByText('Enregistré pour ce navigateur.').waitFor();
      const kept = await page.context().cookies();
      deepEqual(
        kept.filter(({ name }) => name === 'relais-raccourcis').map(({ value }) => value),
        ['non'],
      );
      await page.getByRole('button', { name: 'Se déconnecter partout' }).click();
      await page.getByRole('button', { name: 'Oui, fermer la session' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vous êtes déconnecté' }).waitFor();
    }));
}

/** Browsers' clocks are moved on; the server's are not: what is looked at is when the warning comes. */
export function warningTests(stage: () => Stage): void {
  it('warns two minutes before the session ends, and prolongs it', async () => {
    const context = await openContext(stage().browser);
    const page = await context.newPage();
    await page.clock.install();
    await signIn(page, `${stage().ground.portal}/accueil`, 'Benali-Exemple');
    await page.waitForURL(/accueil/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    const warning = page.getByRole('dialog', { name: 'Votre session va se fermer' });
    await page.clock.fastForward(26 * 60_000);
    equal(await warning.isVisible(), false);
    await page.clock.fastForward(90_000);
    await warning.waitFor();
    await Promise.all([
      page.waitForResponse(/session\/prolonger/),
      page.getByRole('button', { name: 'Rester connecté' }).click(),
    ]);
    await warning.waitFor({ state: 'hidden' });
    await context.close();
  });

  it('comes back to the same page after the session ended, also without JavaScript', async () => {
    const context = await openContext(stage().browser, { script: false });
    const page = await context.newPage();
    const url = `${stage().ground.portal}/dossiers?vue=tous&tri=demandeur`;
    await signIn(page, url, 'Benali-Exemple');
    await page.waitForURL(url);
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'relais-session');
    await context.addCookies([{ ...cookie!, value: 'x'.repeat(43) }]);
    await page.goto(url);
    await page.getByRole('heading', { level: 1, name: 'Votre session a expiré' }).waitFor();
    await page.getByRole('button', { name: 'Se reconnecter' }).click();
    const again = page.getByRole('button', { name: 'Benali-Exemple' });
    if (await again.count()) await again.click();
    await page.waitForURL(url);
    await context.close();
  });
}
