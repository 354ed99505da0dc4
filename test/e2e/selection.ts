/** The bar for several cases: with a script it comes with the first tick; and acknowledgements carry their receipts. */
import { equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import { decided } from './ground.ts';
import type { Stage } from './stage.ts';
import { findings } from './tour/axe.ts';

const AGENT = 'Benali-Exemple';

export function selectionTests(stage: () => Stage, script: boolean): void {
  it(`shows its bar ${script ? 'with the first tick, and says so' : 'below the list, as a form'}`, async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser, { script });
    try {
      const page = await context.newPage();
      const [one] = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases;
      await signIn(page, `${ground.portal}/dossiers?demarche=EtatCivil&tri=reception&ordre=desc`, AGENT);
      const bar = page.locator('.bulk-bar');
      const box = page.getByRole('checkbox', { name: `Sélectionner le dossier ${one!.externalId}` });
      await box.waitFor();
      equal(await bar.isVisible(), !script);
      await box.check();
      ok(await bar.isVisible());
      if (!script) return;
      await page
        .getByText('1 dossier sélectionné. Les actions possibles sont sous la liste.')
        .waitFor({ state: 'attached' });
      equal(await page.locator('[role="status"]', { hasText: '1 dossier sélectionné' }).count(), 1);
      // While it sticks it lies over some row: half a link under it is no small target, for it is scrolled to.
      await page.getByRole('contentinfo').scrollIntoViewIfNeeded();
      equal((await findings(page)).join(), '');
      await box.uncheck();
      await bar.waitFor({ state: 'hidden' });
    } finally {
      await context.close();
    }
  });

  it('acknowledges several with the receipt each would have alone, and none where none is due', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser, { script });
    try {
      const page = await context.newPage();
      const made = [
        await ground.deposit('EtatCivil', ground.towns[0]!),
        await ground.deposit('depotDossierPACS', ground.towns[0]!),
        await ground.deposit('CERTDC', ground.towns[0]!),
      ].map(({ cases }) => cases[0]!);
      await signIn(page, `${ground.portal}/dossiers?vue=tous&tri=reception&ordre=desc`, AGENT);
      for (const { externalId } of made)
        await page.getByRole('checkbox', { name: `Sélectionner le dossier ${externalId}` }).check();
      await page.getByRole('button', { name: 'Accuser réception' }).click();
      await page.getByText(/^La réception de 3\sdossiers sera accusée\.$/).waitFor();
      await page.getByText(/^2\sdemandeurs reçoivent un accusé de réception/).waitFor();
      await page.getByRole('button', { name: 'Lancer' }).click();
      await page.getByRole('heading', { level: 1, name: 'Traitement par lot' }).waitFor();
      const [civil, pacs, death] = made;
      for (const { id, externalId } of [civil!, pacs!]) {
        const { events } = await decided(ground, id, 'SI_RECEIVED');
        const message = events.at(-1)?.message ?? '';
        match(message, /^ACCUSÉ DE RÉCEPTION\n/);
        match(message, new RegExp(`dossier n°\\s${externalId}\\) a été reçue le \\d`));
        match(message, /Service chargé du dossier\s: service population, /);
      }
      equal((await decided(ground, death!.id, 'IN_PROGRESS')).events.at(-1)?.message, null);
    } finally {
      await context.close();
    }
  });
}
