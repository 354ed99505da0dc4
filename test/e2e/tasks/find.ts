/** Tasks 1, 2, 4 and 5: getting in, finding a case, reading it. */
import { equal, match, notEqual, ok } from 'node:assert/strict';
import type { Folder } from '#ops/demo/wire.ts';
import type { Ground } from '../ground.ts';
import { arrive, type Task } from './task.ts';

const AGENT = 'Benali-Exemple';
/** One of five invented people has an accent in the name. */
const MOST_DEPOSITS = 60;

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '');

interface Named {
  folder: Folder;
  lastName: string;
}

/** A case of somebody whose name has an accent. */
async function accented(ground: Ground): Promise<Named> {
  for (let made = 0; made < MOST_DEPOSITS; made += 1) {
    const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
    const { applicant } = await ground.admin.get<{ applicant: { lastName: string } }>(
      `/teledossiers/v1/folders/${folder.id}`,
    );
    if (plain(applicant.lastName) !== applicant.lastName) return { folder, lastName: applicant.lastName };
  }
  throw new Error('nobody has an accent in the name');
}

export const findTasks: readonly Task[] = [
  {
    number: 1,
    name: 'sign in, choose the organisation',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { towns } = stage.ground;
      scene.begin();
      await arrive(scene, '/', 'Perrin-Démo');
      await page.getByRole('heading', { level: 1, name: 'Bonjour Monique' }).waitFor();
      const before = (await page.locator('.menu summary').textContent()) ?? '';
      await hands.press(page.locator('.menu summary'));
      await hands.press(page.locator('.menu button:not([aria-current])').first());
      await page.getByRole('heading', { level: 1, name: 'Bonjour Monique' }).waitFor();
      await page.locator('.menu summary', { hasNotText: before.trim() }).waitFor();
      scene.end();
      notEqual(await page.locator('.menu summary').textContent(), before);
      ok(towns.length > 1);
    },
  },
  {
    number: 2,
    name: 'open the oldest waiting case',
    async run(scene) {
      const { hands, page, stage } = scene;
      await stage.ground.deposit('EtatCivil', stage.ground.towns[0]!);
      await arrive(scene, '/accueil', AGENT);
      const oldest = page.locator('tbody tr th a').first();
      await oldest.waitFor();
      const number = ((await oldest.textContent()) ?? '').replace(/ \(.*/, '');
      scene.begin();
      await hands.press(page.getByRole('link', { name: 'Ouvrir le plus ancien' }));
      await page.getByRole('heading', { level: 1, name: number }).waitFor();
      scene.end();
    },
  },
  {
    number: 4,
    name: 'find a case by a name typed without its accent',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { folder, lastName } = await accented(stage.ground);
      const { externalId } = folder.cases[0]!;
      await arrive(scene, '/dossiers', AGENT);
      scene.begin();
      await hands.write(page.getByRole('searchbox'), plain(lastName).toLowerCase());
      await hands.press(page.getByRole('button', { name: 'Chercher' }));
      await page.waitForURL(/q=/);
      await hands.press(page.getByRole('link', { name: externalId }));
      await page.getByRole('heading', { level: 1, name: externalId }).waitFor();
      scene.end();
    },
  },
  {
    number: 5,
    name: 'read the flow, copy a field',
    async run(scene) {
      const { hands, page, stage } = scene;
      const folder = await stage.ground.deposit('EtatCivil', stage.ground.towns[0]!);
      await arrive(scene, `/dossiers/${folder.cases[0]!.id}`, AGENT);
      const fact = page.locator('section[aria-labelledby="demande"] .facts > div').first();
      await fact.waitFor();
      const label = (await fact.locator('dt').textContent()) ?? '';
      const value = (await fact.locator('dd > span').first().textContent()) ?? '';
      ok(value.length > 0 && !/<|[a-z][A-Z]/.test(label), `« ${label} » is no label`);
      scene.begin();
      if (hands.script) {
        await hands.press(page.getByRole('button', { name: `Copier : ${label}` }));
        await fact.getByText('Copié').waitFor();
        equal(await page.evaluate('navigator.clipboard.readText()'), value);
      } else {
        // Selected by hand, as any text of a page: three clicks take the line.
        hands.gestures += 1;
        await fact.locator('dd > span').first().click({ clickCount: 3 });
        equal(await page.getByRole('button', { name: /^Copier/ }).count(), 0);
        match(
          String(await page.evaluate('getSelection().toString()')),
          new RegExp(value.slice(0, 20).replaceAll(/[^\p{L}\d]/gu, '.'), 'u'),
        );
      }
      scene.end();
    },
  },
];
