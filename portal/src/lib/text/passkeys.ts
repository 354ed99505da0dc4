/** Signing in without ProConnect: invitations, passkeys, and what goes wrong with them. */
import { catalogue } from './typography.ts';

export const passkeyText = catalogue({
  link: 'Votre organisation n’utilise pas ProConnect ? Se connecter avec une clé d’accès',
  title: 'Connexion par clé d’accès',
  heading: 'Se connecter avec votre clé d’accès',
  lead: 'Pour les agents des organisations que ProConnect n’atteint pas. Votre ordinateur ou votre téléphone vous demandera son code, votre empreinte ou votre visage.',
  button: 'Utiliser ma clé d’accès',
  none: 'Pas encore de clé, ou clé perdue ?',
  noneHint:
    'Votre administrateur local peut vous envoyer une invitation par courriel : elle permet d’en créer une. Personne d’autre ne le peut, pas même le support.',
  other: 'Se connecter avec ProConnect',
  needsScript:
    'Cette page a besoin de JavaScript, la seule de ce portail : les clés d’accès des navigateurs ne fonctionnent pas sans lui. Activez-le ici, ou essayez depuis un autre navigateur ; toutes les autres pages fonctionnent sans.',
  unsupported:
    'Ce navigateur ne sait pas utiliser de clés d’accès. Mettez-le à jour, ou essayez depuis un autre navigateur ou un autre appareil.',
  waiting: 'Suivez ce que demande votre appareil…',
  loading: 'Préparation…',
});

export const invitationText = catalogue({
  title: 'Créer ma clé d’accès',
  heading: 'Créer votre clé d’accès',
  hello: (name: string) => `Bonjour ${name}.`,
  lead: (organisations: string) =>
    `Un accès vous est ouvert pour : ${organisations}. Votre clé d’accès remplace un mot de passe : elle reste dans votre appareil, protégée par son code, votre empreinte ou votre visage.`,
  who: 'Adresse électronique',
  signature: 'Vos décisions seront signées',
  wrong: 'Ce n’est pas vous, ou votre nom est mal écrit ? N’allez pas plus loin : prévenez votre administrateur local.',
  name: 'Nom de cette clé',
  nameHint: 'Pour la reconnaître plus tard. Exemple : ordinateur de l’accueil',
  nameUsual: 'Mon ordinateur',
  nameless: (usual: string) => `Sans nom, elle s’appellera « ${usual} ».`,
  button: 'Créer ma clé et me connecter',
  once: 'Cette invitation ne sert qu’une fois.',
  gone: 'Cette invitation n’est plus valable',
  goneWhy: 'Elle a déjà servi, une plus récente l’a remplacée, ou ses sept jours sont passés.',
  goneRemedy:
    'Si vous avez déjà créé votre clé, connectez-vous avec elle. Sinon, demandez une nouvelle invitation à votre administrateur local.',
  remedy: 'Que faire ?',
});

/** What the hub or the browser said no to; the code is theirs. */
export const passkeyFaults = catalogue({
  cancelled:
    'Rien n’a été fait : la fenêtre de votre appareil a été fermée, ou a attendu trop longtemps. Vous pouvez recommencer.',
  known: 'Cet appareil a déjà une clé pour ce portail : connectez-vous avec elle.',
  'invitation-gone': 'Cette invitation a servi, a été remplacée, ou n’est plus valable : demandez-en une nouvelle.',
  'passkey-unknown':
    'Cette clé n’est pas connue ici : elle a été retirée, ou appartient à un autre site. Essayez-en une autre, ou demandez une nouvelle invitation à votre administrateur local.',
  'passkey-cloned':
    'Cette clé semble avoir été copiée : par sécurité, elle n’ouvre plus rien. Prévenez votre administrateur local, et demandez-lui une nouvelle invitation.',
  'passkey-invalid': 'La réponse de votre appareil n’a pas pu être vérifiée. Rechargez la page, puis recommencez.',
  'passkeys-off':
    'Votre organisation n’accepte pas, ou plus, les clés d’accès : connectez-vous avec ProConnect, ou parlez-en à votre administrateur local.',
  'agent-unknown': 'Votre accès à ce portail a été retiré : adressez-vous à votre administrateur local.',
  'agent-suspended': 'Votre accès est suspendu : adressez-vous à votre administrateur local.',
  'acr-too-low': 'Votre rôle demande une connexion plus sûre que la clé d’accès : connectez-vous avec ProConnect.',
  'too-many-requests': 'Trop d’essais à la suite. Attendez une minute, puis recommencez.',
  conflict:
    'Cette clé n’a pas été ajoutée : elle est déjà connue, ou vous en avez déjà dix. Dans ce cas, retirez-en une d’abord.',
  unexpected: 'Le portail ne répond pas comme prévu. Rechargez la page, puis recommencez.',
});

export const keysText = catalogue({
  tab: 'Clés d’accès',
  title: 'Vos clés d’accès',
  lead: 'Chaque clé ouvre vos organisations qui n’utilisent pas ProConnect. Ayez-en deux, sur deux appareils : si l’un tombe en panne, l’autre vous laisse entrer.',
  made: 'Créée le',
  used: 'Dernière utilisation',
  never: 'jamais depuis sa création',
  current: 'Celle de cette session',
  synced: 'Partagée entre vos appareils',
  change: 'Renommer ou retirer',
  of: (name: string) => ` : « ${name} »`,
  newName: 'Nouveau nom',
  removeOf: (name: string) => `Retirer « ${name} »`,
  removeHint: 'Une clé retirée n’ouvre plus rien, et les sessions ouvertes avec elle se ferment.',
  removeCurrent:
    'C’est la clé de cette session : en la retirant vous vous déconnectez, et vous reviendrez avec une autre.',
  rename: 'Renommer',
  onlyOne: 'C’est votre seule clé : ajoutez-en une autre avant de la retirer.',
  another: (count: number) => `Clé n° ${count}`,
  empty: 'Vous n’avez pas encore de clé d’accès.',
  add: 'Ajouter une clé',
  nameHint: 'Pour la reconnaître plus tard. Exemple : clé du coffre',
  addLead: 'Sur cet appareil, sur votre téléphone, ou sur une clé de sécurité.',
  addButton: 'Créer une autre clé',
  known:
    'Cet appareil a déjà une clé pour ce portail : ajoutez l’autre sur un autre appareil, ou sur une clé de sécurité.',
  added: (name: string) => `Clé « ${name} » ajoutée.`,
  renamed: 'Nom enregistré.',
  removed: (name: string) => `Clé « ${name} » retirée : elle n’ouvre plus rien.`,
  gone: 'Cette clé a déjà été retirée.',
  missing: 'Donnez un nom à cette clé',
  tooLong: 'Le nom d’une clé ne peut pas dépasser 60 caractères',
});
