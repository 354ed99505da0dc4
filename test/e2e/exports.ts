/** Exports of the team, slips of several cases, what is printed. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { demarches } from '#ops/demo/france/demarches.ts';
import { Random } from '#ops/demo/random.ts';
import { writeDeposit } from '#ops/demo/traffic/deposit.ts';
import { openContext, signIn } from './browser.ts';
import type { Ground } from './ground.ts';
import { cellsOf, pdfText, sheetText, withoutGuard } from './programs.ts';
import type { Stage } from './stage.ts';
import { checkSlip, exportTask, fetched, taken } from './tasks/export.ts';
import { unzip } from './unzip.ts';

const AGENT = 'Benali-Exemple';
/** Of the same town, for EtatCivil only. */
const COLLEAGUE = 'Moreau-Essai';
/** Numbers of folders that no other test has. */
const FIRST_SERIAL = 700_000;

export async function opened(stage: Stage, script: boolean, test: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(stage.browser, { script });
  try {
    await test(await context.newPage());
  } finally {
    await context.close();
  }
}

let serial = FIRST_SERIAL;
/** Deposits for somebody of that name. @returns number of the case */
async function of(ground: Ground, firstName: string, lastName: string): Promise<string> {
  serial += 1;
  const demarche = demarches.find(({ code }) => code === 'EtatCivil')!;
  const plan = { demarche, recipients: [ground.towns[0]!] };
  const { folder, files } = writeDeposit(plan, new Random(`exports ${serial}`), serial, new Date());
  const client = await ground.sender('EtatCivil');
  const made = await client.postFolder({ ...folder, applicant: { ...folder.applicant, firstName, lastName } });
  for (const [index, { id }] of made.attachments.entries())
    await client.putFolderFile(made.id, id, files[index] as Buffer);
  await client.patchFolder(made.id, 'HUBEE_COMPLETED');
  return made.cases[0]!.externalId;
}

/** The task by the mouse of a person; other hands are those of test/e2e/tasks. */
export function taskTest(stage: () => Stage, script: boolean): void {
  it(`${exportTask.number}. ${exportTask.name}`, () =>
    opened(stage(), script, (page) =>
      exportTask.run({
        ...{ stage: stage(), page, begin: () => undefined, end: () => undefined },
        hands: { press: (what) => what.click(), write: (where, text) => where.fill(text) },
      }),
    ));
}

export function keyboardTaskTest(stage: () => Stage): void {
  it(`${exportTask.number}. ${exportTask.name}`, () =>
    opened(stage(), true, async (page) => {
      const reach = async (what: Parameters<Page['locator']>[0] | ReturnType<Page['locator']>) => {
        const wanted = typeof what === 'string' ? page.locator(what) : what;
        await wanted.waitFor();
        for (let keys = 0; keys < 200; keys += 1) {
          if (
            await wanted.evaluate(
              (node) => node === (node as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement,
            )
          )
            return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`${String(wanted)} is not reached by Tab`);
      };
      await exportTask.run({
        ...{ stage: stage(), page, begin: () => undefined, end: () => undefined },
        hands: {
          press: async (what) => {
            await reach(what);
            await page.keyboard.press('Enter');
          },
          write: async (where, text) => {
            await reach(where);
            await page.keyboard.type(text);
          },
        },
      });
    }));

  it('exports by the key e', () =>
    opened(stage(), true, async (page) => {
      await stage().ground.deposit('OTV', stage().ground.towns[0]!);
      await signIn(page, `${stage().ground.portal}/dossiers?demarche=OTV`, AGENT);
      await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
      const download = await taken(page, () => page.keyboard.press('e'));
      match(download.suggestedFilename(), /\.ods$/);
    }));
}

export function exportTests(stage: () => Stage, script: boolean): void {
  it('writes names as they are, whatever a spreadsheet would make of them', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const tag = script ? 'Avecscript' : 'Sansscript';
      await of(ground, '=1+1', `=SOMME(A1;B2) ${tag}`);
      await of(ground, 'Zoé "la blonde"', `N’Guyễn ; ${tag}`);
      await of(ground, '+33612345678', `Œuvré-Łukasz ${tag}`);
      await signIn(page, `${ground.portal}/dossiers?q=${tag}&tri=demandeur`, AGENT);
      const files: Buffer[] = [];
      for (const name of ['Exporter en tableur', 'Exporter en CSV']) {
        const button = page.getByRole('button', { name });
        const download = await taken(page, () => button.click());
        files.push(readFileSync(await download.path()));
      }
      const [ods, csv] = files as [Buffer, Buffer];
      const said = cellsOf(csv.toString());
      deepEqual(cellsOf(sheetText(ods)), withoutGuard(said));
      const applicants = withoutGuard(said).map(([, applicant]) => applicant);
      deepEqual(
        applicants.slice(1).sort(),
        [`=SOMME(A1;B2) ${tag} =1+1`, `N’Guyễn ; ${tag} Zoé "la blonde"`, `Œuvré-Łukasz ${tag} +33612345678`].sort(),
      );
    }));

  it('keeps exports for the team, each for whoever may see its cases, and takes them again', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      await ground.deposit('OTV', ground.towns[0]!);
      const number = await of(ground, 'Ada', script ? 'Équipeavec' : 'Équipesans');
      await signIn(page, `${ground.portal}/dossiers?demarche=OTV`, AGENT);
      await taken(page, () => page.getByRole('button', { name: 'Exporter en CSV' }).click());
      await page.goto(`${ground.portal}/dossiers?q=${number}`);
      await taken(page, () => page.getByRole('button', { name: 'Exporter en CSV' }).click());
      await page.getByRole('link', { name: 'Exports récents' }).click();
      const own = page.locator('tbody tr');
      await own.filter({ hasText: `contenant « ${number} »` }).waitFor();
      ok((await own.filter({ hasText: 'démarche « ' }).count()) > 0);
      const context = await openContext(stage().browser, { script });
      const other = await context.newPage();
      await signIn(other, `${ground.portal}/exports`, COLLEAGUE);
      const row = other.locator('tbody tr').filter({ hasText: number });
      await row.waitFor();
      match((await row.textContent()) ?? '', /Nadia Benali-Exemple/);
      equal(await other.locator('tbody tr').filter({ hasText: 'Tranquillité' }).count(), 0);
      const [download] = await Promise.all([
        other.waitForEvent('download'),
        row.getByRole('link', { name: /^Télécharger/ }).click(),
      ]);
      match(readFileSync(await download.path()).toString(), new RegExp(number));
      await row.locator('th a').click();
      await other.getByText('Prêt : 1 dossier.').waitFor();
      await other.getByRole('link', { name: 'Revoir cette liste' }).click();
      await other.getByRole('link', { name: number }).waitFor();
      await context.close();
    }));

  it('makes one file of the slips of several cases, and puts one in the ZIP', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const second = await ground.deposit('EtatCivil', ground.towns[0]!);
      const numbers = [folder, second].map(({ cases }) => cases[0]!.externalId);
      await signIn(page, `${ground.portal}/dossiers?tri=numero&ordre=desc`, AGENT);
      for (const number of numbers)
        await page.getByRole('checkbox', { name: `Sélectionner le dossier ${number}` }).check();
      const asked = page.waitForRequest(/bordereaux\.pdf/);
      await page.getByRole('button', { name: 'Imprimer les bordereaux (PDF)' }).click();
      const both = pdfText((await fetched(page, (await asked).url())).bytes);
      for (const number of numbers) ok(both.includes(number));
      await page.goto(`${ground.portal}/dossiers/${folder.cases[0]!.id}`);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Tout télécharger (ZIP)' }).click(),
      ]);
      await checkSlip(ground, unzip(readFileSync(await download.path())).get('bordereau.pdf')!, folder);
      await page.goto(`${ground.portal}/dossiers/bordereaux.pdf`);
      await page.getByText('Cochez des dossiers, puis demandez leurs bordereaux.').waitFor();
    }));

  it('prints what there is to read of a case and of a list, and nothing to press', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const { id, externalId: number } = folder.cases[0]!;
      await signIn(page, `${ground.portal}/dossiers/${id}`, AGENT);
      await page.getByRole('heading', { level: 1, name: number }).waitFor();
      await page.emulateMedia({ media: 'print' });
      const seen = (selector: string) => page.locator(selector).filter({ visible: true }).count();
      for (const selector of ['nav', 'main button', 'footer', 'main input', 'main textarea', '.site-header'])
        equal(await seen(selector), 0, selector);
      ok(await page.getByText(`${ground.portal}/dossiers/${id}`).isVisible());
      ok(await page.getByRole('heading', { level: 1, name: number }).isVisible());
      equal(await seen('main details form'), 0);
      // what is folded is printed too, but for forms
      for (const part of await page.locator('main .columns > div details:not(:has(form))').all()) {
        const inside = part.locator(':scope > :not(summary)').first();
        if ((await inside.count()) > 0) ok(await inside.isVisible(), (await part.textContent()) ?? '');
      }
      await page.emulateMedia({ media: 'screen' });
      await page.goto(`${ground.portal}/dossiers?tri=numero&ordre=desc`);
      await page.emulateMedia({ media: 'print' });
      for (const selector of ['nav', 'main button', 'main input', 'search', '.tools'])
        equal(await seen(selector), 0, selector);
      ok(await page.getByRole('row', { name: number }).isVisible());
    }));
}
