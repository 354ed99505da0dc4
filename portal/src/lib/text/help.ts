/** The help: what is done most, in steps. Each has an anchor that pages lead to. */
import { catalogue } from './typography.ts';

export const help = catalogue({
  title: 'Aide',
  heading: 'Aide',
  lead: 'Chaque tâche tient en moins de deux minutes. Tout fonctionne aussi au clavier et sans JavaScript.',
  tasks: 'Les tâches',
  where: 'Aller à cette page',
  contact: 'Besoin d’aide ?',
  contactText:
    'Adressez-vous à l’administrateur local de votre organisation, en indiquant le numéro du dossier et ce que vous vouliez faire. Si une page affiche une référence, recopiez-la : elle permet de retrouver ce qui s’est passé.',
  reach: 'Pour joindre le support :',
  obstacle: 'Un obstacle d’accessibilité ?',
  obstacleLink: 'Le signaler',
});

export interface Task {
  id: string;
  title: string;
  steps: string[];
  note?: string;
  href?: string;
}

const texts = catalogue({
  connexion: {
    title: 'Me connecter et choisir mon organisation',
    a: 'Cliquez sur « S’identifier avec ProConnect » et choisissez votre compte professionnel.',
    b: 'Vous travaillez pour plusieurs communes ? Ouvrez le menu qui porte le nom de l’organisation, en haut de la page.',
    c: 'Choisissez une commune, ou « Toutes mes communes » pour voir tous les dossiers ensemble.',
    note: 'Une session se ferme après trente minutes sans activité, et douze heures au plus après la connexion. Vous revenez ensuite à la page où vous étiez.',
  },
  ouvrir: {
    title: 'Ouvrir le dossier qui attend depuis le plus longtemps',
    a: 'Sur l’accueil, cliquez sur « Ouvrir le plus ancien ».',
    b: 'Ou, dans « Dossiers », cliquez sur le premier numéro de la liste : les plus anciens sont en haut.',
    note: 'Un dossier jamais ouvert est en gras. L’ouvrir ne prévient personne : seul « Accuser réception » le fait.',
  },
  accuser: {
    title: 'Accuser réception et prendre tous les fichiers',
    a: 'Ouvrez le dossier.',
    b: 'Cliquez sur « Accuser réception » : l’émetteur sait que vous l’avez.',
    c: 'Cliquez sur « Tout télécharger (ZIP) » : toutes les pièces, un bordereau et leurs empreintes.',
    note: 'Les fichiers ne sont pas analysés par l’antivirus : n’ouvrez que ceux que vous attendez.',
  },
  chercher: {
    title: 'Retrouver un dossier',
    a: 'Dans « Dossiers », écrivez un nom, un numéro ou le nom d’un fichier, puis « Chercher ».',
    b: 'Les accents et les majuscules ne comptent pas ; le début d’un mot suffit.',
    c: '« Plus de filtres » ajoute la démarche, les dates, l’échéance et la personne qui s’en occupe.',
    note: 'L’adresse de la page contient la recherche : vous pouvez la garder en favori, ou l’envoyer à un collègue.',
  },
  lire: {
    title: 'Lire la demande et copier une information',
    a: 'La demande est affichée en haut du dossier, avec des mots français.',
    b: 'Le bouton « Copier » à côté d’une information la met dans le presse-papiers, prête à coller dans un autre logiciel.',
    note: 'Sans JavaScript, il n’y a pas de bouton : sélectionnez le texte à la souris ou au clavier.',
  },
  decider: {
    title: 'Terminer un dossier, ou le refuser',
    a: 'Dans le dossier, « Traiter et suivant » le termine et ouvre le suivant de la liste.',
    b: 'Pour un autre état, ouvrez « Changer l’état », choisissez, et écrivez le message à l’émetteur s’il est demandé.',
    c: 'Si le dossier n’est pas pour vous, « Ce dossier ne relève pas de ma commune » le renvoie avec ce motif.',
    note: 'Un refus est toujours motivé. Si un collègue a décidé avant vous, rien n’est envoyé et la page vous le dit.',
  },
  attribuer: {
    title: 'Prendre un dossier, ou le donner à un collègue',
    a: 'Dans le dossier, sous « Qui s’en occupe ? », cliquez sur « Prendre en charge » : vos collègues voient votre nom dans la liste.',
    b: 'Pour le donner, ouvrez « Attribuer à un collègue », choisissez son nom, puis « Attribuer ».',
    c: '« Libérer le dossier » le rend à tous.',
    d: 'Dans la liste, « Plus de filtres », puis « Attribué à » montre vos dossiers, ceux d’un collègue, ou ceux de personne.',
    note: 'Un dossier attribué peut encore être traité par un autre collègue. Si deux personnes l’ont ouvert en même temps, la page le dit à chacune.',
  },
  lot: {
    title: 'Traiter vingt dossiers semblables d’un coup',
    a: 'Dans « Dossiers », cochez les dossiers, ou la case du titre pour toute la page.',
    b: 'Pour aller plus loin que la page, cochez « Sélectionner les dossiers du filtre » dans la barre qui apparaît.',
    c: 'Cliquez sur l’action : « Accuser réception », « Marquer comme traités », « Refuser » ou « Attribuer ».',
    d: 'La page suivante dit combien de dossiers seront traités, et lesquels sont exclus : cliquez sur « Lancer ».',
    note: 'Le résultat est donné ligne par ligne. « Tout annuler » reprend ce qui n’est pas encore parti. Les demandes d’usagers reçoivent leur accusé de réception, comme une par une.',
  },
  completer: {
    title: 'Demander des pièces manquantes, et voir la réponse',
    a: 'Dans le dossier, ouvrez « Demander des pièces ».',
    b: 'Cochez ce qui manque, ajoutez vos précisions, puis envoyez : le dossier passe « En attente de compléments ».',
    c: 'Quand la réponse arrive, le dossier porte « Réponse reçue » dans la liste, et ses nouveaux fichiers sont avec les autres.',
    note: 'Toutes les démarches ne le permettent pas : le bouton n’apparaît que pour celles qui l’acceptent. Jusqu’à l’envoi, trente secondes plus tard, la demande s’annule.',
  },
  ecrire: {
    title: 'Écrire à l’émetteur, avec des fichiers',
    a: 'Dans le dossier, sous « Échanges », ouvrez « Écrire à l’émetteur ».',
    b: 'Écrivez le message, puis choisissez les fichiers : plusieurs à la fois, dix au plus.',
    c: 'Cliquez sur « Envoyer » : le message et ses fichiers partent ensemble, ou pas du tout.',
    note: 'Si un collègue a changé l’état du dossier pendant que vous écriviez, rien ne part : la page dit ce qui s’est passé, votre texte et vos fichiers sont conservés trente minutes, et vous pouvez les envoyer quand même.',
  },
  exporter: {
    title: 'Exporter la liste filtrée, imprimer un bordereau',
    a: 'Dans « Dossiers », filtrez la liste comme vous le voulez.',
    b: 'Cliquez sur « Exporter en tableur », ou « en CSV » pour un autre logiciel. Une longue liste se prépare pendant que vous continuez.',
    c: '« Exports récents » garde le fichier trois jours, pour toute l’équipe ; un téléchargement interrompu reprend où il en était.',
    d: 'Dans un dossier, « Imprimer le bordereau » en fait un PDF, avec la liste des pièces et leurs empreintes. Pour plusieurs, cochez-les dans la liste.',
    note: 'Un export contient des données personnelles : ne le gardez pas plus longtemps que nécessaire. Pour retrouver une liste filtrée, « Enregistrer cette vue » lui donne un nom.',
  },
  signature: {
    title: 'Compléter ma qualité et mon service',
    a: 'Cliquez sur votre nom, en haut de la page.',
    b: 'Écrivez votre qualité et votre service, puis enregistrez.',
    note: 'La loi veut que toute décision porte le prénom, le nom, la qualité et le service de son auteur (code des relations entre le public et l’administration, article L. 212-1).',
  },
  prevenir: {
    title: 'Être prévenu par courriel',
    a: 'Cliquez sur votre nom, puis sur « Notifications ».',
    b: 'Choisissez, pour chaque démarche : aucun message, à l’arrivée des dossiers, ou un message chaque matin.',
    note: 'Le message du matin ne part que s’il reste des dossiers à traiter.',
  },
  absence: {
    title: 'Indiquer une absence',
    a: 'Cliquez sur votre nom, puis sur « Absence ».',
    b: 'Choisissez le premier jour, le dernier, et le collègue qui vous remplace.',
    c: 'Il trouve vos dossiers dans les siens (« Attribué à : Moi »), les nouveaux aussi ; au retour, ils sont de nouveau les vôtres.',
    note: 'Un administrateur local peut l’indiquer pour vous. Aucun dossier n’est modifié : seul change celui qui s’en occupe.',
  },
  modeles: {
    title: 'Utiliser un modèle de texte',
    a: 'Dans le dossier, ouvrez le message, la demande de pièces ou le refus.',
    b: 'Choisissez un modèle, puis « Utiliser » : il s’ajoute à ce que vous avez écrit, avec le numéro et le nom du demandeur.',
    c: 'Relisez, corrigez, puis envoyez.',
    note: 'Les administrateurs locaux écrivent les modèles dans « Organisation », « Modèles ».',
  },
  inviter: {
    title: 'Inviter un collègue pour une démarche',
    a: 'Dans « Organisation », cliquez sur « Inviter un collègue ».',
    b: 'Écrivez son adresse électronique professionnelle : celle de son compte ProConnect.',
    c: 'Choisissez son rôle et cochez ses démarches, puis envoyez.',
    note: 'Réservé aux administrateurs locaux. Votre collègue reçoit un courriel et peut se connecter aussitôt. Vous pouvez changer ses droits, ou les retirer, à tout moment.',
  },
  abonnements: {
    title: 'Activer, suspendre ou régler un abonnement',
    a: 'Dans « Organisation », ouvrez « Abonnements », puis « Régler » en face de la démarche.',
    b: 'Activer : les dossiers arrivent tout de suite, ou à la date choisie.',
    c: 'Suspendre : les nouveaux dossiers sont gardés, et arrivent quand vous réactivez.',
    d: 'Passer à votre logiciel : les dossiers non terminés lui sont notifiés de nouveau, aucun n’est perdu.',
    note: 'Réservé aux administrateurs locaux.',
  },
  fermer: {
    title: 'Fermer toutes mes sessions',
    a: 'Cliquez sur votre nom, puis sur « Se déconnecter partout ».',
    b: 'Confirmez chez ProConnect.',
    note: 'À faire si vous avez perdu un ordinateur, ou oublié de vous déconnecter ailleurs.',
  },
});

const HREFS: Readonly<Record<string, string>> = {
  ouvrir: '/accueil',
  chercher: '/dossiers',
  lot: '/dossiers',
  exporter: '/exports',
  signature: '/compte',
  prevenir: '/compte/notifications',
  absence: '/compte/absence',
  modeles: '/organisation/modeles',
  inviter: '/organisation/agents/inviter',
  abonnements: '/organisation/abonnements',
  fermer: '/compte',
};

/** In the order of a day's work. */
export const helpTasks: Task[] = Object.entries(texts).map(([id, { title, note, ...steps }]) => ({
  id,
  title,
  note,
  steps: Object.values(steps),
  ...(HREFS[id] && { href: HREFS[id] }),
}));
