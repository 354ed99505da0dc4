import { Type } from 'typebox';
import { dateTime, oneOf, text, textOrNull, uuid, uuidOrNull } from '#api/schemas/fields.ts';
import { Identity } from '#api/schemas/identity.ts';
import { READINGS } from './entry.ts';

export const MOST_ACCESSES = 200;
export const USUAL_ACCESSES = 50;

export const AccessQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ACCESSES, default: USUAL_ACCESSES })),
  before: Type.Optional(Type.String({ format: 'date-time', description: '`next` de la page d’avant' })),
});

export const AccessPage = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          dateTime: dateTime(),
          kind: {
            ...oneOf(READINGS),
            description: 'ce qui a été lu : le dossier, un événement, un fichier, une liste',
          },
          agentId: uuid(),
          agent: { ...textOrNull(255), description: 'nom, qualité et service ; null : cet agent n’est plus connu' },
          organization: {
            ...Type.Unsafe<Identity | null>({ ...Identity, type: ['object', 'null'], title: undefined }),
            description: 'pour qui il agissait ; null : pour toutes les siennes',
          },
          partId: { ...uuidOrNull(), description: 'événement ou fichier' },
          requestId: text(100),
        },
        { title: 'Access' },
      ),
    ),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      description: 'à passer en `before` ; null : rien de plus ancien n’est conservé',
    }),
  },
  { title: 'AccessPage', description: 'Consultations d’un dossier, la plus récente d’abord' },
);
