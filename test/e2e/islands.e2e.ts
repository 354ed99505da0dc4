/**
 * Pages of agents without Kit's client: what of them lives is there, and they weigh what they should; and what is said on pages of
 * one agent or subscription to who works for several towns. `./hub test e2e/islands`.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext } from './browser.ts';
import { openStage, type Stage } from './stage.ts';
import { signInStrong } from './strong.ts';
import { findings } from './tour/axe.ts';
import { ISLANDS, overweight, weigh } from './tour/weight.ts';

const ADMIN = 'Fontaine-Fictif';
/** Within two minutes of the end of a session nobody uses. */
const SOON_MS = 28 * 60_000;

let stage: Stage;
let page: Page;
/** Pages of one agent, subscription, template; of several. */
let paths: string[];

before(async () => {
  stage = await openStage();
  const { ground } = stage;
  const { email } = ground.agents.find(({ account }) => account.familyName === ADMIN)!.account;
  const organization = ground.towns[1]!.identity;
  page = await (await openContext(stage.browser)).newPage();
  await signInStrong(page, `${ground.portal}/organisation/agents`, ADMIN);
  await page.getByRole('heading', { level: 1, name: /^Agents/ }).waitFor();
  // The first administrator of a town is one by its subscription; of another one she is invited.
  await ground.admin.post('/relais/v1/agents', { email, role: 'administrator', organization });
  await page.reload();
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Toutes mes communes' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goto(`${ground.portal}/organisation/agents`);
  const agent = await page
    .getByRole('row', { name: /Benali-Exemple/ })
    .getByRole('link')
    .first()
    .getAttribute('href');
  await page.goto(`${ground.portal}/organisation/abonnements`);
  const subscription = await page
    .getByRole('link', { name: /^Régler l’abonnement/ })
    .first()
    .getAttribute('href');
  paths = [`${agent}`, `${agent}/absence`, `${agent}/retirer`, `${subscription}`];
  paths.push('/organisation/agents/inviter', '/organisation/agents/importer', '/organisation/modeles/nouveau');
});
after(async () => {
  await page?.context().close();
  await stage?.stop();
});

const go = (path: string): Promise<unknown> => page.goto(`${stage.ground.portal}${path}`);

describe('who works for several towns', () => {
  it('is told which one a page of one agent, subscription or template is about, and offered the others', async () => {
    const [shown] = stage.ground.towns;
    for (const path of paths) {
      await go(path);
      const notice = page.getByText(/^Cette page montre\s/);
      equal(await notice.count(), 1, path);
      ok((await notice.textContent())?.includes(shown!.name), path);
      ok((await page.locator('main form button[name="organisation"]').count()) > 0, path);
      equal((await findings(page)).join(), '', path);
    }
  });
});

describe('pages of agents', () => {
  it('weigh what their parts do, and no framework’s client', async () => {
    const one = (await stage.ground.deposit('EtatCivil', stage.ground.towns[0]!)).cases[0]!.id;
    for (const path of ['/accueil', '/dossiers', `/dossiers/${one}`, '/compte', '/compte/notifications', ...paths]) {
      await go(path);
      equal(await page.locator(ISLANDS).count(), 1, path);
      const weight = await weigh(page, page.url());
      ok(weight.js > 0, path);
      deepEqual(overweight(weight, 'islands'), [], path);
    }
  });

  it('warn two minutes before the session ends, those of one agent and subscription too', async () => {
    await page.clock.install();
    for (const path of ['/compte', '/compte/absence', '/exports', '/vues', ...paths]) {
      await go(path);
      await page.clock.fastForward(SOON_MS);
      const dialog = page.getByRole('dialog', { name: 'Votre session va se fermer' });
      await dialog.waitFor();
      equal((await findings(page)).join(), '', path);
      match((await dialog.textContent()) ?? '', /elle se ferme dans deux minutes/);
      await page.clock.resume();
      await dialog.getByRole('button', { name: 'Rester connecté' }).click();
      await dialog.waitFor({ state: 'hidden' });
    }
  });
});
