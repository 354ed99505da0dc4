/** The organisation's own pages: who works there, and what it subscribes to. */
import { catalogue, counted } from './typography.ts';

export const organisationText = catalogue({
  title: 'Organisation',
  tabs: 'Pages de l’organisation',
  overview: 'Vue d’ensemble',
  agents: 'Agents',
  subscriptions: 'Abonnements',
  siret: 'SIRET',
  branch: 'Code guichet',
  yourRole: 'Votre rôle',
  yourProcesses: 'Vos démarches',
  allProcesses: 'toutes',
  staff: (count: number) => counted(count, 'agent a un accès', 'agents ont un accès'),
  neverCame: (count: number) => counted(count, 'ne s’est encore jamais connecté', 'ne se sont encore jamais connectés'),
  active: (count: number) => counted(count, 'abonnement actif', 'abonnements actifs'),
  idle: (count: number) => counted(count, 'abonnement à activer', 'abonnements à activer'),
  toAgents: 'Gérer les agents',
  toInvite: 'Inviter un collègue',
  toSubscriptions: 'Voir les abonnements',
  notAdministrator:
    'Les accès et les abonnements sont gérés par les administrateurs locaux de votre organisation. Adressez-vous à eux pour changer quelque chose.',
  helpInvite: 'Comment inviter un collègue ?',
  helpSubscriptions: 'Que veut dire activer ou suspendre ?',
});

export const roleNames = catalogue({
  administrator: 'Administrateur local',
  delegate: 'Délégué technique',
  agent: 'Agent',
});

export const roleHints = catalogue({
  agent: 'Traite les dossiers de ses démarches.',
  administrator: 'Traite les dossiers, invite les agents et règle les abonnements. Un second facteur lui est demandé.',
  delegate: 'Raccorde le logiciel de l’organisation. Un second facteur lui est demandé.',
});

export const staffText = catalogue({
  title: 'Agents',
  heading: (name: string) => `Agents — ${name}`,
  caption: 'Les personnes qui ont un accès, administrateurs d’abord.',
  invite: 'Inviter un collègue',
  name: 'Nom',
  email: 'Adresse électronique',
  role: 'Rôle',
  processes: 'Démarches',
  state: 'Accès',
  action: 'Action',
  all: 'Toutes',
  change: 'Modifier',
  changeWho: (who: string) => `Modifier l’accès : ${who}`,
  signedIn: 'Actif',
  invited: 'Invité, jamais connecté',
  suspended: 'Suspendu',
  you: 'vous',
  inviteTitle: 'Inviter un collègue',
  inviteLead: 'Il recevra un courriel avec l’adresse du portail, et pourra se connecter aussitôt.',
  emailHint: 'Celle de son compte ProConnect. Exemple : prenom.nom@mairie.fr',
  scope: 'Démarches',
  scopeAll: 'Toutes les démarches, aussi celles à venir',
  scopeSome: 'Seulement celles que je coche',
  choose: 'Démarches cochées',
  send: 'Envoyer l’invitation',
  invitedNotice: (email: string) => `Invitation envoyée à ${email}.`,
  changeTitle: (who: string) => `Accès de ${who}`,
  saved: (who: string) => `Enregistré : l’accès de ${who} est modifié. Il vaut dès sa prochaine action.`,
  withdraw: 'Retirer cet accès',
  withdrawTitle: (who: string) => `Retirer l’accès de ${who} ?`,
  withdrawLead: (name: string) =>
    `Cette personne ne verra plus les dossiers de « ${name} » dès sa prochaine action. Ce qu’elle a fait reste dans l’historique des dossiers.`,
  withdrawSelf: 'C’est votre propre accès : vous ne pourrez plus revenir ici sans une invitation.',
  withdrawAgain: 'Vous pourrez l’inviter de nouveau plus tard.',
  withdrawYes: 'Oui, retirer l’accès',
  withdrawn: (who: string) => `L’accès de ${who} est retiré.`,
  keep: 'Non, ne rien changer',
  missingEmail: 'Écrivez l’adresse électronique de la personne',
  badEmail: 'Cette adresse électronique n’est pas complète. Exemple : prenom.nom@mairie.fr',
  missingRole: 'Choisissez un rôle',
  missingProcesses: 'Cochez au moins une démarche, ou choisissez « Toutes les démarches »',
  exists: 'Cette personne a déjà un accès : modifiez-le depuis la liste des agents',
  lastAdministrator:
    'C’est le dernier administrateur de votre organisation : nommez d’abord un autre administrateur, puis recommencez',
});
