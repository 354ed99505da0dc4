/** The pages on which something is said, in each of their states: rules of accessibility, and a look at them. */
import { deepEqual } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';
import { findings } from './tour/axe.ts';

/** Folder for screenshots, to be looked at. */
const SHOTS = process.env['HUB_E2E_SHOTS'];

export function spokenTests(stage: () => Stage): void {
  for (const [name, look] of Object.entries({ light: {}, dark: { dark: true }, phone: { phone: true } })) {
    it(`has no fault that a tool finds where something is said (${name})`, async () => {
      const { ground, browser } = stage();
      const folder = await ground.deposit('recensementCitoyen', ground.towns[0]!);
      const { id } = folder.cases[0]!;
      const client = await ground.sender('recensementCitoyen');
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const faults: Record<string, string[]> = {};
      const see = async (state: string) => {
        const found = await findings(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        if (wide) found.push('scrolls sideways');
        if (found.length > 0) faults[state] = found;
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${state}.png`, fullPage: true });
      };
      await signIn(page, `${ground.portal}/dossiers/${id}`, 'Benali-Exemple');
      await page.locator('h1').waitFor();
      await see('new');
      for (const summary of await page.locator('main summary').all()) await summary.click();
      await see('unfolded');
      await page.getByRole('button', { name: 'Demander ces pièces' }).click();
      await page.getByRole('alert').waitFor();
      await see('request-refused');
      await page.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Demander ces pièces' }).click();
      await page.getByText('Enregistré : le dossier est').waitFor();
      await page.locator('summary', { hasText: 'note interne' }).click();
      await page.getByLabel('Votre note').fill('Appeler la famille.');
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Note enregistrée').waitFor();
      await client.postEvent(id, {
        actionType: 'SENDING_MESSAGE',
        notification: true,
        message: 'Voici la pièce.',
        author: 'Service de l’émetteur',
      });
      await page.goto(`${ground.portal}/dossiers?vue=en-attente&q=${folder.cases[0]!.externalId}`);
      await see('list');
      await page.goto(`${ground.portal}/dossiers/${id}`);
      await see('answered');
      await page.goto(`${ground.portal}/connexion/expiree?garde=1`);
      await see('session-over');
      await context.close();
      deepEqual(faults, {});
    });
  }
}
