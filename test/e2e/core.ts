/** An agent's day, the same with a script and without: sign in, find, read, acknowledge, take the files, treat. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import { decided } from './ground.ts';
import type { Stage } from './stage.ts';

const AGENT = 'Benali-Exemple';

async function opened(stage: Stage, script: boolean, test: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(stage.browser, { script });
  try {
    await test(await context.newPage());
  } finally {
    await context.close();
  }
}

export function coreTests(stage: () => Stage, script: boolean): void {
  it('signs in, and comes back to the page that was asked for', () =>
    opened(stage(), script, async (page) => {
      await signIn(page, `${stage().ground.portal}/dossiers?vue=tous`, AGENT);
      await page.waitForURL(/\/dossiers\?vue=tous$/);
      await page.goto(`${stage().ground.portal}/`);
      equal(await page.locator('h1').textContent(), 'Bonjour Nadia');
    }));

  it('shows the request in French, never its XML, and its PDF from another host', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('CERTDC', ground.towns[0]!);
      await signIn(page, `${ground.portal}/dossiers/${folder.cases[0]!.id}`, AGENT);
      await page.getByText('Obstacle médico-légal').waitFor();
      const text = (await page.locator('main').textContent()) ?? '';
      ok(!text.includes('<') && !text.includes('DateNaissance'));
      equal(await page.locator('summary', { hasText: 'Refuser' }).count(), 0);
      await page.getByRole('link', { name: /^Voir DD_.*\.pdf/ }).click();
      const source = (await page.locator('iframe').getAttribute('src')) ?? '';
      match(source, /^http:\/\/127\.0\.0\.1:\d+\/fichiers\//);
      const answer = await page.request.get(source);
      equal(answer.headers()['content-type'], 'application/pdf');
      equal(answer.headers()['set-cookie'], undefined);
      match((await answer.body()).toString('latin1'), /^%PDF/);
    }));

  it('refuses with a reason only, under the agent’s name, and goes on to the next one', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const [town] = ground.towns;
      const folders = [
        await ground.deposit('depotDossierPACS', town!),
        await ground.deposit('depotDossierPACS', town!),
      ];
      const [first, second] = folders.map(({ cases }) => cases[0]!);
      await signIn(page, `${ground.portal}/dossiers/${first!.id}?demarche=depotDossierPACS`, AGENT);
      await page.locator('summary', { hasText: 'Refuser la demande' }).click();
      await page.getByRole('button', { name: 'Refuser et suivant' }).click();
      await page.getByText('Choisissez le motif du refus').first().waitFor();
      equal((await ground.admin.getCase(first!.id)).status, 'HUBEE_NOTIFIED');
      await page.getByLabel('Précisions pour l’usager').fill('Il manque la convention signée.');
      await page.getByRole('radio', { name: 'Autre motif' }).check();
      await page.getByRole('button', { name: 'Refuser et suivant' }).click();
      await page.getByRole('heading', { level: 1, name: second!.externalId }).waitFor();
      const seen = await decided(ground, first!.id, 'REFUSED');
      deepEqual(
        seen.events.map(({ caseNewStatus, message }) => [caseNewStatus, message]),
        [
          ['SI_RECEIVED', null],
          ['REFUSED', 'Il manque la convention signée.'],
        ],
      );
      await page.getByRole('button', { name: 'Traiter et suivant' }).click();
      await page.getByText('« Traité » sera envoyé dans').waitFor();
      equal((await decided(ground, second!.id, 'DONE')).status, 'DONE');
    }));

  it('sends back what is not the town’s', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('CERTDC', ground.towns[0]!);
      await signIn(page, `${ground.portal}/dossiers/${folder.cases[0]!.id}`, AGENT);
      await page.locator('summary', { hasText: 'ne relève pas de ma commune' }).click();
      await page.getByRole('button', { name: 'Renvoyer le dossier' }).click();
      await page
        .getByText('« Erreur signalée » sera envoyé dans')
        .or(page.getByText('Décision en attente'))
        .first()
        .waitFor();
      equal((await decided(ground, folder.cases[0]!.id, 'SI_INTG_ERROR')).status, 'SI_INTG_ERROR');
    }));

  it('tells who comes second that the case has changed, and sends nothing', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const { id } = folder.cases[0]!;
      await signIn(page, `${ground.portal}/dossiers/${id}`, AGENT);
      await page.getByRole('button', { name: 'Accuser réception', exact: true }).waitFor();
      await ground.admin.patchCase(id, 'IN_PROGRESS');
      await page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await page.getByText('Rien n’a été envoyé').waitFor();
      await page.getByText('Le dossier est maintenant « En cours ».').waitFor();
      equal((await ground.admin.getCase(id)).events.length, 0);
    }));

  it('asks who decides for their quality, and lets them decide nothing without it', () =>
    opened(stage(), script, async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const { id } = folder.cases[0]!;
      // What she says stays: an agent for each of both runs.
      await signIn(page, `${ground.portal}/dossiers/${id}`, script ? 'N’Diaye-Exemple' : 'Yasmine');
      equal(await page.getByRole('button', { name: 'Marquer comme traité' }).count(), 0);
      await page.getByRole('link', { name: 'Renseigner ma qualité' }).click();
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('Indiquez votre qualité.').first().waitFor();
      await page.getByLabel('Qualité').fill('adjointe au maire');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('button', { name: 'Marquer comme traité' }).click();
      await page.getByText('Décision en attente d’envoi').first().waitFor();
      equal((await decided(ground, id, 'DONE')).status, 'DONE');
    }));
}
