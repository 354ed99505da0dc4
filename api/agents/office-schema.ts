import { Type } from 'typebox';
import { dateTime, dateTimeOrNull, oneOf, optional, text, textOrNull, uuid } from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';
import { TEMPLATE_KINDS } from '#engine/domain/records/office.ts';

/** As long as a message may be (contract §5.7). */
const TEXT = 1000;
const NAME = 80;

export const PasskeyRule = Type.Object(
  { allowed: Type.Boolean() },
  { title: 'PasskeyRule', description: 'Si les agents de l’organisation peuvent se connecter par clé d’accès' },
);

export const PasskeyRuleAnswer = Type.Object(
  {
    allowed: Type.Boolean(),
    by: { ...textOrNull(100), description: 'client qui l’a dit ; null : jamais permis' },
    since: dateTimeOrNull(),
  },
  { title: 'PasskeyRuleAnswer', description: 'Connexion par clé d’accès dans une organisation' },
);

export const NewTemplate = Type.Object(
  {
    kind: oneOf(TEMPLATE_KINDS),
    name: Type.String({ minLength: 1, maxLength: NAME, pattern: '^[^\\p{Cc}]*$' }),
    processCode: optional({ ...textOrNull(30), description: 'null : toutes les démarches' }),
    text: Type.String({
      minLength: 1,
      maxLength: TEXT,
      description: 'avec {numero}, {demandeur}, {demarche}, {date}, {agent}',
    }),
  },
  { title: 'NewTemplate', description: 'Modèle de texte d’une organisation' },
);

export const OwnTemplate = Type.Object(
  {
    id: uuid(),
    kind: oneOf(TEMPLATE_KINDS),
    name: text(NAME),
    processCode: textOrNull(30),
    text: text(TEXT),
    updated: dateTime(),
  },
  { title: 'MessageTemplate', description: 'Modèle de texte pour un message, une demande de pièces ou un refus' },
);

for (const schema of [PasskeyRule, NewTemplate]) compile(schema);
