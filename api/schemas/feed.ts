import { Type } from 'typebox';
import { EVENT_TYPES } from '#api/answers/cloudevent.ts';
import { CONSUMER } from '#api/feed/position.ts';
import { PAGE } from '#api/feed/reader.ts';
import { dateTime, oneOf, text, uuid } from './fields.ts';

const CODE = 64;
const after = Type.Optional(
  Type.Integer({
    minimum: 0,
    description: 'position après laquelle lire ; absente : après ce que le consommateur a acquitté',
  }),
);
export const consumerName = Type.String({
  pattern: CONSUMER.source,
  description: 'nom du consommateur ; absent : l’identifiant du client',
});
const shared = {
  after,
  consumer: Type.Optional(consumerName),
  processCode: Type.Optional(Type.Array(text(CODE), { description: 'démarches retenues ; absent : toutes' })),
};

export const StreamQuery = Type.Object(shared);
export const FeedQuery = Type.Object({
  ...shared,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE, default: 100 })),
  wait: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 25, default: 0, description: 'secondes à attendre du nouveau' }),
  ),
});

export const CloudEventSchema = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: uuid(),
    source: Type.String(),
    type: oneOf(Object.values(EVENT_TYPES)),
    subject: uuid(),
    time: dateTime(),
    datacontenttype: Type.Literal('application/json'),
    sequence: Type.String({ pattern: '^[0-9]+$', description: 'position dans le fil' }),
    traceparent: Type.Optional(
      Type.String({ description: 'contexte de trace W3C de la requête d’origine, si elle en portait un' }),
    ),
    data: Type.Object({
      processCode: text(CODE),
      folderId: uuid(),
      caseId: uuid(),
      eventId: Type.Optional(uuid()),
      status: Type.Optional(Type.String()),
    }),
  },
  { title: 'CloudEvent', description: 'Nouvelle du fil, au format CloudEvents 1.0 : des références, jamais une copie' },
);

export const Consumer = Type.Object(
  {
    consumer: consumerName,
    acknowledged: Type.Integer({ minimum: 0 }),
    dateTime: dateTime(),
    unread: Type.Integer({
      minimum: 0,
      description: 'entrées conservées au-delà de ce qui est acquitté, toutes démarches',
    }),
  },
  { title: 'Consumer', description: 'Lecteur du fil et jusqu’où il l’a acquitté' },
);
export const Acknowledgement = Type.Object({
  position: Type.Integer({ minimum: 0, description: 'dernière position traitée' }),
  seek: Type.Optional(Type.Boolean({ description: 'true : le curseur peut revenir en arrière, pour relire' })),
});
