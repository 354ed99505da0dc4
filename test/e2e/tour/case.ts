/** A case and its files, in all the states somebody may find them in. */
import { equal } from 'node:assert/strict';
import type { Folder } from '#ops/demo/wire.ts';
import { decided } from '../ground.ts';
import { endSession } from '../talk.ts';
import type { Person, Scene, Visit } from './scene.ts';

const CASE = '(agent)/dossiers/[dossier]';
const PIECE = `${CASE}/pieces/[piece]`;

async function open(visit: Visit, code?: string): Promise<Folder['cases'][number]> {
  const one = (await visit.fresh(code)).cases[0]!;
  await visit.go(`/dossiers/${one.id}`);
  await visit.page.getByRole('heading', { level: 1, name: one.externalId }).waitFor();
  return one;
}

const scene = (state: string, show: Scene['show'], who: Person = 'agent'): Scene => ({ route: CASE, state, who, show });

/** The first file of a case whose name ends so. */
const piece = (state: string, code: string, ending: RegExp): Scene => ({
  route: PIECE,
  state,
  who: 'agent',
  async show({ fresh, go }) {
    const { attachments, cases } = await fresh(code);
    const found = attachments.find(({ fileName }) => ending.test(fileName));
    if (!found) throw new Error(`no file ${ending} in ${code}`);
    await go(`/dossiers/${cases[0]!.id}/pieces/${found.id}`);
  },
});

export const caseScenes: readonly Scene[] = [
  ...['EtatCivil', 'CERTDC', 'recensementCitoyen', 'depotDossierPACS', 'OTV', 'InscriptionListesElectorales'].map(
    (code) =>
      scene(`new ${code}`, async (visit) => {
        await open(visit, code);
      }),
  ),
  scene('unfolded', async (visit) => {
    await open(visit, 'recensementCitoyen');
    for (const summary of await visit.page.locator('main summary').all()) await summary.click();
  }),
  scene('acknowledged', async (visit) => {
    await open(visit);
    await visit.page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
    await visit.page.getByText('Enregistré : le dossier est « Reçu ».').waitFor();
  }),
  scene('mine', async (visit) => {
    await open(visit);
    await visit.page.getByRole('button', { name: 'Prendre en charge' }).click();
    await visit.page.getByText('Le dossier vous est attribué.').waitFor();
  }),
  {
    ...scene('waiting decision', async (visit) => {
      await open(visit);
      await visit.page.getByRole('button', { name: 'Marquer comme traité' }).click();
      await visit.page.getByText('Décision en attente d’envoi').waitFor();
    }),
    // It would be told on the pages that follow, as long as it waits.
    ends: true,
  },
  scene('acknowledged, files come', async (visit) => {
    await open(visit);
    const [download] = await Promise.all([
      visit.page.waitForEvent('download'),
      visit.page.getByRole('button', { name: 'Accuser réception et télécharger' }).click(),
    ]);
    await download.delete();
    await visit.page.getByText('Le téléchargement de toutes ses pièces commence').waitFor();
  }),
  scene('unreadable flow', async (visit) => {
    const { ground } = visit.stage;
    const { id } = (await ground.depositBroken('EtatCivil', ground.towns[0]!)).cases[0]!;
    await visit.go(`/dossiers/${id}`);
    await visit.page.getByText('n’a pas pu être lu').waitFor();
  }),
  scene('closed', async (visit) => {
    const { id } = (await visit.fresh()).cases[0]!;
    await visit.stage.ground.admin.patchCase(id, 'CLOSED');
    await visit.go(`/dossiers/${id}`);
    await visit.page.getByText('Ce dossier est terminé').waitFor();
    equal(await visit.page.getByRole('button', { name: 'Prendre en charge' }).count(), 0);
  }),
  scene('conflict', async (visit) => {
    const { id } = await open(visit);
    await visit.stage.ground.admin.patchCase(id, 'IN_PROGRESS');
    await visit.page.getByRole('button', { name: 'Accuser réception', exact: true }).click();
    await visit.page.getByText('Rien n’a été envoyé').waitFor();
  }),
  scene('request without a document', async (visit) => {
    await open(visit, 'recensementCitoyen');
    await visit.page.locator('summary', { hasText: 'Demander des pièces' }).click();
    await visit.page.getByRole('button', { name: 'Demander ces pièces' }).click();
    await visit.page.getByRole('alert').waitFor();
  }),
  scene('refusal without a reason', async (visit) => {
    await open(visit);
    await visit.page.locator('summary', { hasText: 'Refuser la demande' }).click();
    await visit.page.getByRole('button', { name: 'Refuser la demande' }).click();
    await visit.page.getByRole('alert').waitFor();
  }),
  scene('noted', async (visit) => {
    await open(visit);
    await visit.page.locator('summary', { hasText: 'note interne' }).click();
    await visit.page.getByLabel('Votre note').fill('Appeler le greffe.');
    await visit.page.getByRole('button', { name: 'Enregistrer la note' }).click();
    await visit.page.getByText('Note enregistrée').waitFor();
  }),
  scene('answered', async (visit) => {
    const { id } = await open(visit, 'recensementCitoyen');
    const { ground } = visit.stage;
    await visit.page.locator('summary', { hasText: 'Demander des pièces' }).click();
    await visit.page.getByRole('checkbox').first().check();
    await visit.page.getByRole('button', { name: 'Demander ces pièces' }).click();
    await decided(ground, id, 'ADD_AWAITING');
    const client = await ground.sender('recensementCitoyen');
    const message = 'Voici la page.';
    await client.postEvent(id, { actionType: 'SENDING_MESSAGE', notification: true, message, author: 'Émetteur' });
    await visit.go(`/dossiers/${id}`);
    await visit.page.getByText('L’émetteur a répondu à votre demande').waitFor();
  }),
  scene(
    'new',
    async (visit) => {
      await open(visit);
    },
    'agent without quality',
  ),
  scene(
    'new',
    async (visit) => {
      await open(visit);
    },
    'local administrator',
  ),
  scene(
    'consultations',
    async (visit) => {
      await open(visit);
      await visit.page.getByRole('link', { name: 'Voir les consultations' }).click();
      await visit.page.getByRole('table', { name: /Consultations du dossier/ }).waitFor();
    },
    'local administrator',
  ),
  {
    route: CASE,
    state: 'session ended, text kept',
    who: 'agent whose session ends',
    ends: true,
    async show(visit) {
      await open(visit);
      await visit.page.locator('summary', { hasText: 'Écrire à l’émetteur' }).click();
      await visit.page.getByLabel('Votre message').fill('Un texte que l’on ne veut pas récrire.');
      await endSession(visit.page.context());
      await visit.page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await visit.page.getByRole('heading', { level: 1, name: 'Votre session a expiré' }).waitFor();
    },
  },
  {
    route: CASE,
    state: 'text found again',
    who: 'agent whose session ends',
    ends: true,
    async show(visit) {
      await open(visit);
      await visit.page.locator('summary', { hasText: 'Écrire à l’émetteur' }).click();
      await visit.page.getByLabel('Votre message').fill('Un texte que l’on ne veut pas récrire.');
      await endSession(visit.page.context());
      await visit.page.getByRole('button', { name: 'Envoyer', exact: true }).click();
      await visit.page.getByRole('button', { name: 'Se reconnecter' }).click();
      const again = visit.page.getByRole('button', { name: 'Faure-Imaginaire' });
      if (await again.count()) await again.click();
      await visit.page.getByText('Votre texte a été conservé').waitFor();
    },
  },
  piece('PDF', 'EtatCivil', /\.pdf$/),
  piece('text', 'EtatCivil', /\.(?:xml|json)$/),
];
