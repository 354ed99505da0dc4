/** Pages that the law, or good manners, ask for. What only an operator can know, it says by its own settings. */
import { catalogue } from './typography.ts';

export const accessibilityText = catalogue({
  title: 'Accessibilité',
  heading: 'Déclaration d’accessibilité',
  state: 'État de conformité : non conforme',
  stateText:
    'Le portail des agents de Relais est déclaré non conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2), en application de l’article 47 de la loi n° 2005-102 du 11 février 2005.',
  why: 'Pourquoi cette mention',
  whyText:
    'Aucune personne qualifiée n’a encore audité ce portail, ni avec un lecteur d’écran, ni critère par critère. Une déclaration de conformité sans audit serait fausse : la mention reste « non conforme » jusqu’à cet audit, même si aucun défaut n’est connu.',
  done: 'Ce qui est vérifié à chaque version',
  doneList: {
    tool: 'Toutes les pages passent un outil automatique (axe, règles WCAG 2.2 de niveaux A et AA) : aucune violation n’est admise. Un outil ne trouve qu’une partie des défauts.',
    script: 'Les tâches courantes sont faites au clavier, et avec JavaScript coupé.',
    look: 'Les pages sont vérifiées en clair, en sombre et à la largeur d’un téléphone, sans défilement horizontal.',
    grid: 'Une grille des critères du RGAA est tenue avec le code ; elle dit ce que personne n’a vérifié.',
  },
  not: 'Contenus non accessibles',
  notList: {
    files: 'Les fichiers joints aux dossiers viennent de tiers : leur accessibilité n’est pas garantie.',
    preview: 'L’aperçu d’un PDF dépend du lecteur du navigateur ; le téléchargement est toujours proposé à côté.',
    unknown: 'Les défauts que seul un audit humain trouverait ne sont pas connus.',
  },
  made: 'Établissement de cette déclaration',
  madeText: 'Cette déclaration a été établie le 26 novembre 2026, d’après des vérifications automatiques.',
  tools: 'Technologies : HTML, CSS, JavaScript facultatif, SVG. Navigateur de vérification : Chromium.',
  reach: 'Pour joindre le support :',
  contact: 'Signaler un obstacle',
  contactText:
    'Si un obstacle vous empêche de travailler, dites-le à l’administrateur local de votre organisation ou au support de l’exploitant : la page concernée et ce que vous vouliez faire suffisent. Une autre manière de faire votre travail vous sera proposée.',
  defender: 'Voies de recours',
  defenderText:
    'Sans réponse satisfaisante, vous pouvez écrire au Défenseur des droits : formulaire en ligne sur son site, délégué de votre région, ou courrier gratuit, sans timbre, à « Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07 ».',
});

export const notice = catalogue({
  title: 'Mentions légales',
  heading: 'Mentions légales',
  parts: {
    editor: 'Éditeur',
    editorText:
      'Ce portail est édité par l’organisme qui exploite ce service Relais. Son nom, son adresse et son directeur de la publication ne sont pas renseignés : ils doivent l’être avant l’ouverture du service.',
    host: 'Hébergement',
    hostText:
      'L’hébergeur est celui que l’exploitant a choisi. Son nom, son adresse et son numéro de téléphone ne sont pas renseignés : ils doivent l’être avant l’ouverture du service.',
    contact: 'Contact',
    contactText:
      'Les coordonnées du support ne sont pas renseignées : elles doivent l’être avant l’ouverture du service. D’ici là, adressez-vous à l’administrateur local de votre organisation.',
    software: 'Logiciel',
    softwareText:
      'Relais est un logiciel libre, sous licence MIT. Le thème de ce portail est neutre : il n’emploie aucune marque de l’État.',
    links: 'Liens',
    linksText: 'Un lien vers toute page publique de ce portail est permis sans autorisation.',
    security: 'Sécurité',
    securityText:
      'Une faille se signale à l’adresse que donne le fichier /.well-known/security.txt de ce site. Merci de ne pas la publier avant sa correction.',
    law: 'Droit applicable',
    lawText: 'Ce portail est régi par le droit français.',
  },
});

export const privacy = catalogue({
  title: 'Données personnelles',
  heading: 'Données personnelles',
  parts: {
    who: 'Qui est responsable',
    whoText:
      'Pour les dossiers : l’organisme responsable de chaque démarche, et l’organisation qui les instruit. Pour les comptes des agents : l’exploitant du service.',
    cases: 'Les dossiers',
    casesText:
      'Ils sont transmis pour l’accomplissement d’une démarche, affichés aux seuls agents habilités pour celle-ci, conservés le temps qu’elle fixe, puis supprimés. Les fichiers peuvent l’être avant le dossier. Une liste exportée est effacée du service après 72 heures. Un message qui n’a pas pu être envoyé attend trente minutes, chiffré, avec ses fichiers.',
    agents: 'Les comptes des agents',
    agentsText:
      'Adresse électronique, nom et prénom, SIRET de l’organisation : transmis par ProConnect à la connexion. Qualité, service et préférences : écrits par l’agent. Ils servent à ouvrir l’accès et à signer les décisions. Un accès retiré reste connu, pour que l’historique des dossiers garde ses auteurs.',
    log: 'Les traces',
    logText:
      'L’ouverture d’un fichier et les actions sur un dossier sont écrites dans son historique : qui, quoi, quand. Les journaux techniques ne contiennent ni nom, ni adresse électronique.',
    mail: 'Les courriels',
    mailText:
      'Les messages aux agents ne contiennent aucune donnée des usagers : seulement le nombre de dossiers, la démarche, et l’adresse du portail.',
    third: 'Les tiers',
    thirdText:
      'Aucun service tiers n’est appelé par les pages. La connexion passe par ProConnect, qui a ses propres conditions.',
    rights: 'Vos droits',
    rightsText:
      'Les droits d’accès, de rectification, d’opposition et de limitation s’exercent auprès du responsable indiqué plus haut, ou de son délégué à la protection des données. Vous pouvez aussi vous adresser à la Commission nationale de l’informatique et des libertés (CNIL).',
  },
});

export const cookiesText = catalogue({
  title: 'Cookies',
  heading: 'Cookies',
  lead: 'Ce portail ne dépose que des cookies nécessaires à son fonctionnement. Aucune mesure d’audience, aucun service tiers : aucun consentement n’est à demander.',
  caption: 'Les cookies de ce portail',
  name: 'Nom',
  use: 'À quoi il sert',
  life: 'Durée',
  list: {
    session: { name: 'relais-session', use: 'Tient la session ouverte', life: 'Douze heures au plus' },
    dance: { name: 'relais-connexion', use: 'Protège la connexion pendant qu’elle a lieu', life: 'Dix minutes' },
    end: { name: 'relais-fin', use: 'Permet de se déconnecter aussi de ProConnect', life: 'Douze heures au plus' },
    choice: {
      name: 'relais-organisation',
      use: 'Retient l’organisation choisie',
      life: 'Jusqu’à la fermeture du navigateur',
    },
    notice: { name: 'relais-avis', use: 'Affiche le résultat de votre dernière action', life: 'Une minute' },
    shortcuts: { name: 'relais-raccourcis', use: 'Retient que les raccourcis du clavier sont coupés', life: 'Un an' },
  },
});

export const siteMap = catalogue({
  title: 'Plan du site',
  heading: 'Plan du site',
  open: 'Pages ouvertes à tous',
  own: 'Pages des agents connectés',
  signIn: 'Connexion',
  invite: 'Inviter un collègue',
});
