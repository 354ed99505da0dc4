/** What an organisation subscribes to, and what its administrators do with it. */
import { catalogue } from './typography.ts';

export const subscriptionText = catalogue({
  title: 'Abonnements',
  heading: (name: string) => `Abonnements — ${name}`,
  caption: 'Les démarches dont votre organisation reçoit les dossiers.',
  none: 'Votre organisation n’a pas d’abonnement.',
  process: 'Démarche',
  state: 'État',
  access: 'Traitement',
  email: 'Courriel',
  noEmail: 'aucun courriel',
  settings: 'Réglages',
  adjust: 'Régler',
  adjustWhich: (name: string) => `Régler l’abonnement : ${name}`,
  from: (day: string) => `à partir du ${day}`,
  saved: 'Enregistré.',
  activated: 'L’abonnement est actif : les dossiers gardés pour vous arrivent.',
  planned: (day: string) => `Enregistré : l’abonnement deviendra actif le ${day}, à 0 h 01.`,
  suspendedNotice:
    'L’abonnement est suspendu : les nouveaux dossiers sont gardés, et arriveront quand vous le réactiverez.',
  toApiNotice:
    'Votre logiciel reçoit désormais les dossiers ; ceux qui ne sont pas terminés lui ont été notifiés de nouveau.',
  toPortalNotice: 'Les dossiers se traitent désormais dans ce portail.',
  activate: 'Activer',
  activateLead: 'Les nouveaux dossiers arriveront, et ceux qui étaient gardés avec eux.',
  activateNow: 'Activer maintenant',
  activateLater: 'Activer à une date',
  day: 'Date d’activation',
  dayHint: 'L’abonnement devient actif ce jour-là, à 0 h 01.',
  plan: 'Programmer l’activation',
  unplan: 'Annuler l’activation programmée',
  suspend: 'Suspendre',
  suspendLead:
    'Les nouveaux dossiers ne vous seront plus remis : le service les garde. Ceux que vous avez déjà restent à traiter.',
  suspendYes: 'Suspendre l’abonnement',
  mail: 'Courriel à l’organisation',
  mailLead:
    'Un message à cette adresse pour chaque nouveau dossier, sans donnée de l’usager. Chaque agent règle aussi les siens dans « Mon compte ».',
  mailLabel: 'Adresse électronique',
  mailHint: 'De préférence une adresse de service, lue par plusieurs personnes.',
  frequency: 'Envoi',
  each: 'Un message par dossier',
  never: 'Aucun message',
  mode: 'Où les dossiers sont traités',
  portal: 'Dans ce portail',
  api: 'Dans notre logiciel (API)',
  modeNow: 'Aujourd’hui :',
  modeThen: 'Si vous changez :',
  modeHint: {
    PORTAIL: 'vos agents traiteront les dossiers ici.',
    API: 'votre logiciel recevra les dossiers. Ceux qui ne sont pas terminés lui seront notifiés de nouveau : aucun n’est perdu.',
  },
  toApi: 'Passer à notre logiciel',
  toPortal: 'Passer au portail',
  missingDay: 'Choisissez une date',
  pastDay: 'Choisissez une date à venir',
  badEmail: 'Écrivez une adresse électronique complète, ou choisissez « Aucun message »',
  conflict: 'L’abonnement a changé entre-temps : voici son état actuel',
  refused: 'Cet abonnement a été refusé. Il ne peut plus changer.',
  reason: 'Motif',
});

export const subscriptionStates = catalogue({
  Actif: 'Actif',
  Inactif: 'Pas encore actif',
  Suspendu: 'Suspendu',
  Refusé: 'Refusé',
});

export const accessModes = catalogue({
  PORTAIL: 'Dans ce portail',
  API: 'Dans le logiciel de l’organisation',
});
