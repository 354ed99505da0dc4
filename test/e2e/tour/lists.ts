/** Home, lists, many cases at once, one's account. */
import { equal } from 'node:assert/strict';
import { everywhere, type Scene, type Visit } from './scene.ts';

const at =
  (path: string) =>
  ({ go }: Visit): Promise<void> =>
    go(path);
const agent = (route: string, state: string, show: Scene['show'], who: Scene['who'] = 'agent'): Scene => ({
  route: `(agent)/${route}`,
  state,
  who,
  show,
});

/** A list of this one case, so that it is the same list each time. */
async function one({ go, fresh }: Visit, code = 'EtatCivil'): Promise<string> {
  const { externalId } = (await fresh(code)).cases[0]!;
  await go(`/dossiers?q=${externalId}`);
  return externalId;
}

async function ticked(visit: Visit): Promise<void> {
  const number = await one(visit);
  await visit.page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
  await visit.page.getByRole('checkbox', { name: `Sélectionner le dossier ${number}` }).check();
}

async function asked(visit: Visit, act: string): Promise<void> {
  await ticked(visit);
  await visit.page.getByRole('button', { name: act, exact: true }).click();
  await visit.page.getByRole('heading', { level: 1, name: 'Vérifier avant de lancer' }).waitFor();
}

async function launched(visit: Visit): Promise<void> {
  await asked(visit, 'Marquer comme traités');
  await visit.page.getByRole('button', { name: 'Lancer' }).click();
  await visit.page.getByRole('heading', { level: 1, name: 'Traitement par lot' }).waitFor();
}

/** Within two minutes of the end of a session nobody uses. */
const SOON_MS = 28 * 60_000;

export const listScenes: readonly Scene[] = [
  agent('accueil', 'nothing waits', at('/accueil'), 'technical delegate'),
  agent('accueil', 'cases wait', async (visit) => {
    await visit.fresh();
    await visit.go('/accueil');
  }),
  {
    ...agent(
      'accueil',
      'session ends soon',
      async ({ go, page }) => {
        await page.clock.install();
        await go('/accueil');
        await page.clock.fastForward(SOON_MS);
        await page.getByRole('dialog', { name: 'Votre session va se fermer' }).waitFor();
      },
      'agent whose session ends',
    ),
    ends: true,
  },
  agent('accueil', 'all towns', (visit) => everywhere(visit, '/accueil'), 'agent of several towns'),
  agent('dossiers', 'nothing found', at('/dossiers?vue=tous&q=personne-de-ce-nom')),
  agent('dossiers', 'view is empty', at('/dossiers?vue=traites&demarche=depotDossierPACS')),
  agent('dossiers', 'one found', async (visit) => {
    await one(visit);
  }),
  agent('dossiers', 'all filters', async (visit) => {
    const number = (await visit.fresh()).cases[0]!.externalId;
    await visit.go(
      `/dossiers?vue=tous&q=${number}&demarche=EtatCivil&attribue=personne&nonlu=1&depuis=2020-01-01&tri=demandeur&ordre=desc`,
    );
  }),
  agent('dossiers', 'démarche without cases', async ({ go, page }) => {
    await go('/dossiers?vue=traites&demarche=FormulaireQF');
    equal(await page.getByRole('combobox', { name: 'Démarche' }).inputValue(), 'FormulaireQF');
  }),
  agent('dossiers', 'ticked', ticked),
  agent('dossiers', 'shortcuts shown', async (visit) => {
    await one(visit);
    await visit.page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).waitFor();
    await visit.page.keyboard.press('?');
    await visit.page.getByRole('dialog', { name: 'Raccourcis clavier' }).waitFor();
  }),
  agent('dossiers', 'all towns', (visit) => everywhere(visit, '/dossiers?vue=tous'), 'agent of several towns'),
  agent('dossiers/lots', 'nothing chosen', at('/dossiers/lots')),
  agent('dossiers/lots', 'to treat', (visit) => asked(visit, 'Marquer comme traités')),
  agent('dossiers/lots', 'to refuse', (visit) => asked(visit, 'Refuser')),
  agent('dossiers/lots', 'to give', (visit) => asked(visit, 'Attribuer')),
  agent('dossiers/lots', 'without quality', (visit) => asked(visit, 'Marquer comme traités'), 'agent without quality'),
  agent('dossiers/lots', 'reason missing', async (visit) => {
    await asked(visit, 'Refuser');
    await visit.page.getByRole('button', { name: 'Lancer' }).click();
    await visit.page.getByRole('alert').waitFor();
  }),
  agent('dossiers/lots/[lot]', 'done', async (visit) => {
    await launched(visit);
    await visit.page
      .getByText('Terminé :')
      .or(visit.page.getByRole('link', { name: 'Actualiser' }))
      .first()
      .waitFor();
    await visit.go(new URL(visit.page.url()).pathname);
  }),
  agent('raccourcis', 'on', at('/raccourcis')),
  agent(
    'raccourcis',
    'off',
    async ({ go, page }) => {
      await go('/raccourcis');
      await page.getByRole('button', { name: 'Désactiver les raccourcis' }).click();
      await page.getByText('Les raccourcis clavier sont désactivés.').waitFor();
    },
    'agent of one démarche',
  ),
  agent('compte', 'usual', at('/compte')),
  agent('compte', 'without quality', at('/compte'), 'agent without quality'),
  agent('compte', 'error', async ({ go, page }) => {
    await go('/compte');
    await page.getByLabel('Qualité').fill('');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('alert').waitFor();
  }),
  agent('compte/notifications', 'usual', at('/compte/notifications')),
  agent('compte/notifications', 'saved', async ({ go, page }) => {
    await go('/compte/notifications');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText(/vous ne recevrez aucun message|vous serez prévenu/).waitFor();
  }),
];

/** A bulk is over in a second or so: its page is caught before that, and learns no more. */
async function underWay({ go, page }: Visit): Promise<void> {
  await page.route('**/__data.json**', () => undefined);
  const again = page.getByRole('link', { name: 'Actualiser' });
  for (let tries = 0; tries < TRIES; tries += 1) {
    await go('/dossiers?demarche=EtatCivil');
    await page.getByRole('checkbox', { name: 'Sélectionner toute la page' }).check();
    await page.getByRole('checkbox', { name: /du filtre/ }).check();
    await page.getByRole('button', { name: 'Attribuer', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Vérifier avant de lancer' }).waitFor();
    await page.getByRole('button', { name: 'Lancer' }).click();
    await page.getByRole('heading', { level: 1, name: 'Traitement par lot' }).waitFor();
    if (await again.isVisible()) return;
  }
  throw new Error(`${TRIES} jobs were all done before their page came`);
}

const TRIES = 10;

/** More than a page holds. */
const FULL = 101;

/** After all others: whatever lists come later are full too. */
export const fullScenes: readonly Scene[] = [
  {
    ...agent('dossiers', 'full', async ({ go, stage }) => {
      const { deposit, towns } = stage.ground;
      for (let made = 0; made < FULL; made += 1) await deposit('EtatCivil', towns[0]!);
      await go('/dossiers?demarche=EtatCivil');
    }),
    weighed: true,
    passing: true,
  },
  { ...agent('dossiers/lots/[lot]', 'under way', underWay), ends: true, passing: true },
  agent('dossiers', 'second page', async ({ go, page }) => {
    await go('/dossiers?demarche=EtatCivil');
    await page.getByRole('link', { name: /suivante/i }).click();
    await page.waitForURL(/suite=/);
  }),
];
