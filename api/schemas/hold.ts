import { Type } from 'typebox';
import { dateTime, oneOf, text, textOrNull, uuid } from './fields.ts';
import { Identity } from './identity.ts';

const CODE = 30;
const COMMUNE_LENGTH = 5;
const NAME = 500;

/** INSEE code of a commune or municipal arrondissement: two digits, or 2A and 2B, then three. */
export const COMMUNE = '^(?:[0-9]{2}|2[AB])[0-9]{3}$';
export const DAY = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';

const commune = () => Type.String({ pattern: COMMUNE, maxLength: COMMUNE_LENGTH });

export const RecipientQuery = Type.Object({
  processCode: text(CODE),
  commune: Type.String({ pattern: COMMUNE, description: 'code INSEE, actuel ou ancien, commune ou arrondissement' }),
  date: Type.Optional(
    Type.String({
      pattern: DAY,
      description: 'jour auquel le destinataire doit être compétent ; absent : aujourd’hui',
    }),
  ),
});

export const CompetentRecipient = Type.Object(
  {
    recipient: Identity,
    name: Type.String({ maxLength: NAME }),
    commune: Type.String({ maxLength: CODE, description: 'guichet sous lequel l’organisation a été trouvée' }),
    date: Type.String({ format: 'date' }),
    subscribed: Type.Boolean({ description: 'false : un dossier déposé serait gardé jusqu’à son abonnement' }),
    followed: Type.Array(Type.Object({ from: commune(), to: commune(), date: Type.String({ format: 'date' }) }), {
      description: 'changements de code suivis, du plus ancien au plus récent',
    }),
  },
  { title: 'CompetentRecipient', description: 'Organisation compétente pour une démarche dans une commune' },
);

export const HeldQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
});

export const HeldOrganization = Type.Object(
  {
    organization: Identity,
    name: textOrNull(NAME),
    email: textOrNull(320),
    processCode: text(CODE),
    cases: Type.Integer({ minimum: 1 }),
    since: dateTime(),
    subscription: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'statut de son abonnement à la démarche ; null : elle n’en a pas',
    }),
  },
  { title: 'HeldOrganization', description: 'Organisation à inviter : des dossiers attendent son abonnement' },
);

export const ROUTINGS = ['deposited', 'delivered', 'held', 'returned', 'withdrawn'] as const;

export const CaseRouting = Type.Object(
  {
    caseId: uuid(),
    folderId: uuid(),
    processCode: text(CODE),
    recipient: Identity,
    status: Type.String(),
    routing: oneOf(ROUTINGS),
    since: Type.Optional(dateTime()),
    until: Type.Optional(dateTime()),
    reason: Type.Optional(Type.String()),
  },
  {
    title: 'CaseRouting',
    description:
      'Acheminement d’un dossier : gardé (since, until : jusqu’à quand), rendu ou retiré (until : quand), distribué',
  },
);
