import { type Static, Type } from 'typebox';
import { oneOf, optional, orNull, text, textOrNull, uuid } from '#api/schemas/fields.ts';
import { COMMUNE, DAY } from '#api/schemas/hold.ts';
import { Identity, Recipient } from '#api/schemas/identity.ts';
import { NewApplicant } from '#api/schemas/person.ts';
import { compile } from '#api/schemas/validate.ts';
import { PROBLEMS } from '#api/server/problems.ts';

/** Longest idempotency key, characters. */
export const KEY_LENGTH = 255;

/** A recipient named by what it is competent for; the démarche is the deposit's. */
const Competence = Type.Object(
  {
    commune: Type.String({
      pattern: COMMUNE,
      maxLength: 5,
      description: 'code INSEE, actuel ou ancien, d’une commune ou d’un arrondissement',
    }),
    date: optional(
      Type.String({
        pattern: DAY,
        maxLength: 10,
        description: 'jour auquel le destinataire doit être compétent ; absent : celui du dépôt',
      }),
    ),
  },
  { title: 'Competence', description: 'Destinataire désigné par sa compétence pour la démarche, à une date' },
);

const NewDepositCase = Type.Object(
  {
    recipient: optional(Recipient),
    competence: optional(Competence),
    externalId: text(100),
    partnerAttributes: optional(textOrNull(1024)),
  },
  { title: 'NewDepositCase', description: 'Dossier : son destinataire, par un seul de recipient et competence' },
);

const NewDepositAttachment = Type.Object(
  {
    fileName: text(255),
    type: text(100),
    mimeType: optional(Type.String({ maxLength: 255, description: 'absent : celui du fichier désigné' })),
    size: optional(Type.Integer({ minimum: 0, description: 'octets ; vérifié s’il est donné' })),
    recipients: optional(
      Type.Array(text(100), { minItems: 1, description: 'externalId des cases ; absent : tous les cases' }),
    ),
    content: optional(Type.String({ description: 'le fichier lui-même, en base64' })),
    part: optional(Type.String({ maxLength: 255, description: 'nom de la partie multipart qui est le fichier' })),
    file: optional(
      Type.String({ format: 'uuid', description: 'identifiant d’un fichier envoyé par PUT /relais/v1/files/{id}' }),
    ),
  },
  { title: 'NewDepositAttachment', description: 'Pièce jointe : un seul de content, part et file' },
);
export type NewDepositAttachment = Static<typeof NewDepositAttachment>;

const deposit = {
  processCode: text(30),
  externalId: text(30),
  applicant: NewApplicant,
  cases: Type.Array(NewDepositCase, { minItems: 1 }),
  attachments: Type.Array(NewDepositAttachment, { minItems: 1 }),
};

/** A whole deposit, files included or named. */
export const NewDeposit = Type.Object(deposit, {
  title: 'NewDeposit',
  description: 'Télédossier à déposer en un appel, fichiers compris ou désignés',
});
export type NewDeposit = Static<typeof NewDeposit>;

/** One line of a batch. */
export const NewDepositLine = Type.Object(
  { idempotencyKey: Type.String({ minLength: 1, maxLength: KEY_LENGTH, pattern: '^[!-~]+$' }), ...deposit },
  { title: 'NewDepositLine', description: 'Une ligne d’un lot : un télédossier et sa clé d’idempotence' },
);
export type NewDepositLine = Static<typeof NewDepositLine>;

const accepted = {
  id: uuid(),
  cases: Type.Array(Type.Object({ id: uuid(), externalId: text(100), recipient: Identity })),
  attachments: Type.Array(Type.Object({ id: uuid(), fileName: text(255) })),
};

export const Deposited = Type.Object(accepted, {
  title: 'Deposited',
  description: 'Télédossier remis à ses destinataires, ou gardé pour ceux qui ne sont pas encore abonnés',
});

const FaultAt = Type.Object({ pointer: text(1024), detail: text(1024) }, { title: 'ProblemFault' });

const problem = {
  type: text(100),
  title: text(255),
  status: Type.Integer(),
  detail: optional(text(2048)),
  action: text(1024),
  errors: optional(Type.Array(FaultAt)),
  acr: optional(Type.String({ maxLength: 20, description: 'acr-too-low : niveau que la connexion doit avoir' })),
};

/** RFC 9457. */
export const ProblemShape = Type.Object(
  { ...problem, instance: optional(text(8192)), correlationId: text(100) },
  { title: 'Problem', description: 'Refus (RFC 9457) : ce qui ne va pas, et que faire' },
);

/** Answers of a route that are problems. */
export const problems = (...statuses: number[]) => Object.fromEntries(statuses.map((status) => [status, ProblemShape]));

export const LineAnswer = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    idempotencyKey: textOrNull(KEY_LENGTH),
    status: Type.Integer(),
    id: optional(accepted.id),
    cases: optional(accepted.cases),
    attachments: optional(accepted.attachments),
    problem: optional(orNull(Type.Object(problem, { title: 'LineProblem' }))),
  },
  { title: 'LineAnswer', description: 'Réponse à une ligne d’un lot : acceptée (201) ou refusée' },
);

export const SentFile = Type.Object(
  { id: uuid(), size: Type.Integer({ minimum: 0 }), mimeType: text(255), digest: text(100) },
  { title: 'SentFile', description: 'Fichier gardé 24 heures, le temps qu’un télédossier le désigne' },
);

export const ProblemPage = Type.Object(
  { code: oneOf(Object.keys(PROBLEMS)), status: Type.Integer(), title: text(255), action: text(1024) },
  { title: 'ProblemPage', description: 'Ce que veut dire un type de problème' },
);

compile(NewDeposit);
compile(NewDepositLine);
