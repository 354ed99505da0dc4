/** Agents side by side: who treats what, who looks at it, who came first, and what can be taken back. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import { decided } from './ground.ts';
import type { Stage } from './stage.ts';

/** The hub says within half a second that its index is behind; beside other work, later. */
const LATE_MS = 20_000;
/** Two agents of the same town, for all its démarches. */
const [NADIA, ZOE] = ['Benali-Exemple', 'Faure-Imaginaire'];

async function both(stage: Stage, script: boolean, test: (nadia: Page, zoe: Page) => Promise<void>): Promise<void> {
  const contexts = [await openContext(stage.browser, { script }), await openContext(stage.browser, { script })];
  try {
    const pages = await Promise.all(contexts.map((context) => context.newPage()));
    await test(pages[0]!, pages[1]!);
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
}

export function deskTests(stage: () => Stage, script: boolean): void {
  const newCase = async (code = 'EtatCivil') => {
    const { ground } = stage();
    const folder = await ground.deposit(code, ground.towns[0]!);
    return folder.cases[0]!;
  };

  it('tells who comes second by whom, when and what was decided', () =>
    both(stage(), script, async (nadia, zoe) => {
      const { ground } = stage();
      const { id } = await newCase();
      await signIn(nadia, `${ground.portal}/dossiers/${id}`, NADIA);
      await signIn(zoe, `${ground.portal}/dossiers/${id}`, ZOE);
      await zoe.getByText('Nadia Benali-Exemple consulte ce dossier en ce moment.').waitFor();
      await nadia.getByRole('button', { name: 'Accuser réception', exact: true }).click();
      await nadia.getByText('Enregistré : le dossier est').waitFor();
      await zoe.getByRole('button', { name: 'Marquer comme traité' }).click();
      await zoe.getByText('Rien n’a été envoyé').waitFor();
      await zoe.getByText(/^Déjà traité par Nadia Benali-Exemple, officière.* à \d+\sh\s\d\d\.$/).waitFor();
      await zoe.getByText('Décision : « Reçu ».').waitFor();
      equal((await ground.admin.getCase(id)).events.length, 1);
      await zoe.getByRole('button', { name: 'Marquer comme traité' }).click();
      await zoe.getByText('Décision en attente d’envoi').waitFor();
      await nadia.getByRole('button', { name: 'Marquer comme traité' }).click();
      await nadia.getByText(/^Zoé Faure-Imaginaire, .* vient de prendre une décision, qui va partir\.$/).waitFor();
      await nadia.getByRole('button', { name: 'Annuler la décision' }).click();
      await nadia.getByText('La décision est annulée : rien n’a été envoyé.').waitFor();
      equal((await ground.admin.getCase(id)).status, 'SI_RECEIVED');
    }));

  it('undoes a decision from the page that follows, and sends the others', () =>
    both(stage(), script, async (page) => {
      const { ground } = stage();
      const [first, second] = [await newCase('OTV'), await newCase('OTV')];
      await signIn(page, `${ground.portal}/dossiers/${first.id}?demarche=OTV`, NADIA);
      await page.getByRole('button', { name: 'Traiter et suivant' }).click();
      await page.getByRole('heading', { level: 1, name: second.externalId }).waitFor();
      await page.getByRole('button', { name: `Annuler la décision sur le dossier ${first.externalId}` }).click();
      await page.getByText('La décision est annulée : rien n’a été envoyé.').waitFor();
      await page.getByRole('heading', { level: 1, name: first.externalId }).waitFor();
      await page.getByRole('button', { name: 'Marquer comme traité' }).click();
      await page.getByText(/Elle sera envoyée dans \d+ s\./).waitFor();
      const { status, events } = await decided(ground, first.id, 'DONE');
      deepEqual([status, events.length], ['DONE', 2]);
      equal((await ground.admin.getCase(second.id)).status, 'HUBEE_NOTIFIED');
      await page.goto(`${ground.portal}/dossiers/${first.id}`);
      await page.getByText('Ce dossier est terminé').waitFor();
    }));

  it('goes on to a case the index had not read when it was asked for, and never calls an unread one the last', () =>
    both(stage(), script, async (page) => {
      const { ground } = stage();
      const list = 'demarche=InscriptionListesElectorales';
      const treat = page.getByRole('button', { name: 'Traiter et suivant' });
      const first = await newCase('InscriptionListesElectorales');
      await signIn(page, `${ground.portal}/dossiers/${first.id}?${list}`, NADIA);
      await treat.waitFor();
      const second = await ground.holdIndex(async () => {
        const deposited = await newCase('InscriptionListesElectorales');
        const before = await ground.lateLists();
        const clicked = treat.click();
        // The hub has said that its index is behind.
        for (const end = Date.now() + LATE_MS; (await ground.lateLists()) === before; )
          ok(Date.now() < end, 'the hub asked its index');
        return { ...deposited, clicked };
      });
      await second.clicked;
      await page.getByRole('heading', { level: 1, name: second.externalId }).waitFor();
      await ground.holdIndex(async () => {
        await newCase('InscriptionListesElectorales');
        await treat.click();
        await page.getByText('Le dossier suivant n’a pas pu être trouvé à temps').waitFor();
        equal(await page.getByText('C’était le dernier de la liste').count(), 0);
      });
      equal((await decided(ground, second.id, 'DONE')).status, 'DONE');
    }));

  it('takes a case, gives it to a colleague, and finds it by its filter', () =>
    both(stage(), script, async (nadia, zoe) => {
      const { ground } = stage();
      const { id, externalId } = await newCase();
      await signIn(nadia, `${ground.portal}/dossiers/${id}`, NADIA);
      await signIn(zoe, `${ground.portal}/dossiers/${id}`, ZOE);
      await nadia.getByRole('button', { name: 'Prendre en charge' }).click();
      await nadia.getByText('Le dossier vous est attribué.').waitFor();
      await zoe.getByRole('button', { name: 'Prendre en charge' }).click();
      await zoe.getByText('Ce dossier vient d’être attribué à Nadia Benali-Exemple.').waitFor();
      await nadia.goto(`${ground.portal}/dossiers?attribue=moi&q=${externalId}`);
      await nadia.getByRole('link', { name: externalId }).click();
      await nadia.locator('summary', { hasText: 'Attribuer à un collègue' }).click();
      await nadia.getByLabel('Collègue').selectOption({ label: 'Zoé Faure-Imaginaire' });
      await nadia.getByRole('button', { name: 'Attribuer', exact: true }).click();
      await nadia.getByText('Le dossier est attribué à Zoé Faure-Imaginaire.').waitFor();
      match((await nadia.locator('.timeline').textContent()) ?? '', /Attribué à Zoé Faure-Imaginaire/);
      await nadia.goto(`${ground.portal}/dossiers?attribue=moi&q=${externalId}`);
      equal(await nadia.getByRole('link', { name: externalId }).count(), 0);
      await zoe.goto(`${ground.portal}/dossiers?attribue=moi&q=${externalId}`);
      await zoe.getByRole('link', { name: externalId }).click();
      await zoe.getByRole('button', { name: 'Libérer le dossier' }).click();
      await zoe.getByText('Le dossier n’est plus attribué.').waitFor();
      equal((await ground.admin.getCase(id)).events.length, 0);
    }));
}
