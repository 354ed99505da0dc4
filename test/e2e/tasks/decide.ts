/** Tasks 3, 7 and 9: an acknowledgement with all files, twenty cases at once, a refusal. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decided, type Ground } from '../ground.ts';
import { told } from '../talk.ts';
import { unzip } from '../unzip.ts';
import { Mouse } from './hands.ts';
import { arrive, type Scene, type Task } from './task.ts';

const AGENT = 'Benali-Exemple';
const AUTHOR = 'Nadia Benali-Exemple, officière d’état civil déléguée, service population';
/** Issue 5, 4.4. */
const MANY = 20;

/** The ZIP holds the case's files, byte for byte, no more, no less, each with the digest the manifest says. */
async function checkZip(ground: Ground, bytes: Buffer, id: string) {
  const files = unzip(bytes);
  const manifest = files.get('manifeste.csv')!.toString();
  match(files.get('bordereau.pdf')!.toString('latin1'), /^%PDF-1\.7/);
  files.delete('manifeste.csv');
  files.delete('bordereau.pdf');
  const { attachments } = await ground.admin.getCase(id);
  const whole = await Promise.all(attachments.map((file) => ground.admin.getFile(id, undefined, file)));
  const digests = [...files.values()].map(digest);
  deepEqual(digests.sort(), whole.map(digest).sort());
  for (const one of digests) ok(manifest.includes(one), one);
  for (const name of files.keys()) match(name, /^[\w.-]{1,120}$/);
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const acknowledgeTask: Task = {
  number: 3,
  name: 'acknowledge a new case, take all its files',
  async run(scene) {
    const { hands, page, stage } = scene;
    const { ground } = stage;
    const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
    const { id, externalId: number } = folder.cases[0]!;
    await arrive(scene, `/dossiers?q=${number}`, AGENT);
    const link = page.getByRole('link', { name: `${number} (non ouvert)` });
    await link.waitFor();
    scene.begin();
    await hands.press(link);
    // the list's bar has a button of that name too
    await page.getByRole('heading', { level: 1, name: number }).waitFor();
    await hands.skip('Aller aux actions');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      hands.press(page.getByRole('button', { name: 'Accuser réception et télécharger' })),
    ]);
    await page.getByText('Enregistré : le dossier est « Reçu ».').waitFor();
    scene.end();
    if (hands instanceof Mouse) equal(hands.gestures, 2);
    equal(download.suggestedFilename(), `${number}.zip`);
    await checkZip(ground, readFileSync(await download.path()), id);
    const { status, events } = await told(ground.admin, id);
    equal(status, 'SI_RECEIVED');
    deepEqual(
      events.map(({ actionType, caseNewStatus, author }) => [actionType, caseNewStatus, author]),
      [
        ['STATUS_UPDATE', 'SI_RECEIVED', AUTHOR],
        ['ATTACH_DL_ALL', null, AUTHOR],
      ],
    );
    await page.goto(`${ground.portal}/dossiers?q=${number}`);
    equal(await page.getByRole('link', { name: `${number} (non ouvert)` }).count(), 0);
  },
};

async function tickAll({ hands, page }: Scene, numbers: string[]): Promise<void> {
  if (hands.script) return hands.tick(page.getByRole('checkbox', { name: 'Sélectionner toute la page' }));
  await hands.press(page.getByRole('link', { name: 'Cocher toute la page' }));
  await page.getByRole('link', { name: 'Tout décocher' }).waitFor();
  for (const number of numbers)
    ok(await page.getByRole('checkbox', { name: `Sélectionner le dossier ${number}` }).isChecked(), number);
}

export const decideTasks: readonly Task[] = [
  acknowledgeTask,
  {
    number: 7,
    name: 'treat twenty similar cases at once',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { ground } = stage;
      const made: { id: string; externalId: string }[] = [];
      for (let n = 0; n < MANY; n += 1) made.push((await ground.deposit('OTV', ground.towns[0]!)).cases[0]!);
      await arrive(scene, '/dossiers?demarche=OTV', AGENT);
      await page.getByRole('link', { name: made[0]!.externalId }).waitFor();
      if (hands.script) await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
      scene.begin();
      await tickAll(
        scene,
        made.map(({ externalId }) => externalId),
      );
      await hands.press(page.getByRole('button', { name: 'Marquer comme traités' }));
      await page.getByText(/^\d+\sdossiers seront marqués «\sTraité\s»\.$/).waitFor();
      await hands.press(page.getByRole('button', { name: 'Lancer' }));
      await page.getByRole('heading', { level: 1, name: 'Traitement par lot' }).waitFor();
      scene.end();
      for (const { id } of made) equal((await decided(ground, id, 'DONE')).status, 'DONE');
    },
  },
  {
    number: 9,
    name: 'refuse with reason, author and service',
    async run(scene) {
      const { hands, page, stage } = scene;
      const { ground } = stage;
      const { id, externalId } = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases[0]!;
      await arrive(scene, `/dossiers/${id}`, AGENT);
      await page.getByRole('heading', { level: 1, name: externalId }).waitFor();
      scene.begin();
      await hands.skip('Aller aux actions');
      await hands.press(page.locator('summary', { hasText: 'Refuser la demande' }));
      await hands.tick(page.getByRole('radio', { name: 'Acte introuvable' }));
      await hands.write(page.getByLabel('Précisions pour l’usager'), 'Registres de 1950 à 1960.');
      equal(await page.locator('#refuser', { hasText: AUTHOR }).count(), 1);
      await hands.press(page.getByRole('button', { name: 'Refuser la demande' }));
      await page.getByText('Décision en attente d’envoi').waitFor();
      scene.end();
      equal((await decided(ground, id, 'REFUSED')).status, 'REFUSED');
      const decision = (await told(ground.admin, id)).events.at(-1)!;
      deepEqual([decision.caseNewStatus, decision.author], ['REFUSED', AUTHOR]);
      match(decision.message!, /^Votre demande est refusée.*\nRegistres de 1950 à 1960\.$/s);
    },
  },
];
