import { type Static, Type } from 'typebox';
import { OwnAbsence } from '#api/agents/absence-schema.ts';
import {
  dateTime,
  dateTimeOrNull,
  oneOf,
  optional,
  orNull,
  text,
  textOrNull,
  uuid,
  uuidOrNull,
} from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';
import { AGENT_ROLES } from '#engine/domain/records/agent.ts';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';

/** Longest time a decision may wait to be undone, seconds. */
export const MOST_UNDO = 60;
/** Statuses of one decision: the acknowledgement it takes for granted, and itself. */
export const MOST_STEPS = 2;
const MESSAGE = 1000;
const NAME = 511;

export const NewDecision = Type.Object(
  {
    statuses: Type.Array(oneOf(CASE_STATUSES), {
      minItems: 1,
      maxItems: MOST_STEPS,
      description: 'nouveaux statuts, dans l’ordre : un événement STATUS_UPDATE chacun',
    }),
    message: optional({ ...textOrNull(MESSAGE), description: 'porté par le dernier événement' }),
    author: optional({ ...textOrNull(255), description: 'absent pour un agent : ses nom, qualité et service' }),
    undoSeconds: optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_UNDO,
        description: 'la décision part après ce délai, et s’annule jusque-là ; absent : elle part tout de suite',
      }),
    ),
  },
  { title: 'NewDecision', description: 'Décision sur un dossier reçu ; If-Match dit sur quelle version' },
);

export const Decided = Type.Object(
  {
    id: { ...uuid(), description: 'celui du premier événement' },
    due: { ...dateTimeOrNull(), description: 'quand elle part ; null : elle est partie' },
  },
  { title: 'Decided', description: 'Décision prise' },
);

export const Person = Type.Object(
  { id: uuid(), name: text(NAME), author: text(255) },
  { title: 'DeskPerson', description: 'Un agent de l’organisation, comme ses collègues le voient' },
);

const Replaced = Type.Object({
  agent: {
    ...orNull<Static<typeof Person>>(Person),
    description: 'qui a le dossier pendant ce temps ; null : personne',
  },
  until: { ...text(10), description: 'dernier jour d’absence, à Paris' },
});

const Assigned = Type.Object({
  agent: orNull<Static<typeof Person>>(Person),
  replaced: { ...orNull<Static<typeof Replaced>>(Replaced), description: 'null : cet agent est là' },
  by: orNull<Static<typeof Person>>(Person),
  at: dateTime(),
});

const Waiting = Type.Object({
  id: uuid(),
  status: oneOf(CASE_STATUSES),
  author: textOrNull(255),
  due: dateTime(),
});

export const Desk = Type.Object(
  {
    version: { ...text(40), description: 'à donner en If-Match pour décider : change avec le statut' },
    pending: { ...orNull<Static<typeof Waiting>>(Waiting), description: 'décision qui n’est pas encore partie' },
    assignment: { ...orNull<Static<typeof Assigned>>(Assigned), description: 'null : jamais attribué' },
    deadline: { ...dateTimeOrNull(), description: 'échéance ; null : la démarche n’a pas de délai' },
    present: Type.Array(Person, { description: 'agents qui viennent d’ouvrir le dossier, sauf celui qui demande' }),
  },
  { title: 'CaseDesk', description: 'Ce que les agents d’une organisation savent entre eux d’un dossier' },
);

export const NewAssignment = Type.Object(
  {
    agentId: { ...uuidOrNull(), description: 'null : à personne' },
    from: optional({ ...uuidOrNull(), description: 'qui l’avait, à ce que l’on sait ; un autre : 412' }),
  },
  { title: 'NewAssignment' },
);

export const Peer = Type.Object(
  {
    ...Person.properties,
    role: { ...oneOf(AGENT_ROLES), description: 'dit à qui demander un accès' },
    processCodes: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: text(30) }),
    absence: { ...orNull<Static<typeof OwnAbsence>>(OwnAbsence), description: 'en cours ou à venir' },
  },
  { title: 'Peer', description: 'Un collègue, et les démarches pour lesquelles il est habilité (null : toutes)' },
);

for (const schema of [NewDecision, NewAssignment]) compile(schema);
