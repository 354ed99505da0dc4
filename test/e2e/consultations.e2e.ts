/** « Consultations » of a case: an administrator sees who read it, also without a script; an agent sees nothing of it. */
import { equal, match, ok } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

const ADMINISTRATOR = 'Fontaine-Fictif';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage?.stop());

async function as(name: string, path: string, script: boolean, test: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(stage.browser, { script });
  try {
    const page = await context.newPage();
    await signIn(page, `${stage.ground.portal}${path}`, name);
    if (name === ADMINISTRATOR) await strong(page, path, name);
    await page.getByRole('heading', { level: 1, name: /^Dossier/ }).waitFor();
    await test(page);
  } finally {
    await context.close();
  }
}

/** Goes on with the second factor an administrator is asked for. */
async function strong(page: Page, path: string, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Continuer avec un second facteur' }).click();
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Confirmer avec mon second facteur' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goto(`${stage.ground.portal}${path}`);
}

it('are for administrators, on demand, with who read what', async () => {
  const { ground } = stage;
  const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
  const path = `/dossiers/${folder.cases[0]!.id}`;
  await as('Benali-Exemple', path, true, async (page) => {
    equal(await page.getByRole('heading', { name: 'Consultations' }).count(), 0);
    equal(await page.getByText('Voir les consultations').count(), 0);
  });
  for (const script of [false, true]) {
    await as(ADMINISTRATOR, path, script, async (page) => {
      await page.getByRole('heading', { name: 'Consultations' }).waitFor();
      await page.getByRole('link', { name: 'Voir les consultations' }).click();
      const table = page.getByRole('table', { name: /Consultations du dossier/ });
      await table.waitFor();
      const rows = await table.getByRole('row').allTextContents();
      ok(
        rows.some((row) => /Nadia Benali-Exemple/.test(row) && /Le dossier/.test(row)),
        rows.join('\n'),
      );
      match(rows.slice(1).join('\n'), /Claire Fontaine-Fictif/);
    });
  }
});
