/** Absences, templates and invitations from a file, the same with a script and without. */
import { equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import type { Post } from './post.ts';
import { signInStrong } from './strong.ts';

const ADMIN = 'Fontaine-Fictif';
const AWAY = 'N’Diaye-Exemple';
const STAYS = 'Benali-Exemple';

/** The day it is in Paris, as a field wants it. */
const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' }).format();

export function peopleTests(stage: () => Post, script: boolean): void {
  const opened = async (path: string, name: string, test: (page: Page) => Promise<void>): Promise<void> => {
    const context = await openContext(stage().browser, { script });
    try {
      const page = await context.newPage();
      const url = `${stage().ground.portal}${path}`;
      await (name === ADMIN ? signInStrong(page, url, name) : signIn(page, url, name));
      await test(page);
    } finally {
      await context.close();
    }
  };
  const deposit = async (): Promise<{ id: string; number: string }> => {
    const { ground } = stage();
    const { cases } = await ground.deposit('EtatCivil', ground.towns[0]!);
    return { id: cases[0]!.id, number: cases[0]!.externalId };
  };

  it('gives an agent’s cases to a colleague while the agent is away, and back after', async () => {
    const { portal } = stage().ground;
    const { id, number } = await deposit();
    await opened(`/dossiers/${id}`, AWAY, async (page) => {
      await page.getByRole('button', { name: 'Prendre en charge' }).click();
      await page.getByText('Le dossier vous est attribué.').waitFor();
      await page.goto(`${portal}/compte/absence`);
      await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
      await page.getByRole('link', { name: /Indiquez le premier jour/ }).waitFor();
      await page.getByLabel('Premier jour d’absence').fill(today());
      await page.getByLabel('Dernier jour d’absence').fill(today());
      await page.getByLabel('Collègue qui remplace').selectOption({ label: 'Nadia Benali-Exemple' });
      await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
      await page.getByText(/remplacement par Nadia Benali-Exemple\./).waitFor();
    });
    await opened(`/dossiers?vue=tous&attribue=moi&q=${number}`, STAYS, async (page) => {
      await page.getByRole('link', { name: number }).waitFor();
      await page.getByText(/En absence jusqu’au .*vous remplacez/).waitFor();
      await page.goto(`${portal}/dossiers/${id}`);
      await page.getByText(/En absence jusqu’au .*vous remplacez/).waitFor();
    });
    await opened('/compte/absence', AWAY, async (page) => {
      await page.getByRole('button', { name: 'Retirer cette absence' }).click();
      await page.getByText('Absence retirée').waitFor();
    });
    await opened(`/dossiers?vue=tous&attribue=moi&q=${number}`, STAYS, async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      equal(await page.getByRole('link', { name: number }).count(), 0);
    });
  });

  it('lets an administrator say it of a colleague, and shows it to all', () =>
    opened('/organisation/agents', ADMIN, async (page) => {
      await page.getByRole('link', { name: 'Modifier l’accès : Zoé Faure-Imaginaire' }).click();
      await page.getByRole('link', { name: 'Indiquer une absence' }).click();
      await page.getByLabel('Premier jour d’absence').fill(today());
      await page.getByLabel('Dernier jour d’absence').fill('2020-01-01');
      await page.getByLabel('Collègue qui remplace').selectOption({ label: 'Nadia Benali-Exemple' });
      await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
      await page.getByRole('link', { name: 'Le dernier jour ne peut pas être avant le premier' }).waitFor();
      await page.getByLabel('Dernier jour d’absence').fill(today());
      await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
      await page.getByText('Absence enregistrée.').waitFor();
      await page.goto(`${stage().ground.portal}/organisation/agents`);
      await page
        .getByRole('row', { name: /Zoé Faure-Imaginaire/ })
        .getByText(/En absence jusqu’au .*, remplacement par Nadia Benali-Exemple/)
        .waitFor();
      await page.getByRole('link', { name: 'Modifier l’accès : Zoé Faure-Imaginaire' }).click();
      await page.getByRole('link', { name: 'Indiquer une absence' }).click();
      await page.getByRole('button', { name: 'Retirer cette absence' }).click();
      await page.getByText('Absence retirée').waitFor();
    }));

  it('writes a template once, and adds it to what was typed in each form', async () => {
    const name = `Acte introuvable ${script}`;
    const { id, number } = await deposit();
    const { portal } = stage().ground;
    await opened('/organisation/modeles', ADMIN, async (page) => {
      for (const [usage, label] of [
        ['Refus', `Refus ${script}`],
        ['Demande de pièces', name],
      ] as const) {
        await page.goto(`${portal}/organisation/modeles/nouveau`);
        await page.getByLabel('Nom', { exact: true }).fill(label);
        await page.getByRole('radio', { name: usage }).check();
        await page.getByLabel('Texte').fill('Dossier {numero}, {inconnu}.');
        await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
        await page.getByRole('link', { name: /« {inconnu} » n’est pas un des mots/ }).waitFor();
        equal(await page.getByLabel('Nom', { exact: true }).inputValue(), label);
        await page.getByLabel('Texte').fill('Dossier {numero} de {demandeur}. {agent}');
        await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
        await page.getByText(`Modèle « ${label} » enregistré.`).waitFor();
      }
    });
    await opened(`/dossiers/${id}`, STAYS, async (page) => {
      await page.locator('#refuser summary').click();
      await page.locator('#precisions').fill('Mes propres mots.');
      await page.locator('#refuser input[type=radio]').first().check();
      const reason = await page.locator('#refuser input[type=radio]').first().inputValue();
      await page.locator('#modele-refuser').selectOption({ label: `Refus ${script}` });
      await page.locator('#refuser').getByRole('button', { name: 'Utiliser' }).click();
      await page.waitForURL(/modele#refuser$/);
      const text = await page.locator('#precisions').inputValue();
      match(text, /^Mes propres mots\.\n\nDossier /);
      ok(text.includes(`Dossier ${number} de `) && text.includes('Nadia Benali-Exemple, officière d’état civil'));
      equal(await page.locator(`#refuser input[value="${reason}"]`).isChecked(), true);
      equal(
        await page
          .locator('#modele-demander option')
          .filter({ hasText: `Refus ${script}` })
          .count(),
        0,
      );
    });
    await opened('/organisation/modeles', STAYS, async (page) => {
      await page.getByRole('rowheader', { name, exact: true }).waitFor();
      equal(await page.getByRole('link', { name: 'Ajouter un modèle' }).count(), 0);
      await page.goto(`${portal}/organisation/modeles/nouveau`);
      equal(await page.getByRole('button', { name: 'Enregistrer le modèle' }).count(), 0);
    });
    await opened('/organisation/modeles', ADMIN, async (page) => {
      for (const label of [name, `Refus ${script}`]) {
        await page.getByRole('link', { name: `Modifier le modèle « ${label} »` }).click();
        await page.getByRole('button', { name: 'Supprimer ce modèle' }).click();
        await page.getByText(`Modèle « ${label} » supprimé.`).waitFor();
      }
    });
  });

  it('invites from a file, after a look at each line, and nobody twice', () =>
    opened('/organisation/agents/importer', ADMIN, async (page) => {
      const email = `fichier-${script}@mairie-exemple.test`;
      const file = (text: string) => ({
        name: 'invitations.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(text, 'latin1'),
      });
      const text = [
        'Prénom;Nom;Email;Rôle;Démarches',
        `Chloé;Léger-Essai;${email};agent;etatcivil`,
        `Chloé;Léger-Essai;${email.toUpperCase()};agent;EtatCivil`,
        'Nadia;Benali-Exemple;nadia@agents-demo.test;;toutes',
        'Sans;Adresse;pas une adresse;agent;toutes',
        'Rôle;Inconnu;role@mairie-exemple.test;maire;toutes',
        'Démarche;Inconnue;demarche@mairie-exemple.test;agent;PERMIS',
      ].join('\r\n');
      const example = await page.request.get(`${stage().ground.portal}/organisation/agents/importer/modele.csv`);
      match(await example.text(), /^\ufeffemail;prenom;nom;/);
      await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
      await page.getByRole('link', { name: 'Choisissez un fichier CSV' }).waitFor();
      const choose = async () => {
        await page.getByLabel('Fichier CSV').setInputFiles(file(text));
        await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
        await page.getByRole('heading', { level: 1, name: 'Vérifier avant d’envoyer' }).waitFor();
      };
      await choose();
      const row = (words: string) => page.getByRole('row').filter({ hasText: words });
      await row('Chloé Léger-Essai').filter({ hasText: 'à inviter' }).waitFor();
      await row('déjà dans le fichier').waitFor();
      await row('nadia@agents-demo.test').filter({ hasText: 'a déjà un accès' }).waitFor();
      await row('pas une adresse').filter({ hasText: 'adresse électronique incomplète' }).waitFor();
      await row('role@').filter({ hasText: 'rôle inconnu' }).waitFor();
      await row('demarche@').filter({ hasText: 'démarche inconnue' }).waitFor();
      await page.getByRole('button', { name: 'Envoyer une invitation' }).click();
      await page.getByText('1 invitation envoyée.').waitFor();
      match((await stage().mailTo(email)).subject, /un accès vous est ouvert/);
      await page.getByRole('link', { name: 'Choisir un autre fichier' }).click();
      await choose();
      await row(email).filter({ hasText: 'a déjà un accès' }).first().waitFor();
      equal(await page.getByRole('button', { name: /^Envoyer/ }).count(), 0);
    }));
}
