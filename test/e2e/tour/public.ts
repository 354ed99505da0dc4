/** Pages for everybody, and those of an error. */
import { NONSENSE } from '../gate.ts';
import type { Scene, Visit } from './scene.ts';

const DENIALS = [
  'agent-unknown',
  'agent-suspended',
  'email-unverified',
  'acr-too-low',
  'siret-missing',
  'access-denied',
  'stale',
  'provider',
  'unexpected',
];

const at =
  (path: string) =>
  ({ go }: Visit): Promise<void> =>
    go(path);
const anybody = (route: string, state: string, path: string): Scene => ({
  route: `(public)/${route}`,
  state,
  who: 'anybody',
  show: at(path),
});

export const publicScenes: readonly Scene[] = [
  anybody('connexion', 'usual', '/connexion'),
  anybody('connexion/renforcee', 'usual', '/connexion/renforcee'),
  anybody('connexion/expiree', 'usual', '/connexion/expiree'),
  anybody('connexion/expiree', 'text kept', '/connexion/expiree?garde=1'),
  anybody('connexion/expiree', 'text lost', '/connexion/expiree?perdu=1'),
  ...DENIALS.map((reason) => anybody('connexion/refus', reason, `/connexion/refus?raison=${reason}`)),
  anybody('deconnexion/faite', 'usual', '/deconnexion/faite'),
  { route: '(public)/deconnexion', state: 'usual', who: 'agent', show: at('/deconnexion') },
  anybody('accessibilite', 'usual', '/accessibilite'),
  anybody('aide', 'usual', '/aide'),
  { route: '(public)/aide', state: 'signed in', who: 'agent', show: at('/aide') },
  anybody('courriels/arreter/[lien]', 'usual', '/courriels/arreter/x'),
  {
    ...anybody('courriels/arreter/[lien]', 'gone', ''),
    async show({ go, page }) {
      await go('/courriels/arreter/x');
      await page.getByRole('button', { name: 'Ne plus recevoir ces courriels' }).click();
      await page.getByText('Ce lien n’est plus valable').waitFor();
    },
  },
  anybody('cookies', 'usual', '/cookies'),
  anybody('donnees-personnelles', 'usual', '/donnees-personnelles'),
  anybody('mentions-legales', 'usual', '/mentions-legales'),
  anybody('plan-du-site', 'usual', '/plan-du-site'),
  anybody('demo', 'usual', '/demo'),
  {
    route: '(public)/demo',
    state: 'not ready',
    who: 'anybody',
    async show({ go, page }) {
      await go('/demo');
      await page.getByRole('button', { name: 'Remettre l’espace à neuf' }).click();
      await page.getByRole('link', { name: /pas encore prêt/ }).waitFor();
    },
  },
  { route: 'error', state: 'not found', who: 'anybody', show: at('/nulle-part') },
  {
    route: 'error',
    state: 'not found',
    who: 'agent',
    weighed: true,
    show: at('/dossiers/00000000-0000-4000-8000-000000000000'),
  },
  {
    route: 'error',
    state: 'no rights on the case',
    who: 'agent of one démarche',
    show: async ({ go, fresh }) => go(`/dossiers/${(await fresh('CERTDC')).cases[0]!.id}`),
  },
  { route: 'error', state: 'no rights on the page', who: 'agent', show: at('/organisation/agents/inviter') },
  {
    route: 'error',
    state: 'hub away',
    who: 'agent',
    show: async ({ go, page, stage }) => {
      await stage.ground.gate.shutWhile(() => go('/dossiers'));
      await page.getByRole('heading', { level: 1, name: 'Le service est momentanément indisponible' }).waitFor();
    },
  },
  {
    route: 'error',
    state: 'hub away for the page',
    who: 'agent',
    show: ({ go, stage }) => stage.ground.gate.answerWhile('GET /relais/v1/exports', 503, '{}', () => go('/exports')),
  },
  {
    route: 'error',
    state: 'unexpected',
    who: 'agent',
    show: ({ go, stage }) =>
      stage.ground.gate.answerWhile('GET /relais/v1/exports', 200, NONSENSE, () => go('/exports')),
  },
  { route: '(public)/plan-du-site', state: 'usual', who: 'local administrator', show: at('/plan-du-site') },
];
