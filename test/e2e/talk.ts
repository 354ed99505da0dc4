/** What is said of a case: notes, messages, requests, files, refusals; and what was typed is never lost. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { Client } from '#ops/demo/client.ts';
import type { Folder } from '#ops/demo/wire.ts';
import { hubFolder } from '#ops/place.ts';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';

const AGENT = 'Benali-Exemple';
const AUTHOR = 'Nadia Benali-Exemple, officière d’état civil déléguée, service population';

export interface Told {
  status: string;
  events: {
    id: string;
    actionType: string;
    status: string;
    caseNewStatus: string | null;
    message: string | null;
    comment: string | null;
    author: string | null;
    attachments: { id: string; fileName: string; size: number; mimeType: string; status: string }[];
  }[];
}

/** A case with all its events, as this client sees it. */
export const told = (client: Client, id: string): Promise<Told> => client.get<Told>(`/teledossiers/v1/cases/${id}`);

/** A case of a démarche, open in front of the agent. */
export async function facing(
  stage: Stage,
  script: boolean,
  code: string,
  test: (page: Page, folder: Folder, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await openContext(stage.browser, { script });
  try {
    const page = await context.newPage();
    const folder = await stage.ground.deposit(code, stage.ground.towns[0]!);
    await signIn(page, `${stage.ground.portal}/dossiers/${folder.cases[0]!.id}`, AGENT);
    await page.getByRole('heading', { level: 1, name: folder.cases[0]!.externalId }).waitFor();
    await test(page, folder, context);
  } finally {
    await context.close();
  }
}

export const unfold = (page: Page, summary: string): Promise<void> =>
  page.locator('summary', { hasText: summary }).click();

/** Bytes a hub takes for a PDF. */
const pdfOf = (size: number): Buffer =>
  Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(size - 15, 'x'), Buffer.from('\n%%EOF')]);

/** Files of a sending that are still on the portal's disk. */
export const left = (part: 'files' | 'kept' = 'files'): string[] => {
  const folder = join(hubFolder, 'portal', part);
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** The session is over, as its cookie sees it. */
export async function endSession(context: BrowserContext): Promise<void> {
  const cookie = (await context.cookies()).find(({ name }) => name === 'relais-session')!;
  await context.addCookies([{ ...cookie, value: 'over'.padEnd(43, 'x') }]);
}

export function talkTests(stage: () => Stage, script: boolean): void {
  it('keeps an internal note from the sender, and says what the sender sees', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      const { id } = cases[0]!;
      await unfold(page, 'Ajouter une note interne');
      await page.getByText('il n’en voit jamais le texte').waitFor();
      await page.getByLabel('Votre note').fill('Vérifier l’orthographe du nom.\nAppeler le greffe.');
      await page.getByRole('button', { name: 'Enregistrer la note' }).click();
      await page.getByText('Note enregistrée').waitFor();
      const note = page.locator('.said.note');
      match((await note.textContent()) ?? '', /Note interne — non visible de l’usager.*Appeler le greffe/s);
      const client = await stage().ground.sender('EtatCivil');
      const [event] = (await told(client, id)).events;
      deepEqual([event!.actionType, event!.comment, event!.author], ['COM_ADD', null, AUTHOR]);
      equal((await client.listNotifications(100)).filter(({ caseId }) => caseId === id).length, 0);
    }));

  it('writes to the sender where the démarche has messages, with a status or without', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      const { id } = cases[0]!;
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByText('Écrivez un message, ou choisissez au moins un fichier.').first().waitFor();
      await page.getByLabel('Votre message').fill('Nous cherchons l’acte.');
      await page.getByLabel('État du dossier après ce message').selectOption({ label: 'En cours' });
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByText('Message envoyé à l’émetteur.').waitFor();
      const client = await stage().ground.sender('EtatCivil');
      const seen = await told(client, id);
      equal(seen.status, 'IN_PROGRESS');
      const [event] = seen.events;
      deepEqual(
        [event!.actionType, event!.message, event!.author],
        ['SENDING_MESSAGE', 'Nous cherchons l’acte.', AUTHOR],
      );
      await client.postEvent(id, {
        actionType: 'SENDING_MESSAGE',
        notification: true,
        message: 'Merci, nous attendons.',
        author: 'Service de l’émetteur',
      });
      await page.reload();
      const voices = await page.locator('.said strong').allTextContents();
      deepEqual(voices, ['L’émetteur, à votre organisation', 'Vous, à l’émetteur']);
      // Read on screen: the sender is told so.
      equal((await client.getCase(id)).events[1]!.status, 'RECEIVED');
    }));

  it('offers no message where the démarche has none', () =>
    facing(stage(), script, 'CERTDC', async (page) => {
      equal(await page.locator('summary', { hasText: 'Écrire à l’émetteur' }).count(), 0);
      equal(await page.locator('summary', { hasText: 'Ajouter une note interne' }).count(), 1);
    }));

  it('asks for documents, and shows that the answer has come', () =>
    facing(stage(), script, 'recensementCitoyen', async (page, { cases }) => {
      const { ground } = stage();
      const { id, externalId } = cases[0]!;
      await unfold(page, 'Demander des pièces');
      await page.getByRole('button', { name: 'Demander ces pièces' }).click();
      await page.getByText('Cochez au moins une pièce').first().waitFor();
      await page.getByRole('checkbox', { name: 'Livret de famille' }).check();
      await page.getByLabel('Précisions').first().fill('La page des enfants.');
      await page.getByRole('button', { name: 'Demander ces pièces' }).click();
      await page.getByText('le dossier est « En attente de compléments »').waitFor();
      const client = await ground.sender('recensementCitoyen');
      const seen = await told(client, id);
      equal(seen.status, 'ADD_AWAITING');
      deepEqual(
        seen.events.map(({ actionType, caseNewStatus }) => [actionType, caseNewStatus]),
        [
          ['STATUS_UPDATE', 'SI_RECEIVED'],
          ['STATUS_UPDATE', 'ADD_AWAITING'],
        ],
      );
      match(seen.events[1]!.message!, /Pièces demandées\s:\n– Livret de famille\n\nLa page des enfants\./);
      await page.goto(`${ground.portal}/dossiers?vue=en-attente&q=${externalId}`);
      equal(await page.getByText('Réponse reçue').count(), 0);
      await client.postEvent(id, {
        actionType: 'SENDING_MESSAGE',
        notification: true,
        message: 'Voici la page.',
        author: 'Service de l’émetteur',
      });
      await page.reload();
      await page.getByRole('cell', { name: 'Réponse reçue' }).waitFor();
      await page.getByRole('link', { name: externalId }).click();
      await page.getByText('L’émetteur a répondu à votre demande').waitFor();
      match((await page.locator('.said').first().textContent()) ?? '', /L’émetteur.*Voici la page/s);
      await unfold(page, 'Demander d’autres pièces');
      await page.getByLabel('Précisions').first().fill('La page est illisible.');
      await page.getByRole('button', { name: 'Demander ces pièces' }).click();
      await page.getByText('le dossier est « En attente de compléments »').waitFor();
      equal(await page.getByText('L’émetteur a répondu à votre demande').count(), 0);
    }));

  it('refuses with a reason of the démarche, under the name, quality and service of who decides', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      await unfold(page, 'Refuser la demande');
      await page.getByRole('radio', { name: 'Acte introuvable' }).check();
      await page.getByLabel('Précisions pour l’usager').fill('Registres de 1950 à 1960.');
      equal(await page.locator('#refuser', { hasText: AUTHOR }).count(), 1);
      await page.getByRole('button', { name: 'Refuser la demande' }).click();
      await page.getByText('le dossier est « Refusé »').waitFor();
      const [, decision] = (await told(stage().ground.admin, cases[0]!.id)).events;
      deepEqual([decision!.caseNewStatus, decision!.author], ['REFUSED', AUTHOR]);
      match(decision!.message!, /^Votre demande est refusée.*registres\.\nRegistres de 1950 à 1960\.$/s);
    }));

  it('lets nobody refuse whose quality is not known', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser, { script });
    const page = await context.newPage();
    const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
    await signIn(page, `${ground.portal}/dossiers/${folder.cases[0]!.id}`, 'N’Diaye-Exemple');
    await unfold(page, 'Refuser la demande');
    await page.locator('#refuser').getByRole('link', { name: 'Renseigner ma qualité' }).waitFor();
    equal(await page.getByRole('button', { name: 'Refuser la demande' }).count(), 0);
    await context.close();
  });

  it('sends a citizen’s receipt with the acknowledgement, and none for a death certificate', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      const { ground } = stage();
      await unfold(page, 'Voir l’accusé de réception');
      await page.getByText('ACCUSÉ DE RÉCEPTION Votre').waitFor();
      await page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await page.getByText('le dossier est « Reçu »').waitFor();
      const [event] = (await told(ground.admin, cases[0]!.id)).events;
      match(
        event!.message!,
        /^ACCUSÉ DE RÉCEPTION\nVotre demande.*a été reçue le.*Service chargé du dossier.*service population/s,
      );
      ok(event!.message!.includes(ground.towns[0]!.email));
      const death = await ground.deposit('CERTDC', ground.towns[0]!);
      await page.goto(`${ground.portal}/dossiers/${death.cases[0]!.id}`);
      await page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await page.getByText('le dossier est « En cours »').waitFor();
      equal((await told(ground.admin, death.cases[0]!.id)).events[0]!.message, null);
    }));

  it('sends a message with two files, and another without any where no file is taken', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      const { ground } = stage();
      const { id } = cases[0]!;
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByLabel('Votre message').fill('Voici les deux actes.');
      await page.getByLabel('Fichiers à joindre').setInputFiles([
        { name: 'acte n° 1 – été.pdf', mimeType: 'application/pdf', buffer: pdfOf(3_000_000) },
        { name: 'acte 2.pdf', mimeType: 'application/pdf', buffer: pdfOf(2_000) },
      ]);
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByText(/^2\s+fichiers envoyés à l’émetteur/).waitFor();
      const client = await ground.sender('EtatCivil');
      const [event] = (await told(client, id)).events;
      deepEqual(
        [event!.actionType, event!.status, event!.message, event!.author],
        ['ATTACH_DEPOSIT', 'SENT', 'Voici les deux actes.', AUTHOR],
      );
      deepEqual(
        event!.attachments.map(({ fileName, size, status }) => [fileName, size, status]),
        [
          ['acte n° 1 – été.pdf', 3_000_000, 'RECEIVED'],
          ['acte 2.pdf', 2_000, 'RECEIVED'],
        ],
      );
      const bytes = await client.getFile(id, event!.id, event!.attachments[0]!);
      ok(pdfOf(3_000_000).equals(bytes));
      await page.getByRole('link', { name: 'acte 2.pdf' }).first().waitFor();
      deepEqual(left(), []);
      const otv = await ground.deposit('OTV', ground.towns[0]!);
      await page.goto(`${ground.portal}/dossiers/${otv.cases[0]!.id}`);
      await unfold(page, 'Écrire à l’émetteur');
      equal(await page.getByLabel('Fichiers à joindre').count(), 0);
      await page.getByLabel('Votre message').fill('Bien noté.');
      await page.getByRole('button', { name: 'Envoyer le message' }).click();
      await page.getByText('Message envoyé à l’émetteur.').waitFor();
    }));

  it('says which file does not do, sends none of them, and keeps the text', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }) => {
      const { ground } = stage();
      const { id } = cases[0]!;
      const refused = async (says: RegExp, ...files: { name: string; mimeType: string; buffer: Buffer }[]) => {
        const fold = page.locator('#ecrire');
        if ((await fold.getAttribute('open')) === null) await unfold(page, 'Écrire à l’émetteur');
        await page.getByLabel('Votre message').fill('Un texte à garder.');
        await page.getByLabel('Fichiers à joindre').setInputFiles(files);
        await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
        match((await page.getByRole('alert').textContent()) ?? '', says);
        equal(await page.getByLabel('Votre message').inputValue(), 'Un texte à garder.');
        deepEqual((await told(ground.admin, id)).events, []);
        deepEqual(left(), []);
      };
      const good = { name: 'bon.pdf', mimeType: 'application/pdf', buffer: pdfOf(1_000) };
      await refused(/«\sphoto\.png\s» n’est pas dans un format accepté/, good, {
        name: 'photo.png',
        mimeType: 'image/png',
        buffer: Buffer.from('png'),
      });
      await refused(/«\sgrand\.pdf\s» dépasse 10\sMo/, { ...good, name: 'grand.pdf', buffer: pdfOf(10_000_001) });
      // Its name says PDF, its bytes do not: the hub refuses it once the first is there.
      await refused(/«\sfaux\.pdf\s» n’a pas été accepté.*1\sfichier avait été déposé avant lui et a été/, good, {
        ...good,
        name: 'faux.pdf',
        buffer: Buffer.from('<html>not what it says</html>'),
      });
      await refused(/Dix fichiers au plus/, ...Array.from({ length: 11 }, (_, at) => ({ ...good, name: `${at}.pdf` })));
    }));

  it('finds again what was typed when the session had ended', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }, context) => {
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByLabel('Votre message').fill('Un texte que l’on ne veut pas récrire.');
      await endSession(context);
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Votre session a expiré' }).waitFor();
      await page.getByText('il est conservé trente minutes').waitFor();
      await page.getByRole('button', { name: 'Se reconnecter' }).click();
      const again = page.getByRole('button', { name: AGENT });
      if (await again.count()) await again.click();
      await page.getByText('Votre texte a été conservé').waitFor();
      equal(await page.getByLabel('Votre message').inputValue(), 'Un texte que l’on ne veut pas récrire.');
      equal((await stage().ground.admin.getCase(cases[0]!.id)).events.length, 0);
      await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await page.getByText('Message envoyé à l’émetteur.').waitFor();
      equal(await page.getByText('Votre texte a été conservé').count(), 0);
      ok((await stage().ground.admin.getCase(cases[0]!.id)).events.length === 1);
    }));
}
