import { catalogue } from './typography.ts';

export const legal = catalogue({
  accessibility: {
    title: 'Accessibilité',
    heading: 'Déclaration d’accessibilité : non conforme',
    state: 'Ce portail est déclaré non conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2).',
    why: 'Aucune personne qualifiée ne l’a encore audité, ni avec un lecteur d’écran, ni critère par critère. Une déclaration de conformité sans audit serait fausse.',
    done: 'Ce qui est vérifié à chaque version : les pages sont passées à un outil automatique (règles WCAG 2.2, niveaux A et AA), parcourues avec JavaScript coupé, et regardées en clair, en sombre et à la largeur d’un téléphone.',
    contact:
      'Un obstacle vous empêche de travailler ? Dites-le à votre administrateur local ou au support : la page concernée et ce que vous vouliez faire suffisent.',
    defender: 'Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits.',
  },
  notice: {
    title: 'Mentions légales',
    heading: 'Mentions légales',
    text: 'L’éditeur et l’hébergeur de ce portail sont l’organisme qui l’exploite. Il complète cette page avant l’ouverture du service.',
  },
  privacy: {
    title: 'Données personnelles',
    heading: 'Données personnelles',
    cases:
      'Les dossiers sont transmis pour l’accomplissement d’une démarche. Ils sont conservés le temps fixé par celle-ci, puis supprimés.',
    log: 'L’ouverture d’un dossier et le téléchargement d’un fichier sont journalisés : qui, quoi, quand.',
    rights:
      'Les droits d’accès, de rectification et d’opposition s’exercent auprès de l’organisme responsable de la démarche.',
  },
  cookies: {
    title: 'Cookies',
    heading: 'Cookies',
    text: 'Ce portail dépose un seul cookie, nécessaire à la connexion, et un second pendant la connexion elle-même. Aucune mesure d’audience, aucun service tiers : aucun consentement n’est à demander.',
  },
  help: {
    title: 'Aide',
    heading: 'Aide',
    open: 'Ouvrir un dossier',
    openText:
      'Cliquez sur son numéro dans la liste. Les informations de la demande sont affichées en haut, les fichiers en dessous.',
    acknowledge: 'Accuser réception',
    acknowledgeText: 'Le bouton « Accuser réception » prévient l’émetteur que votre collectivité a bien le dossier.',
    files: 'Récupérer les fichiers',
    filesText:
      'Le bouton « Tout télécharger » donne un fichier ZIP avec toutes les pièces, un bordereau et les empreintes.',
    finish: 'Terminer un dossier',
    finishText:
      'Choisissez « Traité » ou « Refusé ». « Traiter et suivant » ouvre aussitôt le dossier suivant de la liste.',
    contact: 'Besoin d’aide ?',
    contactText: 'Adressez-vous à l’administrateur local de votre collectivité, en indiquant le numéro du dossier.',
  },
});
