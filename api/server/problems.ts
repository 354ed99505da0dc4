/**
 * The one table of what `/relais/v1` refuses (RFC 9457): HTTP status, title, and what to do. A code is the last part
 * of a problem's `type`, and never changes its meaning.
 */
export const PROBLEMS = {
  'form-invalid': [
    400,
    'La requête n’a pas la forme attendue',
    'Corriger ce que `errors` désigne, d’après /openapi.json, puis renvoyer la requête.',
  ],
  'digest-mismatch': [
    400,
    'L’empreinte annoncée n’est pas celle des octets reçus',
    'Calculer Content-Digest (sha-256, RFC 9530) sur les octets envoyés, puis renvoyer la requête.',
  ],
  'token-missing': [
    401,
    'Aucun jeton d’accès',
    'Demander un jeton à /oauth2/token et l’envoyer dans l’en-tête Authorization: Bearer.',
  ],
  'token-invalid': [401, 'Jeton d’accès inconnu, expiré ou révoqué', 'Demander un nouveau jeton à /oauth2/token.'],
  'session-over': [401, 'Cette session est terminée', 'Se connecter de nouveau.'],
  forbidden: [
    403,
    'Ces identifiants ne donnent pas ce droit',
    'Vérifier l’organisation, les démarches et les droits (read, write) des identifiants auprès de l’administration.',
  ],
  'agent-unknown': [
    403,
    'Aucune habilitation pour cette personne',
    'Demander une invitation à l’administrateur de l’organisation, à l’adresse de connexion.',
  ],
  'agent-suspended': [403, 'Cet accès est suspendu', 'S’adresser à l’administration de la plateforme.'],
  'email-unverified': [
    403,
    'L’adresse de cette personne n’est pas vérifiée',
    'Faire vérifier l’adresse par le fournisseur d’identité, puis se connecter de nouveau.',
  ],
  'acr-too-low': [
    403,
    'Cette connexion n’a pas le niveau demandé',
    'Se connecter de nouveau en demandant le niveau que `acr` donne (acr_values).',
  ],
  'siret-missing': [
    403,
    'Le fournisseur d’identité ne dit pas de quelle organisation est cette personne',
    'Rattacher le compte à l’organisation auprès du fournisseur d’identité, ou demander une invitation.',
  ],
  'passkey-unknown': [
    403,
    'Cette clé d’accès n’est connue de personne ici',
    'Choisir une autre clé, ou demander une nouvelle invitation à l’administrateur de l’organisation.',
  ],
  'passkeys-off': [
    403,
    'Aucune organisation de cette personne n’a de clés d’accès',
    'Se connecter par le fournisseur d’identité ; l’administration de la plateforme permet les clés d’accès.',
  ],
  'not-found': [404, 'Rien à cette adresse', 'Vérifier le chemin et l’identifiant d’après /openapi.json.'],
  'recipient-unknown': [
    404,
    'Aucune organisation n’est enregistrée pour cette commune',
    'Vérifier le code INSEE, ou demander à l’administration d’enregistrer la commune.',
  ],
  'consumer-unknown': [404, 'Aucun consommateur de ce nom', 'Lire ceux qu’il y a : GET /relais/v1/feed/consumers.'],
  'webhook-unknown': [404, 'Aucun webhook de cet identifiant', 'Lire ceux qu’il y a : GET /relais/v1/webhooks.'],
  'method-not-allowed': [405, 'Méthode refusée à cette adresse', 'Employer une méthode de l’en-tête Allow.'],
  'body-timeout': [
    408,
    'Le corps de la requête a cessé d’arriver',
    'Renvoyer la même requête, avec la même clé d’idempotence.',
  ],
  'idempotency-in-progress': [
    409,
    'Une requête de la même clé d’idempotence est en cours',
    'Attendre sa réponse, ou répéter la requête après le délai de Retry-After.',
  ],
  'file-exists': [
    409,
    'Un autre fichier porte déjà cet identifiant',
    'Choisir un autre identifiant : un fichier envoyé ne change plus.',
  ],
  'recipient-ambiguous': [
    409,
    'Plusieurs organisations peuvent recevoir cette démarche dans cette commune',
    'Nommer le destinataire par son identité, parmi celles que `detail` donne.',
  ],
  'position-ahead': [
    409,
    'Cette position du fil n’existe pas encore',
    'Reprendre d’une position reçue du fil. Si celle-ci en vient, signaler `correlationId` au support.',
  ],
  'limit-reached': [409, 'Une limite de l’organisation est atteinte', 'Supprimer ce qui ne sert plus, puis répéter.'],
  'agent-exists': [
    409,
    'Cette personne est déjà un agent de l’organisation',
    'Changer ses droits : PATCH /relais/v1/agents/{agentId}.',
  ],
  'last-administrator': [
    409,
    'C’est le dernier administrateur de l’organisation',
    'Nommer d’abord un autre administrateur, puis répéter.',
  ],
  'passkey-cloned': [
    409,
    'Cette clé d’accès semble avoir été copiée',
    'La retirer, et demander une nouvelle invitation à l’administrateur de l’organisation.',
  ],
  'last-passkey': [409, 'C’est la seule clé d’accès de cette personne', 'En ajouter d’abord une autre, puis répéter.'],
  'sign-in-unconfigured': [
    409,
    'La connexion des agents n’est pas configurée',
    'Donner le fournisseur d’identité à la plateforme : HUB_OIDC_ISSUER et HUB_OIDC_CLIENT_ID.',
  ],
  conflict: [409, 'L’état actuel ne le permet pas', 'Relire l’objet, puis décider de nouveau.'],
  'folder-gone': [
    410,
    'Le télédossier de cette clé d’idempotence a été supprimé depuis',
    'Ne rien renvoyer : il avait été remis. Pour un nouveau dépôt, prendre une autre clé.',
  ],
  'invitation-gone': [
    410,
    'Cette invitation a servi, a été remplacée, ou n’est plus valable',
    'Demander une nouvelle invitation à l’administrateur de l’organisation.',
  ],
  'link-gone': [
    410,
    'Ce lien n’est plus valable',
    'Se connecter au portail, et régler ses courriels dans « Mon compte », « Notifications ».',
  ],
  'decision-gone': [410, 'Cette décision est partie', 'Relire le dossier : elle y est.'],
  'position-gone': [
    410,
    'Cette position du fil n’est plus conservée',
    'Relire l’état des dossiers par l’API, puis reprendre après la position que donne Relais-Oldest-Position.',
  ],
  'precondition-failed': [
    412,
    'La condition de la requête n’est pas remplie',
    'L’objet existe déjà : ne pas le renvoyer, ou retirer If-None-Match.',
  ],
  'case-moved': [
    412,
    'Le dossier a changé, ou une décision va partir',
    'Relire le dossier et GET /relais/v1/cases/{caseId}/desk, puis décider de nouveau.',
  ],
  'too-large': [413, 'La requête dépasse une limite', 'Réduire ce que `detail` désigne, ou le répartir.'],
  'uri-too-long': [414, 'Adresse trop longue', 'Raccourcir le chemin ou la requête.'],
  'media-type-unsupported': [
    415,
    'Type de corps non accepté',
    'Envoyer un des types que /openapi.json décrit pour cette opération.',
  ],
  'range-unsatisfiable': [416, 'Partie demandée hors du fichier', 'Demander une partie qui existe.'],
  'rules-not-met': [
    422,
    'Le dépôt ne respecte pas les règles de la démarche',
    'Corriger ce que `errors` désigne, puis renvoyer le dépôt ; la même clé d’idempotence peut servir.',
  ],
  'idempotency-key-reused': [
    422,
    'Cette clé d’idempotence a servi à une autre requête',
    'Prendre une nouvelle clé pour chaque dépôt différent ; renvoyer le corps à l’identique pour une reprise.',
  ],
  'file-unusable': [
    422,
    'Un fichier désigné ne peut pas servir',
    'L’envoyer par PUT /relais/v1/files/{id} ; un fichier ne sert qu’à un télédossier et se garde 24 heures.',
  ],
  'sign-in-invalid': [
    422,
    'Ce que le fournisseur d’identité a signé n’est pas acceptable',
    'Recommencer la connexion depuis le début ; si cela se répète, vérifier l’émetteur et le client configurés.',
  ],
  'passkey-invalid': [
    422,
    'Ce que la clé d’accès a signé n’est pas acceptable',
    'Recommencer depuis le début ; si cela se répète, vérifier HUB_PORTAL_URL.',
  ],
  'agent-unfit': [
    422,
    'Le dossier ne peut pas être attribué à cet agent',
    'Choisir parmi GET /relais/v1/colleagues un agent habilité pour la démarche.',
  ],
  'webhook-unproved': [
    422,
    'L’adresse n’a pas passé l’épreuve',
    'Répondre 200 au défi, en 10 s au plus, avec {"challenge": …} ; docs/webhooks.md le décrit.',
  ],
  'websocket-expected': [426, 'Cette adresse est celle d’un WebSocket', 'Ouvrir un WebSocket : voir /asyncapi.json.'],
  'idempotency-key-missing': [
    428,
    'Aucune clé d’idempotence',
    'Ajouter une clé propre à ce dépôt (un UUID par exemple) : en-tête Idempotency-Key, ou idempotencyKey par ligne.',
  ],
  'too-many-requests': [
    429,
    'Trop de requêtes à la fois',
    'Attendre des réponses avant d’envoyer de nouvelles requêtes ; répéter celle-ci après le délai de Retry-After.',
  ],
  'header-too-large': [431, 'En-tête trop long', 'Raccourcir l’en-tête que `detail` désigne.'],
  internal: [500, 'Erreur interne', 'Répéter la requête, puis signaler `correlationId` au support.'],
  'provider-unavailable': [
    503,
    'Le fournisseur d’identité ne répond pas',
    'Répéter la même requête après le délai de Retry-After.',
  ],
  'index-off': [
    503,
    'Ce service ne tient pas de listes',
    'Lire les notifications et les dossiers un à un, ou demander à l’exploitant de remettre HUB_INDEX=on.',
  ],
  'access-unlogged': [
    503,
    'Cette consultation n’a pas pu être journalisée',
    'Répéter la même requête après le délai de Retry-After ; si cela dure, signaler `correlationId` au support.',
  ],
  busy: [
    503,
    'Le service est occupé',
    'Répéter la même requête, avec la même clé d’idempotence, après le délai de Retry-After.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, action: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Where `type` leads: a page for people, JSON for programs. */
export const PROBLEM_PATH = '/relais/v1/problems/';

/** One fault of a body: where (JSON Pointer, RFC 6901), and what. */
export interface FaultAt {
  pointer: string;
  detail: string;
}

/** A refusal of the native API. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: readonly FaultAt[] | undefined;
  /** level a sign-in must have */
  readonly acr: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    code: ProblemCode,
    detail?: string,
    more: { errors?: readonly FaultAt[]; headers?: Readonly<Record<string, string>>; acr?: string } = {},
  ) {
    super(detail ?? code);
    this.name = 'Problem';
    this.code = code;
    this.status = PROBLEMS[code][0];
    this.detail = detail;
    this.errors = more.errors;
    this.acr = more.acr;
    this.headers = more.headers;
  }
}

/** What of a problem is told. */
export type Told = Pick<Problem, 'code' | 'detail' | 'errors'> & Partial<Pick<Problem, 'acr'>>;

/** What a problem says (RFC 9457 §3), without the request's own members. */
export function problemBody({ code, detail, errors, acr }: Told) {
  const [status, title, action] = PROBLEMS[code];
  return {
    type: PROBLEM_PATH + code,
    title,
    status,
    ...(detail && { detail }),
    action,
    ...(errors && { errors }),
    ...(acr && { acr }),
  };
}
