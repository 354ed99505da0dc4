/** What is said of a case: notes, messages, requests, files, refusals; and what was typed is never lost. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { Client } from '#ops/demo/client.ts';
import type { Folder } from '#ops/demo/wire.ts';
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
      await page.getByRole('button', { name: 'Envoyer le message' }).click();
      await page.getByText('Écrivez le message.').first().waitFor();
      await page.getByLabel('Votre message').fill('Nous cherchons l’acte.');
      await page.getByLabel('État du dossier après ce message').selectOption({ label: 'En cours' });
      await page.getByRole('button', { name: 'Envoyer le message' }).click();
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

  it('finds again what was typed when the session had ended', () =>
    facing(stage(), script, 'EtatCivil', async (page, { cases }, context) => {
      await unfold(page, 'Écrire à l’émetteur');
      await page.getByLabel('Votre message').fill('Un texte que l’on ne veut pas récrire.');
      await endSession(context);
      await page.getByRole('button', { name: 'Envoyer le message' }).click();
      await page.getByRole('heading', { level: 1, name: 'Votre session a expiré' }).waitFor();
      await page.getByText('il est conservé trente minutes').waitFor();
      await page.getByRole('button', { name: 'Se reconnecter' }).click();
      const again = page.getByRole('button', { name: AGENT });
      if (await again.count()) await again.click();
      await page.getByText('Votre texte a été conservé').waitFor();
      equal(await page.getByLabel('Votre message').inputValue(), 'Un texte que l’on ne veut pas récrire.');
      equal((await stage().ground.admin.getCase(cases[0]!.id)).events.length, 0);
      await page.getByRole('button', { name: 'Envoyer le message' }).click();
      await page.getByText('Message envoyé à l’émetteur.').waitFor();
      equal(await page.getByText('Votre texte a été conservé').count(), 0);
      ok((await stage().ground.admin.getCase(cases[0]!.id)).events.length === 1);
    }));
}
