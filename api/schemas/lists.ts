import { type Static, Type } from 'typebox';
import { MOST_HOURS, SEARCH_LENGTH } from '#api/index/asked.ts';
import { SORTS } from '#api/index/tables.ts';
import { STAGES, VIEWS } from '#api/index/views.ts';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import { dateTime, dateTimeOrNull, oneOf, optional, orNull, text, uuid, uuidOrNull } from './fields.ts';
import { Identity } from './identity.ts';

const CODE = 30;
export const MOST_ROWS = 100;
export const USUAL_ROWS = 50;

const moment = (description: string) => optional(Type.String({ maxLength: 40, description }));
const processCode = optional(Type.Array(text(CODE), { description: 'démarches retenues ; absent : toutes' }));

export const FilterQuery = Type.Object({
  view: optional({ ...oneOf(VIEWS), default: 'all', description: 'où en est le dossier : docs/listes.md' }),
  processCode,
  status: optional(Type.Array(oneOf(CASE_STATUSES), { description: 'statuts retenus, parmi ceux de la vue' })),
  from: moment('reçus à partir de ce jour, ou de ce moment'),
  to: moment('reçus jusqu’à ce jour compris, ou avant ce moment'),
  dueWithin: optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_HOURS,
      description: 'dossiers ouverts dont l’échéance tombe dans tant d’heures ; ceux qui sont échus n’en sont pas',
    }),
  ),
  unread: optional(Type.Boolean({ description: 'true : ceux dont une notification n’est pas supprimée' })),
  assignee: optional({
    ...text(40),
    description: 'ceux de cet agent et de ceux qu’il remplace ; `me` : de celui qui demande ; `none` : de personne',
  }),
  q: optional({
    ...text(SEARCH_LENGTH),
    description: 'débuts de mots du numéro, du nom ou d’un fichier, sans accents au besoin',
  }),
  sort: optional({ ...oneOf(Object.keys(SORTS)), default: 'received' }),
  order: optional({ ...oneOf(['asc', 'desc']), default: 'asc' }),
});

export const ListQuery = Type.Object({
  ...FilterQuery.properties,
  limit: optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: USUAL_ROWS })),
  after: optional(Type.String({ description: '`next` de la page d’avant, pour le même tri' })),
});

export const CountersQuery = Type.Object({ processCode });

const age = {
  asOf: { ...dateTimeOrNull(), description: 'la réponse tient compte de tout ce qui précède ; null : de rien encore' },
  late: Type.Boolean({ description: 'true : l’index n’avait pas tout après une demi-seconde' }),
};
const count = (description?: string) => Type.Integer({ minimum: 0, ...(description && { description }) });

const Replacing = Type.Object({
  id: { ...uuidOrNull(), description: 'null : personne ne le peut' },
  name: text(511),
  until: { ...text(10), description: 'dernier jour d’absence' },
});

const Assignee = Type.Object({
  id: uuid(),
  name: text(511),
  replaced: { ...orNull<Static<typeof Replacing>>(Replacing), description: 'null : cet agent est là' },
});
export type Assignee = Static<typeof Assignee>;
const Leaving = Type.Object({ status: oneOf(CASE_STATUSES), due: dateTime() });

const ListedCase = Type.Object(
  {
    caseId: uuid(),
    folderId: uuid(),
    externalId: text(100),
    processCode: text(CODE),
    status: oneOf(CASE_STATUSES),
    applicant: Type.Object({ firstName: Type.String(), lastName: Type.String() }),
    recipient: Identity,
    sender: Identity,
    files: Type.Array(Type.String(), { description: 'noms des premières pièces' }),
    attachments: count('nombre de pièces'),
    received: dateTime(),
    deadline: { ...dateTimeOrNull(), description: 'null : la démarche n’a pas de délai' },
    updated: dateTime(),
    unread: Type.Boolean({ description: 'une de ses notifications n’est pas supprimée' }),
    assignee: { ...orNull<Static<typeof Assignee>>(Assignee), description: 'qui le traite ; null : personne' },
    pending: { ...orNull<Static<typeof Leaving>>(Leaving), description: 'décision qui n’est pas encore partie' },
  },
  { title: 'ListedCase', description: 'Un dossier dans une liste ; agir relit toujours le dossier' },
);

export const CaseList = Type.Object(
  {
    items: Type.Array(ListedCase),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'à passer en `after` ; null : c’est la fin',
    }),
    total: Type.Object({
      count: count(),
      exact: Type.Boolean({ description: 'false : il y en a au moins autant' }),
    }),
    ...age,
  },
  { title: 'CaseList', description: 'Une page de dossiers' },
);

const views = Type.Object(Object.fromEntries(VIEWS.map((view) => [view, count()])));

export const CaseCount = Type.Object(
  { count: count(), exact: Type.Boolean({ description: 'false : il y en a au moins autant' }), ...age },
  { title: 'CaseCount', description: 'Nombre de dossiers d’une liste' },
);

export const CaseCounters = Type.Object(
  {
    views,
    unread: count('dossiers dont une notification n’est pas supprimée'),
    soon: count('dossiers ouverts dont l’échéance tombe dans les 48 heures'),
    statuses: Type.Object(Object.fromEntries(Object.keys(STAGES).map((status) => [status, count()]))),
    processes: Type.Array(Type.Object({ processCode: text(CODE), views, unread: count() })),
    ...age,
  },
  { title: 'CaseCounters', description: 'Nombre de dossiers par vue, par statut et par démarche' },
);

export const Neighbours = Type.Object(
  { previous: uuidOrNull(), next: uuidOrNull(), ...age },
  { title: 'Neighbours', description: 'Les dossiers voisins dans une liste' },
);
