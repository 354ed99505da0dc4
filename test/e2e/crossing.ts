/** What one writes while another decides, and what is taken back: nothing typed is lost, nothing crosses unseen. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { it } from 'node:test';
import { decided } from './ground.ts';
import type { Stage } from './stage.ts';
import { facing, left, told, unfold } from './talk.ts';
import { findings } from './tour/axe.ts';

const PDF = Buffer.from('%PDF-1.4\n%%EOF');

export function crossingTests(stage: () => Stage, script: boolean): void {
  it('does not send a message on a case that changed: it says what happened, keeps the text, and sends it when asked again', () =>
    facing(stage(), script, 'EtatCivil', async (page, folder) => {
      const { admin } = stage().ground;
      const { id } = folder.cases[0]!;
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByLabel('Votre message').fill('Votre demande est en cours.');
      await admin.patchCase(id, 'IN_PROGRESS');
      await page.getByRole('button', { name: 'Envoyer' }).click();
      await page.getByText('Rien n’a été envoyé').first().waitFor();
      await page.getByText('Le dossier est maintenant « En cours ».').waitFor();
      // The page begins where it says so, for who sees it and for who hears it.
      await page.locator('[role="alert"]:focus').waitFor();
      match(await page.title(), /^Erreur\s:\sDossier/);
      equal((await told(admin, id)).events.length, 0);
      equal(await page.getByLabel('Votre message').inputValue(), 'Votre demande est en cours.');
      await page.getByRole('button', { name: 'Envoyer' }).click();
      await page.getByText('Message envoyé à l’émetteur.').waitFor();
      equal((await told(admin, id)).events.at(-1)?.message, 'Votre demande est en cours.');
      await page.reload();
      equal(await page.getByText('Votre texte a été conservé').count(), 0);
    }));

  it('does not send files on a case that changed either: they wait beside the text, and go when it is sent again', () =>
    facing(stage(), script, 'EtatCivil', async (page, folder) => {
      const { admin } = stage().ground;
      const { id } = folder.cases[0]!;
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByLabel('Votre message').fill('Voici l’acte.');
      await page.getByLabel(/^Fichiers/).setInputFiles([
        { name: 'acte.pdf', mimeType: 'application/pdf', buffer: PDF },
        { name: 'brouillon.pdf', mimeType: 'application/pdf', buffer: PDF },
      ]);
      await admin.patchCase(id, 'DONE');
      await page.getByRole('button', { name: 'Envoyer' }).click();
      await page.getByText('Le dossier est maintenant « Traité ».').waitFor();
      equal((await told(admin, id)).events.length, 0);
      equal(await page.getByLabel('Votre message').inputValue(), 'Voici l’acte.');
      await page.getByText('Les fichiers que vous aviez choisis y sont aussi.').waitFor();
      if (script) equal((await findings(page)).join(), '');
      await page.getByRole('checkbox', { name: /^brouillon\.pdf/ }).uncheck();
      await page
        .getByLabel('Autres fichiers à joindre')
        .setInputFiles({ name: 'livret.pdf', mimeType: 'application/pdf', buffer: PDF });
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByText(/^2\s+fichiers envoyés à l’émetteur/).waitFor();
      const [event] = (await told(admin, id)).events;
      deepEqual(
        event!.attachments.map(({ fileName, size, status }) => [fileName, size, status]),
        [
          ['acte.pdf', PDF.length, 'RECEIVED'],
          ['livret.pdf', PDF.length, 'RECEIVED'],
        ],
      );
      deepEqual(left('kept'), []);
    }));

  it('brings the text of a decision back into its form when it is undone', () =>
    facing(stage(), script, 'EtatCivil', async (page, folder) => {
      const { id } = folder.cases[0]!;
      await unfold(page, 'Refuser la demande');
      await page.getByRole('radio', { name: 'Autre motif' }).check();
      await page.getByLabel('Précisions pour l’usager').fill('Le nom de naissance manque.');
      await page.getByRole('button', { name: 'Refuser la demande' }).click();
      await page.getByText('Décision en attente d’envoi').first().waitFor();
      equal(await page.getByText('votre texte est revenu').count(), 0);
      await page.getByRole('button', { name: 'Annuler la décision' }).click();
      await page.getByText('La décision est annulée : rien n’a été envoyé.').waitFor();
      await page.getByText('Décision annulée : votre texte est revenu').waitFor();
      equal(await page.getByLabel('Précisions pour l’usager').inputValue(), 'Le nom de naissance manque.');
      equal(await page.getByRole('radio', { name: 'Autre motif' }).isChecked(), true);
      equal((await told(stage().ground.admin, id)).events.length, 0);
    }));

  it('sends back what is not the town’s: a refusal with that reason, an error where there is no refusal', () =>
    facing(stage(), script, 'depotDossierPACS', async (page, folder) => {
      const { ground } = stage();
      const { id } = folder.cases[0]!;
      await unfold(page, 'Ce dossier ne relève pas de ma commune');
      await page.getByLabel('Précision (facultatif)').fill('Voyez la commune voisine.');
      await page.getByRole('button', { name: 'Renvoyer le dossier' }).click();
      await page.getByText('« Refusé » sera envoyé dans').or(page.getByText('Décision en attente')).first().waitFor();
      const { events } = await decided(ground, id, 'REFUSED');
      match(events.at(-1)?.message ?? '', /^Ce dossier ne relève pas de cette commune\.\nVoyez la commune voisine\.$/);
    }));
}
