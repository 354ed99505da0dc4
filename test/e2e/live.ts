/** What a page hears of while nobody moves. */
import { equal, ok } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';
import { findings } from './tour/axe.ts';

const [NADIA, ZOE] = ['Benali-Exemple', 'Faure-Imaginaire'];
/** Two looks of the server, on a busy machine. ms */
const SOON_MS = 60_000;

export function liveTests(stage: () => Stage): void {
  it('says how many cases came, beside the title, and moves no row', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser);
    try {
      const page = await context.newPage();
      await ground.deposit('OTV', ground.towns[0]!);
      await signIn(page, `${ground.portal}/dossiers?demarche=OTV&ordre=desc`, NADIA);
      const first = () => page.locator('[data-row] th').first().textContent();
      const place = () => page.locator('main table').boundingBox();
      const [row, box] = [await first(), await place()];
      const [came] = (await ground.deposit('OTV', ground.towns[0]!)).cases;
      await page.getByText(/^1\snouveau —/).waitFor({ timeout: SOON_MS });
      equal(await first(), row);
      ok(Math.abs((await place())!.y - box!.y) < 1, 'the table stays where it is');
      equal((await findings(page)).join(), '');
      await page.getByRole('link', { name: 'afficher', exact: true }).click();
      await page.getByRole('link', { name: `${came!.externalId} (non ouvert)` }).waitFor();
    } finally {
      await context.close();
    }
  });

  it('looks every 30 s where no stream comes through', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser);
    try {
      const page = await context.newPage();
      await page.route('**/evenements?**', (route) =>
        route.request().headers()['accept']?.includes('event-stream') ? route.abort() : route.continue(),
      );
      await signIn(page, `${ground.portal}/dossiers?demarche=OTV`, NADIA);
      await page.locator('main table').waitFor();
      await ground.deposit('OTV', ground.towns[0]!);
      await page.getByText(/^1\snouveau —/).waitFor({ timeout: SOON_MS * 2 });
    } finally {
      await context.close();
    }
  });

  it('says on an open case that a colleague has come, and that it changed', async () => {
    const { ground, browser } = stage();
    const contexts = [await openContext(browser), await openContext(browser)];
    try {
      const [nadia, zoe] = await Promise.all(contexts.map((context) => context.newPage()));
      const { id } = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases[0]!;
      await signIn(nadia!, `${ground.portal}/dossiers/${id}`, NADIA);
      await nadia!.locator('h1').waitFor();
      await signIn(zoe!, `${ground.portal}/dossiers/${id}`, ZOE);
      await nadia!.getByText('Zoé Faure-Imaginaire consulte ce dossier en ce moment.').waitFor({ timeout: SOON_MS });
      await zoe!.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await nadia!.getByText('Ce dossier vient de changer —').waitFor({ timeout: SOON_MS });
      equal((await findings(nadia!)).join(), '');
      await nadia!.getByRole('link', { name: 'afficher ce qu’il est à présent' }).click();
      await nadia!.locator('.identity').getByText('Reçu', { exact: true }).waitFor();
      equal(await nadia!.getByText('Ce dossier vient de changer —').count(), 0);
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
    }
  });
}
