/** What an administrator does for its organisation, the same with a script and without. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext } from './browser.ts';
import type { Post } from './post.ts';
import { signInStrong } from './strong.ts';

const ADMIN = 'Fontaine-Fictif';

interface Staff {
  email: string;
  role: string;
  processCodes: string[] | null;
}

export function organisationTests(stage: () => Post, script: boolean): void {
  const opened = async (path: string, test: (page: Page) => Promise<void>): Promise<void> => {
    const context = await openContext(stage().browser, { script });
    try {
      const page = await context.newPage();
      await signInStrong(page, `${stage().ground.portal}${path}`, ADMIN);
      await test(page);
    } finally {
      await context.close();
    }
  };
  const staff = (): Promise<Staff[]> => {
    const { ground } = stage();
    return ground.admin.get<Staff[]>(`/relais/v1/agents?${new URLSearchParams({ ...ground.towns[0]!.identity })}`);
  };

  /** Whether the list has the case as one that nobody opened; a busy index may come a moment later. */
  const seen = async (page: Page, number: string, wanted: number): Promise<void> => {
    let count = -1;
    for (let tries = 0; tries < 20 && count !== wanted; tries++) {
      await page.goto(`${stage().ground.portal}/dossiers?vue=tous&q=${number}`);
      equal(await page.getByRole('link', { name: number }).count(), 1);
      count = await page.getByRole('link', { name: `${number} (non ouvert)` }).count();
    }
    equal(count, wanted);
  };

  it('invites a colleague for one démarche, changes that, and withdraws it', () =>
    opened('/organisation', async (page) => {
      const email = `nouvelle-${script}@mairie-exemple.test`;
      await page.getByRole('link', { name: 'Inviter un collègue', exact: true }).click();
      await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
      await page.getByRole('link', { name: 'Écrivez l’adresse électronique de la personne' }).waitFor();
      await page.getByLabel('Adresse électronique').fill(email);
      await page.getByRole('radio', { name: 'Agent', exact: true }).check();
      await page.getByRole('radio', { name: 'Seulement celles que je coche' }).check();
      await page.locator('#demarche-EtatCivil').check();
      await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
      await page.getByText(`Invitation envoyée à ${email}.`).waitFor();
      const found = (await staff()).find((one) => one.email === email);
      deepEqual([found?.role, found?.processCodes], ['agent', ['EtatCivil']]);
      const mail = await stage().mailTo(email);
      match(mail.subject, /un accès vous est ouvert/);
      await page.getByRole('link', { name: `Modifier l’accès : ${email}` }).click();
      await page.getByRole('radio', { name: 'Toutes les démarches' }).check();
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('l’accès de').first().waitFor();
      equal((await staff()).find((one) => one.email === email)?.processCodes, null);
      await page.getByRole('link', { name: `Modifier l’accès : ${email}` }).click();
      await page.getByRole('link', { name: 'Retirer cet accès' }).click();
      await page.getByRole('button', { name: 'Oui, retirer l’accès' }).click();
      await page.getByText(`L’accès de ${email} est retiré.`).waitFor();
      ok(!(await staff()).some((one) => one.email === email));
    }));

  it('says in plain French that the last administrator stays', () =>
    opened('/organisation/agents', async (page) => {
      await page
        .getByRole('row', { name: /\(vous\)/ })
        .getByRole('link')
        .click();
      await page.getByRole('radio', { name: 'Agent', exact: true }).check();
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('link', { name: /C’est le dernier administrateur/ }).waitFor();
      await page.getByRole('link', { name: 'Retirer cet accès' }).click();
      await page.getByText('C’est votre propre accès').waitFor();
      await page.getByRole('button', { name: 'Oui, retirer l’accès' }).click();
      await page.getByRole('link', { name: /C’est le dernier administrateur/ }).waitFor();
      equal((await staff()).filter(({ role }) => role === 'administrator').length, 1);
    }));

  it('suspends a subscription, plans its activation, and activates it', () =>
    opened('/organisation/abonnements', async (page) => {
      await page
        .getByRole('link', { name: /Régler l’abonnement/ })
        .first()
        .click();
      const state = page.locator('#etat');
      await page.locator('summary', { hasText: 'Suspendre' }).click();
      await page.getByRole('button', { name: 'Suspendre l’abonnement' }).click();
      await page.getByText('Suspendu', { exact: true }).waitFor();
      await page.getByLabel('Date d’activation').fill('2020-01-01');
      await page.getByRole('button', { name: 'Programmer l’activation' }).click();
      await page.getByRole('link', { name: 'Choisissez une date à venir' }).waitFor();
      await page.getByLabel('Date d’activation').fill('2099-07-14');
      await page.getByRole('button', { name: 'Programmer l’activation' }).click();
      await page.getByText(/deviendra actif le 14.juillet.2099/).waitFor();
      match((await state.textContent()) ?? '', /Pas encore actif/);
      await page.getByRole('button', { name: 'Annuler l’activation programmée' }).click();
      await page.getByText('Enregistré.').waitFor();
      await page.getByRole('button', { name: 'Activer maintenant' }).click();
      await page.getByText('L’abonnement est actif').waitFor();
      match((await state.textContent()) ?? '', /Actif/);
    }));

  it('changes the e-mail of a subscription, and who receives its cases, without losing one', () =>
    opened('/organisation/abonnements', async (page) => {
      const { ground } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const { id, externalId } = folder.cases[0]!;
      await page
        .getByRole('link', { name: /^Régler l’abonnement : .*tat civil/i })
        .first()
        .click();
      await page.getByRole('radio', { name: 'Un message par dossier' }).check();
      await page.getByLabel('Adresse électronique').fill('pas une adresse');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('link', { name: /Écrivez une adresse électronique complète/ }).waitFor();
      await page.getByLabel('Adresse électronique').fill('accueil@mairie-exemple.test');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('Enregistré.').waitFor();
      // Opened here, the case is not new any more: its notification is gone.
      await page.goto(`${ground.portal}/dossiers/${id}`);
      await seen(page, externalId, 0);
      await page.goto(`${ground.portal}/organisation/abonnements`);
      await page
        .getByRole('link', { name: /^Régler l’abonnement : .*tat civil/i })
        .first()
        .click();
      await page.getByRole('button', { name: 'Passer à notre logiciel' }).click();
      await page.getByText('Votre logiciel reçoit désormais les dossiers').waitFor();
      await seen(page, externalId, 1);
      // Here it is only looked at: the software has to hear of it still.
      await page.goto(`${ground.portal}/dossiers/${id}`);
      await seen(page, externalId, 1);
      await page.goto(`${ground.portal}/organisation/abonnements`);
      await page
        .getByRole('link', { name: /^Régler l’abonnement : .*tat civil/i })
        .first()
        .click();
      await page.getByRole('button', { name: 'Passer au portail' }).click();
      await page.getByText('Les dossiers se traitent désormais dans ce portail.').waitFor();
    }));
}
