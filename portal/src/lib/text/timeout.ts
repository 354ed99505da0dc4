/** The warning before a session ends: on every page of an agent, so apart from the account's own words. */
import { catalogue } from './typography.ts';

export const timeout = catalogue({
  title: 'Votre session va se fermer',
  lead: 'Sans action de votre part, elle se ferme dans deux minutes. Ce que vous avez écrit sur cette page et pas encore enregistré serait perdu.',
  last: 'Par sécurité, douze heures après la connexion, elle se ferme dans deux minutes. Enregistrez ce que vous avez écrit, puis reconnectez-vous.',
  stay: 'Rester connecté',
  leave: 'Se déconnecter',
  close: 'J’ai compris',
});
