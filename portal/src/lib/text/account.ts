/** What agents see and change of themselves. */
import { catalogue, counted } from './typography.ts';

export const accountText = catalogue({
  title: 'Mon compte',
  tabs: 'Pages du compte',
  identity: 'Identité',
  notifications: 'Notifications',
  fromProvider: 'Ce que dit ProConnect',
  fromProviderLead: 'Pour corriger ces informations, adressez-vous au service informatique de votre organisation.',
  fromAdministrator: 'Ce qu’a indiqué votre administrateur',
  fromAdministratorLead: 'Pour corriger ces informations, adressez-vous à votre administrateur local.',
  name: 'Nom',
  email: 'Adresse électronique',
  places: 'Vos organisations',
  role: 'Rôle',
  processes: 'Démarches',
  all: 'toutes',
  sign: 'Ce que vos décisions portent',
  signLead:
    'La loi demande que chaque décision porte le prénom, le nom, la qualité et le service de son auteur. Complétez-les une fois : ils sont ajoutés à tout ce que vous décidez.',
  quality: 'Qualité',
  qualityHint: 'Exemple : officière d’état civil déléguée',
  service: 'Service',
  serviceHint: 'Exemple : service population',
  now: 'Vos décisions sont signées :',
  missingQuality: 'Votre qualité manque : complétez-la avant de décider.',
  missing: 'Indiquez votre qualité.',
  tooLong: 'Cent caractères au plus.',
  apply: 'Appliquer',
  saved: 'Enregistré : vos prochaines décisions le porteront.',
  sessions: 'Sessions',
  sessionsLead: 'Si vous avez oublié de fermer une session ailleurs, ou perdu un ordinateur.',
  everywhere: 'Se déconnecter partout',
  shortcuts: 'Raccourcis du clavier',
  shortcutsLead:
    'Une seule lettre suffit pour agir. Coupez-les s’ils gênent un lecteur d’écran ou une commande vocale.',
  shortcutsOn: 'Activés',
  shortcutsOff: 'Coupés',
  shortcutsSaved: 'Enregistré pour ce navigateur.',
  help: 'Pourquoi ma qualité est-elle demandée ?',
});

export const noticeText = catalogue({
  title: 'Notifications',
  lead: 'Choisissez, pour chaque démarche, quand vous voulez recevoir un courriel. Aucun message ne contient de données des usagers.',
  process: 'Démarche',
  off: 'Aucun message',
  offHint: 'C’est le réglage de départ.',
  each: 'À l’arrivée des dossiers',
  eachHint: 'Un message peu après l’arrivée ; ceux qui arrivent ensemble sont annoncés ensemble.',
  digest: 'Chaque matin',
  digestHint: 'Un seul message vers 7 h 30, les jours de semaine, s’il reste des dossiers à traiter. Sinon, aucun.',
  how: 'Les trois réglages',
  saved: (count: number) =>
    count === 0
      ? 'Enregistré : vous ne recevrez aucun message.'
      : `Enregistré : vous serez prévenu pour ${counted(count, 'démarche', 'démarches')}.`,
  none: 'Aucune démarche ne vous est ouverte.',
  to: (email: string) => `Les messages partent à ${email}.`,
});
