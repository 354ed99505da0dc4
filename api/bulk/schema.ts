import { Type } from 'typebox';
import { MOST_STEPS, MOST_UNDO } from '#api/desk/schema.ts';
import { dateTime, dateTimeOrNull, oneOf, optional, text, textOrNull, uuid, uuidOrNull } from '#api/schemas/fields.ts';
import { FilterQuery, MOST_ROWS } from '#api/schemas/lists.ts';
import { compile } from '#api/schemas/validate.ts';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import { RESULTS, STATES } from './jobs.ts';

/** Cases named one by one: more are a filter. */
export const MOST_NAMED = 1_000;
const MOST_PLAN = 2_000;
const status = oneOf(CASE_STATUSES);

export const BulkQuery = FilterQuery;

export const NewBulk = Type.Object(
  {
    cases: optional(
      Type.Array(uuid(), { maxItems: MOST_NAMED, description: 'ceux-ci, parmi ceux du filtre ; absent : tous' }),
    ),
    preview: optional(Type.Boolean({ description: 'true : dit seulement ce qui serait fait' })),
    plan: optional(
      Type.Array(
        Type.Object({
          processCode: text(30),
          status,
          to: Type.Array(status, { minItems: 1, maxItems: MOST_STEPS }),
          organization: optional({ ...text(80), description: 'clé de l’organisation ; absent : toutes' }),
          letter: optional({
            ...text(1000),
            description: 'au lieu de `message` ; {numero} et {recu} y deviennent ceux de chaque dossier',
          }),
        }),
        {
          maxItems: MOST_PLAN,
          description: 'nouveaux statuts, par démarche et statut ; les autres dossiers sont exclus',
        },
      ),
    ),
    message: optional({ ...textOrNull(1000), description: 'porté par le dernier événement de chaque dossier' }),
    undoSeconds: optional(Type.Integer({ minimum: 0, maximum: MOST_UNDO })),
    assign: optional({ ...uuidOrNull(), description: 'au lieu d’une décision : à qui attribuer ; null : à personne' }),
  },
  { title: 'NewBulk', description: 'La même chose à faire sur beaucoup de dossiers' },
);

const count = () => Type.Integer({ minimum: 0 });

export const BulkStart = Type.Object(
  {
    id: { ...uuidOrNull(), description: 'null : rien n’est fait, c’était un aperçu' },
    total: count(),
    excluded: { ...count(), description: 'ceux que le plan ne nomme pas' },
    groups: Type.Array(Type.Object({ processCode: text(30), status, cases: count() })),
  },
  { title: 'BulkStart' },
);

export const BulkLineQuery = Type.Object({
  result: optional(oneOf(RESULTS)),
  after: optional(Type.Integer({ minimum: 0, description: 'numéro de la dernière ligne lue' })),
  limit: optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: MOST_ROWS })),
});

const Line = Type.Object({
  number: count(),
  caseId: uuid(),
  externalId: text(100),
  applicant: Type.String(),
  processCode: text(30),
  status: { ...status, description: 'celui du dossier quand le lot fut demandé' },
  result: { ...oneOf(RESULTS), description: 'ce qu’il en est : docs/listes.md' },
});

export const BulkJob = Type.Object(
  {
    id: uuid(),
    state: oneOf(STATES),
    asked: dateTime(),
    ended: dateTimeOrNull(),
    undoUntil: { ...dateTimeOrNull(), description: 'ce qui est décidé s’annule jusque-là ; null : rien ne s’annule' },
    total: count(),
    counts: Type.Object(Object.fromEntries(RESULTS.map((result) => [result, count()]))),
    lines: Type.Array(Line),
    next: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'à passer en `after` ; null : c’est la fin',
    }),
  },
  { title: 'BulkJob', description: 'Un lot, et ses lignes' },
);

compile(NewBulk);
