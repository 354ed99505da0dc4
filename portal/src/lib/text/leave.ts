/** The page an e-mail leads to, where its reader stops those that come again, without signing in. */
import { catalogue } from './typography.ts';

export const leaveText = catalogue({
  title: 'Ne plus recevoir de courriels',
  lead: 'Relais n’enverra plus de courriel annonçant des dossiers à l’adresse qui a reçu ce lien. Les dossiers, eux, continuent d’arriver dans le portail.',
  button: 'Ne plus recevoir ces courriels',
  fewer: 'Vous pouvez aussi en recevoir moins : un seul message le matin, ou seulement pour certaines démarches.',
  settings: 'Régler mes courriels',
  done: 'C’est fait : cette adresse ne recevra plus de courriel annonçant des dossiers. Un message déjà parti peut encore arriver.',
  back: 'Pour en recevoir de nouveau, choisissez-le dans votre compte, à la page « Notifications ».',
  gone: 'Ce lien n’est plus valable : rien n’a été changé.',
  instead:
    'Il a plus de six mois, ou l’adresse n’a pas été copiée en entier. Prenez le lien d’un message plus récent, ou réglez vos courriels dans votre compte.',
});
