/** Deadlines, and what is unread: seen, sorted, filtered; opening one case leaves the others as they were. */
import { equal, match } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';
import { findings } from './tour/axe.ts';

const AGENT = 'Benali-Exemple';
const DAY_MS = 86_400_000;
const DAY = new Intl.DateTimeFormat('fr-FR', {
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  timeZone: 'Europe/Paris',
});

export function dueTests(stage: () => Stage, script: boolean): void {
  it('shows the deadline of a démarche that has a delay, finds what is due soon, and tells what is late', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser, { script });
    try {
      const page = await context.newPage();
      const [due] = (await ground.deposit('OTV', ground.towns[0]!)).cases;
      const [free] = (await ground.deposit('CERTDC', ground.towns[0]!)).cases;
      await signIn(page, `${ground.portal}/dossiers?vue=tous&echeance=48`, AGENT);
      const row = page.locator('tr', { hasText: due!.externalId });
      match((await row.textContent()) ?? '', new RegExp(DAY.format(Date.now() + DAY_MS)));
      equal(await page.getByRole('link', { name: free!.externalId }).count(), 0);
      equal(await page.getByLabel('Échéance').inputValue(), '48');
      await page.getByRole('link', { name: 'Échéance' }).click();
      await page.waitForURL(/tri=echeance/);
      equal(
        await page
          .locator('th[aria-sort="ascending"]')
          .textContent()
          .then((text) => text?.trim()),
        'Échéance',
      );
      await page.goto(`${ground.portal}/accueil`);
      await page.getByRole('link', { name: /échéances? dans les 48 heures/ }).click();
      await page.getByRole('link', { name: due!.externalId }).click();
      match((await page.locator('.identity').textContent()) ?? '', /Échéance/);
      equal(await page.getByText('Dépassée').count(), 0);
      if (script) equal((await findings(page)).join(), '');
    } finally {
      await context.close();
    }
  });

  it('marks as read the case that is opened, and no other', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser, { script });
    try {
      const page = await context.newPage();
      const [one, two] = [
        await ground.deposit('recensementCitoyen', ground.towns[0]!),
        await ground.deposit('recensementCitoyen', ground.towns[0]!),
      ].map(({ cases }) => cases[0]!);
      await signIn(page, `${ground.portal}/dossiers/${one!.id}`, AGENT);
      await page.getByRole('heading', { level: 1, name: one!.externalId }).waitFor();
      await page.goto(`${ground.portal}/dossiers?demarche=recensementCitoyen&nonlu=1`);
      equal(await page.getByRole('link', { name: `${one!.externalId} (non ouvert)` }).count(), 0);
      equal(await page.getByRole('link', { name: `${two!.externalId} (non ouvert)` }).count(), 1);
    } finally {
      await context.close();
    }
  });
}
