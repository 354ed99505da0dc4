/** Pages of an organisation: what an administrator settles, and what others see of it. */
import { everywhere, type Person, type Scene, type Visit } from './scene.ts';

const at =
  (path: string) =>
  ({ go }: Visit): Promise<void> =>
    go(path);
const scene = (route: string, state: string, show: Scene['show'], who: Person = 'local administrator'): Scene => ({
  route: `(agent)/organisation${route}`,
  state,
  who,
  show,
});

async function agentOf({ go, page }: Visit, name: RegExp): Promise<string> {
  await go('/organisation/agents');
  const link = page.getByRole('row', { name }).getByRole('link').first();
  return (await link.getAttribute('href')) ?? '';
}

async function subscription({ go, page }: Visit): Promise<void> {
  await go('/organisation/abonnements');
  await page
    .getByRole('link', { name: /^Régler l’abonnement : .*tat civil/i })
    .first()
    .click();
  await page.locator('#etat').waitFor();
}

const suspend = async ({ page }: Visit): Promise<void> => {
  await page.locator('summary', { hasText: 'Suspendre' }).click();
  await page.getByRole('button', { name: 'Suspendre l’abonnement' }).click();
  await page.getByText('Suspendu', { exact: true }).waitFor();
};
const activate = async ({ page }: Visit): Promise<void> => {
  await page.getByRole('button', { name: 'Activer maintenant' }).click();
  await page.getByText('L’abonnement est actif').waitFor();
};

export const organisationScenes: readonly Scene[] = [
  scene('', 'usual', at('/organisation')),
  scene('', 'usual', at('/organisation'), 'agent'),
  scene('', 'usual', at('/organisation'), 'technical delegate'),
  scene('', 'all towns', (visit) => everywhere(visit, '/organisation'), 'agent of several towns'),
  scene('/agents', 'usual', at('/organisation/agents')),
  scene('/agents', 'usual', at('/organisation/agents'), 'agent'),
  scene('/agents/inviter', 'usual', at('/organisation/agents/inviter')),
  scene('/agents/inviter', 'error', async ({ go, page }) => {
    await go('/organisation/agents/inviter');
    await page.getByRole('button', { name: 'Envoyer l’invitation' }).click();
    await page.getByRole('link', { name: 'Écrivez l’adresse électronique de la personne' }).waitFor();
  }),
  scene('/agents/[agent]', 'usual', async (visit) => visit.go(await agentOf(visit, /Benali-Exemple/))),
  scene('/agents/[agent]', 'last administrator stays', async (visit) => {
    await visit.go(await agentOf(visit, /\(vous\)/));
    await visit.page.getByRole('radio', { name: 'Agent', exact: true }).check();
    await visit.page.getByRole('button', { name: 'Enregistrer' }).click();
    await visit.page.getByRole('link', { name: /C’est le dernier administrateur/ }).waitFor();
  }),
  scene('/agents/[agent]/retirer', 'usual', async (visit) =>
    visit.go(`${await agentOf(visit, /Benali-Exemple/)}/retirer`),
  ),
  scene('/agents/[agent]/retirer', 'own access', async (visit) =>
    visit.go(`${await agentOf(visit, /\(vous\)/)}/retirer`),
  ),
  scene('/abonnements', 'usual', at('/organisation/abonnements')),
  scene('/abonnements', 'usual', at('/organisation/abonnements'), 'agent'),
  scene('/abonnements/[abonnement]', 'active', subscription),
  scene('/abonnements/[abonnement]', 'error', async (visit) => {
    await subscription(visit);
    await visit.page.getByRole('radio', { name: 'Un message par dossier' }).check();
    await visit.page.getByLabel('Adresse électronique').fill('pas une adresse');
    await visit.page.getByRole('button', { name: 'Enregistrer' }).click();
    await visit.page.getByRole('link', { name: /Écrivez une adresse électronique complète/ }).waitFor();
  }),
  scene('/abonnements/[abonnement]', 'suspended', async (visit) => {
    await subscription(visit);
    await suspend(visit);
  }),
  scene('/abonnements/[abonnement]', 'active again', async (visit) => {
    await subscription(visit);
    await activate(visit);
  }),
];
