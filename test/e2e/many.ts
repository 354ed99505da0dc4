/** Many cases at once, and hands on the keyboard. */
import { equal, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import { decided } from './ground.ts';
import type { Stage } from './stage.ts';
import { findings } from './tour/axe.ts';

const AGENT = 'Benali-Exemple';

async function opened(stage: Stage, script: boolean, test: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(stage.browser, { script });
  try {
    await test(await context.newPage());
  } finally {
    await context.close();
  }
}

/** The page of a job, once no line waits. */
async function over(page: Page, text: string): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    if ((await page.getByText(text).count()) > 0) return;
    await page.waitForTimeout(500);
    await page.goto(page.url().split('?')[0]!);
  }
  await page.getByText(text).waitFor();
}

export function manyTests(stage: () => Stage, script: boolean): void {
  const newCases = async (code: string, count: number) => {
    const { ground } = stage();
    const made: { id: string; externalId: string }[] = [];
    for (let n = 0; n < count; n += 1) made.push((await ground.deposit(code, ground.towns[0]!)).cases[0]!);
    return made;
  };

  it('treats the ticked cases, says which were left out and why, and takes it all back', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const made = await newCases('recensementCitoyen', 4);
      await ground.admin.patchCase(made[0]!.id, 'CLOSED');
      await signIn(page, `${ground.portal}/dossiers?vue=tous&demarche=recensementCitoyen`, AGENT);
      for (const { externalId } of made) {
        await page.getByRole('checkbox', { name: `Sélectionner le dossier ${externalId}` }).check();
      }
      if (script) {
        // What a closed case cannot take is not offered while it is ticked.
        equal(await page.getByRole('button', { name: 'Marquer comme traités' }).count(), 0);
        await page.getByRole('checkbox', { name: `Sélectionner le dossier ${made[0]!.externalId}` }).uncheck();
      }
      await page.getByRole('button', { name: 'Marquer comme traités' }).click();
      await page.getByText('3 dossiers seront marqués « Traité ».').waitFor();
      if (!script) await page.getByText('1 exclu : 1 déjà « Clos ».').waitFor();
      if (script) equal((await findings(page)).join(), '');
      await page.getByRole('button', { name: 'Lancer' }).click();
      await page.getByRole('heading', { level: 1, name: 'Traitement par lot' }).waitFor();
      await over(page, 'Terminé :');
      if (script) equal((await findings(page)).join(), '');
      await page.getByRole('button', { name: 'Tout annuler' }).click();
      await over(page, 'Annulé, autant que possible.');
      equal(await page.getByText('rien n’a été envoyé').count(), 3);
      equal((await ground.admin.getCase(made[1]!.id)).status, 'HUBEE_NOTIFIED');
    }));

  it('treats all of a filter, without a cap of the page', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const made = await newCases('InscriptionListesElectorales', 52);
      await signIn(page, `${ground.portal}/dossiers?demarche=InscriptionListesElectorales`, AGENT);
      if (script) await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).check();
      await page.getByRole('checkbox', { name: /^Sélectionner les \d+\sdossiers du filtre/ }).check();
      await page.getByRole('button', { name: 'Accuser réception' }).click();
      await page.getByText(/^La réception de \d+\sdossiers sera accusée\.$/).waitFor();
      await page.getByRole('button', { name: 'Lancer' }).click();
      await over(page, 'Terminé :');
      for (const { id } of [made[0]!, made[51]!]) {
        equal((await decided(ground, id, 'SI_RECEIVED')).status, 'SI_RECEIVED');
      }
    }));
}

/** Whether that row's link has the focus. */
const hasFocus = (page: Page, nth: number): Promise<boolean> =>
  page.evaluate(`document.querySelectorAll('[data-row] th a')[${nth}] === document.activeElement`);

export function keyboardTests(stage: () => Stage): void {
  it('goes through a list, ticks, opens and leaves by keys, and only when they are on', () =>
    opened(stage(), true, async (page) => {
      const { ground } = stage();
      const numbers: string[] = [];
      for (let n = 0; n < 3; n += 1) {
        numbers.push((await ground.deposit('OTV', ground.towns[0]!)).cases[0]!.externalId);
      }
      const list = `${ground.portal}/dossiers?demarche=OTV`;
      await signIn(page, list, AGENT);
      await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
      const rows = page.locator('[data-row] th a');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      ok(await hasFocus(page, 1));
      await page.keyboard.press('k');
      await page.keyboard.press('x');
      ok(await page.locator('[data-row] input').first().isChecked());
      await page.keyboard.press('j');
      const second = ((await rows.nth(1).textContent()) ?? '').split(' ')[0]!;
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: second }).waitFor();
      await page.keyboard.press('p');
      await page.getByText('Le dossier vous est attribué.').waitFor();
      await page.keyboard.press('a');
      await page.getByText('Enregistré : le dossier est').waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')]);
      equal(download.suggestedFilename(), `${second}.zip`);
      await page.keyboard.press('t');
      await page.getByText('sera envoyé dans').or(page.getByText('Décision en attente')).first().waitFor();
      await page.keyboard.press('z');
      await page.getByText('La décision est annulée : rien n’a été envoyé.').waitFor();
      await page.getByRole('heading', { level: 1, name: second }).waitFor();
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Raccourcis clavier' });
      await help.waitFor();
      equal((await findings(page)).join(), '');
      await page.keyboard.press('Escape');
      await page.keyboard.press('k');
      await page.getByRole('heading', { level: 1, name: second }).waitFor({ state: 'detached' });
      await page.keyboard.press('/');
      await page.waitForURL(/\/dossiers/);
      await page.locator('#q').focus();
      await page.keyboard.type('jk?x');
      equal(await page.locator('#q').inputValue(), 'jk?x');
      equal(await help.count(), 0);
      await page.locator('h1').focus();
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await page.waitForURL(/\/accueil$/);
      await page.getByRole('link', { name: 'Raccourcis' }).click();
      await page.getByRole('button', { name: 'Désactiver les raccourcis' }).click();
      await page.getByText('Les raccourcis clavier sont désactivés.').waitFor();
      await page.goto(list);
      await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
      await page.keyboard.press('j');
      ok(!(await hasFocus(page, 0)));
    }));
}
