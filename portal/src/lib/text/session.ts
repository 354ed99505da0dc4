/** Signing in and out, and every reason why that fails. */
import { catalogue } from './typography.ts';

export const session = catalogue({
  title: 'Connexion',
  heading: 'Traiter les dossiers reçus par votre collectivité',
  lead: 'Ce portail est réservé aux agents des collectivités et organismes qui reçoivent des dossiers de démarches en ligne.',
  before: 'Avant de commencer',
  conditions: {
    account: 'Vous vous connectez avec votre compte ProConnect professionnel : votre adresse électronique de travail.',
    invited:
      'Votre administrateur local doit vous avoir ouvert un accès. Lui-même entre avec l’adresse déclarée à l’abonnement.',
    plain: 'Le portail fonctionne avec tous les navigateurs récents, au clavier, et sans JavaScript.',
  },
  button: 'S’identifier avec ProConnect',
  what: 'Qu’est-ce que ProConnect ?',
  whatUrl: 'https://www.proconnect.gouv.fr/',
  expired: {
    title: 'Session expirée',
    heading: 'Votre session a expiré',
    lead: 'Par sécurité, une session se ferme après trente minutes sans activité, et douze heures au plus après la connexion.',
    back: 'Après la connexion, vous reviendrez à la page où vous étiez.',
    unsent: 'L’action que vous veniez de demander n’a pas été enregistrée : refaites-la après la connexion.',
    kept: 'Ce que vous veniez d’écrire n’a pas été envoyé, mais il est conservé trente minutes : vous le retrouverez dans le dossier après la connexion. Les fichiers choisis, eux, sont à choisir de nouveau.',
    button: 'Se reconnecter',
  },
  ended: {
    title: 'Déconnexion',
    heading: 'Vous êtes déconnecté',
    lead: 'Votre session est fermée sur ce portail et chez votre fournisseur d’identité.',
    everywhere: 'Toutes vos sessions sont fermées, sur tous vos appareils.',
    again: 'Se connecter de nouveau',
  },
  leave: {
    title: 'Se déconnecter',
    heading: 'Se déconnecter',
    here: 'Se déconnecter de cet appareil',
    hereHint: 'Ferme cette session, et celle de ProConnect.',
    everywhere: 'Se déconnecter de tous les appareils',
    everywhereHint: 'À choisir si vous avez oublié de fermer une session ailleurs, ou perdu un ordinateur.',
    stay: 'Rester connecté',
  },
  stepUp: {
    title: 'Connexion renforcée',
    heading: 'Une connexion renforcée est demandée',
    lead: 'Votre rôle donne accès à des données sensibles : il faut un second facteur (code reçu, application ou clé de sécurité).',
    button: 'Continuer avec un second facteur',
  },
  choose: {
    title: 'Choisir une organisation',
    heading: 'Pour quelle organisation travaillez-vous ?',
    lead: 'Vous pourrez en changer à tout moment, en haut de la page.',
  },
});

/** Pages of denial: the code is the API's. */
export const denials = catalogue({
  'agent-unknown': {
    heading: 'Vous n’avez pas encore d’accès à ce portail',
    why: 'Votre identité est vérifiée, mais aucun accès n’est ouvert pour votre adresse électronique.',
    remedy: 'Demandez à l’administrateur local de votre collectivité de vous inviter, avec exactement cette adresse.',
  },
  'agent-suspended': {
    heading: 'Votre accès est suspendu',
    why: 'Un administrateur de votre collectivité a suspendu votre accès.',
    remedy: 'Adressez-vous à lui : il peut le rétablir immédiatement.',
  },
  'email-unverified': {
    heading: 'Votre adresse électronique n’est pas vérifiée',
    why: 'Le service avec lequel vous vous êtes connecté ne garantit pas que cette adresse est la vôtre.',
    remedy: 'Faites vérifier votre adresse auprès de ce service, puis recommencez.',
  },
  'acr-too-low': {
    heading: 'Une connexion plus sûre est nécessaire',
    why: 'Votre rôle demande, en plus du mot de passe, une seconde vérification : un code reçu, une application ou une clé de sécurité.',
    remedy:
      'Recommencez, et suivez la seconde vérification quand elle est proposée. Si elle ne l’est pas, parlez-en à votre service informatique.',
  },
  'siret-missing': {
    heading: 'Votre organisation n’est pas indiquée',
    why: 'La connexion n’a pas dit pour quelle organisation vous travaillez (son numéro SIRET).',
    remedy:
      'Choisissez votre organisation pendant la connexion à ProConnect, ou signalez-le à votre service informatique.',
  },
  'access-denied': {
    heading: 'Vous avez interrompu la connexion',
    why: 'La page d’identification a été quittée avant la fin.',
    remedy: 'Vous pouvez recommencer quand vous voulez.',
  },
  stale: {
    heading: 'Cette page de connexion n’est plus valable',
    why: 'La connexion a pris plus de dix minutes, ou a été commencée dans un autre onglet.',
    remedy: 'Recommencez : rien n’est perdu.',
  },
  provider: {
    heading: 'Le service d’identification ne répond pas',
    why: 'ProConnect, ou le service de connexion de votre organisation, est indisponible pour le moment.',
    remedy: 'Attendez quelques minutes, puis recommencez.',
  },
  unexpected: {
    heading: 'La connexion n’a pas abouti',
    why: 'La réponse du service d’identification n’a pas pu être vérifiée.',
    remedy:
      'Recommencez. Si cela se répète, transmettez la référence ci-dessous à l’assistance : son adresse est à la page « Aide ».',
  },
});

export const denialWords = catalogue({
  title: 'Connexion refusée',
  remedy: 'Que faire ?',
  again: 'Recommencer la connexion',
  otherAccount: 'Changer de compte',
  reference: 'Référence :',
});
