/** Exports, saved views, passkeys, absences, templates of texts, invitations from a file. */
import { addAuthenticator, type PageAuthenticator } from '../authenticator.ts';
import { allowPasskeys, inviteByMail, makePasskey } from '../passkeys.ts';
import { taken } from '../tasks/export.ts';
import type { Person, Scene, Visit } from './scene.ts';

const at =
  (path: string) =>
  ({ go }: Visit): Promise<void> =>
    go(path);
const scene = (route: string, state: string, show: Scene['show'], who: Person = 'agent'): Scene => ({
  route: `(agent)/${route}`,
  state,
  who,
  show,
});
const ADMINISTRATOR = 'local administrator';

async function exported({ go, page, fresh }: Visit): Promise<void> {
  const { externalId } = (await fresh()).cases[0]!;
  await go(`/dossiers?q=${externalId}`);
  await taken(page, () => page.getByRole('button', { name: 'Exporter en CSV' }).click());
  await go('/exports');
}

async function kept({ go, page }: Visit): Promise<void> {
  await go('/dossiers?vue=tous&demarche=EtatCivil&tri=numero');
  await page.locator('summary', { hasText: 'Enregistrer cette vue' }).click();
  await page.getByLabel('Nom de la vue').fill('Actes');
  await page.getByRole('button', { name: 'Enregistrer la vue' }).click();
  await page.getByText('La vue « Actes » est enregistrée.').waitFor();
  await go('/vues');
}

async function colleague({ go, page }: Visit): Promise<string> {
  await go('/organisation/agents');
  const link = page.getByRole('row', { name: /Benali-Exemple/ }).getByRole('link');
  return (await link.first().getAttribute('href')) ?? '';
}

async function template({ go, page }: Visit): Promise<void> {
  await go('/organisation/modeles/nouveau');
  await page.getByLabel('Nom', { exact: true }).fill('Hors commune');
  await page.getByRole('radio', { name: 'Refus' }).check();
  await page.getByLabel('Texte').fill('Le dossier {numero} ne relève pas de notre commune.');
  await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
  await page.getByText('enregistré.').waitFor();
}

/** Signed in by a passkey that was just made, on the page of one's keys. */
async function keyed({ stage, page, go }: Visit, email: string): ReturnType<typeof addAuthenticator> {
  await allowPasskeys(stage);
  const link = await inviteByMail(stage, email, 'agent');
  const key = await addAuthenticator(page);
  await makePasskey(page, link);
  await go('/compte/cles');
  await page.getByRole('button', { name: 'Créer une autre clé' }).waitFor();
  return key;
}

/** The same with one more, in another device. */
async function keyedTwice(visit: Visit, email: string): Promise<PageAuthenticator> {
  const { page } = visit;
  const first = await keyed(visit, email);
  await first.remove();
  const second = await addAuthenticator(page, 'usb', first.session);
  await page.getByLabel('Nom de cette clé').fill('Clé du coffre');
  await page.getByRole('button', { name: 'Créer une autre clé' }).click();
  await page.getByText('Clé « Clé du coffre » ajoutée.').waitFor();
  return second;
}

/** Somebody new each time: of a session that a passkey opened. */
const keyScene = (state: string, show: Scene['show']): Scene => ({
  route: '(agent)/compte/cles',
  state,
  who: 'anybody',
  ends: true,
  show,
});

const FILE = 'email;prenom;nom;role;demarches\r\nun@exemple.test;Camille;Exemple;agent;toutes\r\ndeux;;;;\r\n';

export const addedScenes: readonly Scene[] = [
  {
    route: '(public)/connexion/cle',
    state: 'usual',
    who: 'anybody',
    async show({ go, page }) {
      await go('/connexion/cle');
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).waitFor();
    },
  },
  {
    route: '(public)/connexion/cle',
    state: 'refused',
    who: 'anybody',
    ends: true,
    async show(visit) {
      const { page } = visit;
      const key = await keyed(visit, 'tour-refus@sans-proconnect.test');
      await visit.go('/deconnexion');
      await page.getByRole('button', { name: 'Se déconnecter de cet appareil' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vous êtes déconnecté' }).waitFor();
      await key.verify(false);
      await visit.go('/connexion/cle');
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.getByRole('alert').getByText('Rien n’a été fait').waitFor();
    },
  },
  { route: '(public)/connexion/invitation', state: 'gone', who: 'anybody', show: at('/connexion/invitation') },
  {
    route: '(public)/connexion/invitation',
    state: 'open',
    who: 'anybody',
    ends: true,
    async show({ stage, page }) {
      await allowPasskeys(stage);
      await page.goto(await inviteByMail(stage, 'tour@sans-proconnect.test'));
      await page.getByRole('button', { name: 'Créer ma clé et me connecter' }).waitFor();
    },
  },
  scene('exports', 'none', at('/exports'), 'technical delegate'),
  scene('exports', 'one', exported),
  scene('exports/[export]', 'done', async (visit) => {
    await exported(visit);
    await visit.page.locator('tbody th a').first().click();
    await visit.page.getByText(/^Prêt\s:/).waitFor();
  }),
  scene('vues', 'none', at('/vues'), 'agent of one démarche'),
  scene('vues', 'one', kept),
  scene('compte/absence', 'usual', at('/compte/absence')),
  scene('compte/absence', 'error', async ({ go, page }) => {
    await go('/compte/absence');
    await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
    await page.getByRole('alert').waitFor();
  }),
  keyScene('one', async (visit) => {
    await keyed(visit, 'tour-une@sans-proconnect.test');
  }),
  keyScene('device has one', async (visit) => {
    await keyed(visit, 'tour-encore@sans-proconnect.test');
    await visit.page.getByRole('button', { name: 'Créer une autre clé' }).click();
    await visit.page.getByText('Cet appareil a déjà une clé').waitFor();
  }),
  keyScene('two', async (visit) => {
    await keyedTwice(visit, 'tour-deux@sans-proconnect.test');
    await visit.page.locator('main summary').first().click();
  }),
  keyScene('name missing', async (visit) => {
    const { page } = visit;
    await keyedTwice(visit, 'tour-nom@sans-proconnect.test');
    await page.locator('main summary').last().click();
    await page.getByLabel('Nouveau nom').last().fill(' ');
    await page.getByRole('button', { name: 'Renommer' }).last().click();
    await page.getByRole('link', { name: 'Donnez un nom à cette clé' }).waitFor();
  }),
  // Who comes by ProConnect has none, and no link to this page.
  scene('compte/cles', 'usual', at('/compte/cles')),
  scene(
    'organisation/agents/[agent]/absence',
    'usual',
    async (visit) => visit.go(`${await colleague(visit)}/absence`),
    ADMINISTRATOR,
  ),
  scene('organisation/agents/importer', 'usual', at('/organisation/agents/importer'), ADMINISTRATOR),
  scene(
    'organisation/agents/importer',
    'to verify',
    async ({ go, page }) => {
      await go('/organisation/agents/importer');
      const buffer = Buffer.from(FILE);
      await page.getByLabel('Fichier CSV').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
      await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vérifier avant d’envoyer' }).waitFor();
    },
    ADMINISTRATOR,
  ),
  scene('organisation/modeles', 'none', at('/organisation/modeles'), ADMINISTRATOR),
  scene('organisation/modeles', 'one', template, ADMINISTRATOR),
  scene('organisation/modeles/nouveau', 'usual', at('/organisation/modeles/nouveau'), ADMINISTRATOR),
  scene(
    'organisation/modeles/[modele]',
    'usual',
    async ({ go, page }) => {
      await go('/organisation/modeles');
      await page.locator('main a[href^="/organisation/modeles/"]:not([href$="nouveau"])').first().click();
      await page.waitForURL(/modeles\/[0-9a-f-]{36}$/);
    },
    ADMINISTRATOR,
  ),
];
