/** Saved views: named, shared, renamed, what the list begins with. And each page of this stage, in each look. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import { opened } from './exports.ts';
import type { Stage } from './stage.ts';
import { taken } from './tasks/export.ts';
import { findings } from './tour/axe.ts';

const AGENT = 'Benali-Exemple';
const COLLEAGUE = 'Moreau-Essai';

export function viewTests(stage: () => Stage, script: boolean): void {
  it('keeps filters under a name, shares them, begins with them, lets them go', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      await ground.deposit('EtatCivil', ground.towns[0]!);
      const name = script ? 'Actes à voir' : 'Actes du jour';
      await signIn(page, `${ground.portal}/dossiers?vue=tous&demarche=EtatCivil&tri=numero`, AGENT);
      await page.locator('summary', { hasText: 'Enregistrer cette vue' }).click();
      await page.getByLabel('Nom de la vue').fill(name);
      await page.getByLabel('La partager avec tous les agents').check();
      await page.getByRole('button', { name: 'Enregistrer la vue' }).click();
      await page.getByText(`La vue « ${name} » est enregistrée.`).waitFor();
      await page.waitForURL(/demarche=EtatCivil.*enregistree=/);
      const tab = page.getByRole('navigation', { name: 'Vues enregistrées' }).getByRole('link', { name });
      equal(await tab.getAttribute('aria-current'), 'page');
      const address = (await tab.getAttribute('href')) ?? '';
      match(address, /^\/vues\/actes-[a-z-]+-[0-9a-f]{4}$/);
      const counted = /sur (\d+)/.exec((await page.locator('main caption').first().textContent()) ?? '')?.[1];
      match((await tab.textContent()) ?? '', new RegExp(`\\b${counted}\\b`));

      const context = await openContext(stage().browser, { script });
      const other = await context.newPage();
      await signIn(other, `${ground.portal}${address}`, COLLEAGUE);
      await other.waitForURL(/demarche=EtatCivil/);
      await other.goto(`${ground.portal}/vues`);
      const card = other.locator('li.card').filter({ hasText: name });
      match((await card.textContent()) ?? '', /Partagée par Nadia Benali-Exemple/);
      equal(await card.getByRole('button', { name: /Supprimer/ }).count(), 0);
      await context.close();

      await page.getByRole('link', { name: 'Gérer les vues' }).click();
      await page.getByRole('button', { name: `Commencer par cette vue : ${name}` }).click();
      await page.getByText('La liste des dossiers commence par cette vue.').waitFor();
      await page.getByRole('navigation', { name: 'Menu principal' }).getByRole('link', { name: 'Dossiers' }).click();
      await page.waitForURL(/enregistree=/);
      await page.getByRole('link', { name: /^À traiter/ }).click();
      await page.waitForURL(/\/dossiers\?vue=a-traiter$/);
      await page.goto(`${ground.portal}/vues`);
      await page.locator('summary', { hasText: `Renommer : ${name}` }).click();
      const field = page.locator('li.card').filter({ hasText: name }).getByLabel('Nom de la vue');
      await field.fill('   ');
      await page.getByRole('button', { name: 'Renommer' }).click();
      await page.getByText('Donnez un nom à cette vue.').first().waitFor();
      await field.fill(`${name} bis`);
      await page.getByRole('button', { name: 'Renommer' }).click();
      await page.getByText(`La vue « ${name} bis » est modifiée.`).waitFor();
      await page.getByRole('button', { name: `Supprimer : ${name} bis` }).click();
      await page.getByText(`La vue « ${name} bis » est supprimée.`).waitFor();
      await page.goto(`${ground.portal}${address}`);
      await page.getByText('Cette vue n’existe plus.').waitFor();
      await page.goto(`${ground.portal}/dossiers`);
      equal(new URL(page.url()).search, '');
    }));
}

export function exportPageTests(stage: () => Stage): void {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    it(`has no fault that a tool finds on these pages ${JSON.stringify(look)}`, async () => {
      const { ground, browser } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const faults: Record<string, string[]> = {};
      const shots = process.env['E2E_SHOTS'];
      const look_ = Object.keys(look)[0] ?? 'light';
      const visit = async (path: string, name: string) => {
        await page.goto(`${ground.portal}${path}`);
        for (const summary of await page.locator('main .tools summary, main li.card summary').all())
          await summary.click();
        const found = await findings(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        if (wide) found.push('scrolls sideways');
        if (found.length > 0) faults[name] = found;
        equal(await page.locator('h1').count(), 1, name);
        if (shots) await page.screenshot({ path: `${shots}/${look_}_${name}.png`, fullPage: true });
      };
      await signIn(page, `${ground.portal}/exports`, AGENT);
      await page.getByRole('heading', { level: 1, name: 'Exports' }).waitFor();
      await page.goto(`${ground.portal}/dossiers?demarche=EtatCivil`);
      const download = await taken(page, () => page.getByRole('button', { name: 'Exporter en tableur' }).click());
      const id = new URL(download.url()).pathname.split('/')[2];
      for (const [title, shared] of [
        ['Actes à délivrer cette semaine', true],
        ['Mes recensements', false],
      ] as const) {
        await page.goto(`${ground.portal}/dossiers?demarche=EtatCivil`);
        await page.locator('summary', { hasText: 'Enregistrer cette vue' }).click();
        await page.getByLabel('Nom de la vue').fill(title);
        if (shared) await page.getByLabel('La partager avec tous les agents').check();
        await page.getByRole('button', { name: 'Enregistrer la vue' }).click();
        await page.getByText('est enregistrée.').waitFor();
      }
      const address = await page.locator('.saved-views a').first().getAttribute('href');
      await visit('/exports', 'exports');
      await visit(`/exports/${id}`, 'export');
      await visit('/vues', 'vues');
      await visit(address ?? '', 'liste');
      await visit(`/dossiers/${folder.cases[0]!.id}`, 'dossier');
      if (shots) {
        await page.emulateMedia({ media: 'print' });
        await page.screenshot({ path: `${shots}/${look_}_dossier_imprime.png`, fullPage: true });
        await page.emulateMedia({ media: 'screen' });
      }
      await page.goto(`${ground.portal}/vues`);
      for (let left = await page.getByRole('button', { name: /^Supprimer/ }).count(); left > 0; left -= 1) {
        await page
          .getByRole('button', { name: /^Supprimer/ })
          .first()
          .click();
        await page.getByText('est supprimée.').waitFor();
      }
      await visit('/vues', 'vues_vide');
      await context.close();
      deepEqual(faults, {});
    });
  }
}
