/** Tasks 6, 8, 10 and 12: with a colleague, with the sender, with somebody new. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { decided, type Ground } from '../ground.ts';
import { told } from '../talk.ts';
import { arrive, arriveStrong, MODES, type Task } from './task.ts';

const AGENT = 'Benali-Exemple';
const pdf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nacte\n%%EOF') });

/** The request leaves, and the sender answers it. */
async function answer(ground: Ground, id: string): Promise<void> {
  equal((await decided(ground, id, 'ADD_AWAITING')).status, 'ADD_AWAITING');
  const client = await ground.sender('recensementCitoyen');
  const message = 'Voici le livret.';
  await client.postEvent(id, { actionType: 'SENDING_MESSAGE', notification: true, message, author: 'Émetteur' });
}

export const shareTasks: readonly Task[] = [
  {
    number: 6,
    name: 'take a case, hand it to a colleague',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { ground } = stage;
      const { id } = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases[0]!;
      await arrive(scene, `/dossiers/${id}`, AGENT);
      await page.getByRole('button', { name: 'Prendre en charge' }).waitFor();
      scene.begin();
      await hands.skip('Aller aux actions');
      await hands.press(page.getByRole('button', { name: 'Prendre en charge' }));
      await page.getByText('Le dossier vous est attribué.').waitFor();
      await hands.skip('Aller aux actions');
      await hands.press(page.locator('summary', { hasText: 'Attribuer à un collègue' }));
      await hands.choose(page.getByLabel('Collègue'), 'Zoé Faure-Imaginaire');
      await hands.press(page.getByRole('button', { name: 'Attribuer', exact: true }));
      await page.getByText('Le dossier est attribué à Zoé Faure-Imaginaire.').waitFor();
      scene.end();
      match((await page.locator('.timeline').textContent()) ?? '', /Attribué à Zoé Faure-Imaginaire/);
      equal((await ground.admin.getCase(id)).events.length, 0);
    },
  },
  {
    number: 8,
    name: 'ask for missing documents, see the answer arrive',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { ground } = stage;
      const { id, externalId } = (await ground.deposit('recensementCitoyen', ground.towns[0]!)).cases[0]!;
      await arrive(scene, `/dossiers/${id}`, AGENT);
      await page.getByRole('heading', { level: 1, name: externalId }).waitFor();
      scene.begin();
      await hands.skip('Aller aux actions');
      await hands.press(page.locator('summary', { hasText: 'Demander des pièces' }));
      await hands.tick(page.getByRole('checkbox', { name: 'Livret de famille' }));
      await hands.press(page.getByRole('button', { name: 'Demander ces pièces' }));
      await page.getByText('Décision en attente d’envoi').waitFor();
      await scene.apart(answer(ground, id));
      await hands.press(page.getByRole('link', { name: 'Dossiers', exact: true }).first());
      await hands.press(page.getByRole('link', { name: /^En attente/ }));
      await page.getByRole('row', { name: externalId }).getByText('Réponse reçue').waitFor();
      await hands.press(page.getByRole('link', { name: externalId }));
      await page.getByText('L’émetteur a répondu à votre demande').waitFor();
      scene.end();
      match((await page.locator('.said').first().textContent()) ?? '', /Voici le livret/);
    },
  },
  {
    number: 10,
    name: 'send a message with two files',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { ground } = stage;
      const { id, externalId } = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases[0]!;
      await arrive(scene, `/dossiers/${id}`, AGENT);
      await page.getByRole('heading', { level: 1, name: externalId }).waitFor();
      scene.begin();
      await hands.press(page.locator('summary', { hasText: 'Écrire à l’émetteur' }));
      await hands.write(page.getByLabel('Votre message'), 'Voici les deux actes.');
      await hands.attach(page.getByLabel('Fichiers à joindre'), [pdf('acte 1.pdf'), pdf('acte 2.pdf')]);
      await hands.press(page.getByRole('button', { name: 'Envoyer', exact: true }));
      await page.getByText(/^2\s+fichiers envoyés à l’émetteur/).waitFor();
      scene.end();
      const [event] = (await told(await ground.sender('EtatCivil'), id)).events;
      deepEqual(
        [event!.actionType, event!.message, event!.attachments.map(({ fileName }) => fileName)],
        ['ATTACH_DEPOSIT', 'Voici les deux actes.', ['acte 1.pdf', 'acte 2.pdf']],
      );
    },
  },
  {
    number: 12,
    name: 'invite a colleague for one démarche',
    async run(scene) {
      const { hands, page, stage, mode } = scene;
      const { ground } = stage;
      const email = `collegue-${MODES.indexOf(mode)}@mairie-exemple.test`;
      await arriveStrong(scene, '/organisation', 'Fontaine-Fictif');
      scene.begin();
      await hands.press(page.getByRole('link', { name: 'Inviter un collègue', exact: true }));
      await hands.write(page.getByLabel('Adresse électronique'), email);
      await hands.tick(page.getByRole('radio', { name: 'Agent', exact: true }));
      await hands.tick(page.getByRole('radio', { name: 'Seulement celles que je coche' }));
      await hands.tick(page.locator('#demarche-EtatCivil'));
      await hands.press(page.getByRole('button', { name: 'Envoyer l’invitation' }));
      await page.getByText(`Invitation envoyée à ${email}.`).waitFor();
      scene.end();
      const query = new URLSearchParams({ ...ground.towns[0]!.identity });
      const staff = await ground.admin.get<{ email: string; role: string; processCodes: string[] | null }[]>(
        `/relais/v1/agents?${query}`,
      );
      const invited = staff.find((one) => one.email === email);
      deepEqual([invited?.role, invited?.processCodes], ['agent', ['EtatCivil']]);
      match((await stage.mailTo(email)).subject, /un accès vous est ouvert/);
    },
  },
];
