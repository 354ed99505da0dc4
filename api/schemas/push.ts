import { type Static, Type } from 'typebox';
import { CONSUMER } from '#api/feed/position.ts';
import { CloudEventSchema } from './feed.ts';
import { dateTime, text } from './fields.ts';

/** Frames of `/relais/v1/push`: JSON texts, one object each; `/asyncapi.json` is made of them. */

/** Unacknowledged events one connection may have; without a wish, as many as DEFAULT_CREDIT. */
export const MAX_CREDIT = 1_000;
export const DEFAULT_CREDIT = 100;
/** Longest token looked at, characters: as the API's. */
const TOKEN_LENGTH = 2_048;
const CODE_LENGTH = 64;
const MAX_PROCESSES = 100;

const credit = Type.Integer({
  minimum: 0,
  maximum: MAX_CREDIT,
  description: 'événements que le client accepte d’avoir reçus sans les avoir acquittés ; 0 : aucun pour l’instant',
});
const position = (description: string) => Type.Integer({ minimum: 0, description });
const token = Type.String({ minLength: 1, maxLength: TOKEN_LENGTH, description: 'jeton d’accès de /oauth2/token' });
const frame = <N extends string>(type: N) => Type.Unsafe<N>({ type: 'string', const: type });

export const Open = Type.Object(
  {
    type: frame('open'),
    token: Type.Optional(token),
    consumer: Type.Optional(
      Type.String({ pattern: CONSUMER.source, description: 'nom du consommateur ; absent : l’identifiant du client' }),
    ),
    processCodes: Type.Optional(
      Type.Array(text(CODE_LENGTH), {
        minItems: 1,
        maxItems: MAX_PROCESSES,
        description: 'démarches retenues ; absent : toutes celles du client',
      }),
    ),
    after: Type.Optional(
      position(
        'position après laquelle commencer : le curseur y est déplacé ; absente : après ce que le consommateur a acquitté. ' +
          'Seule la première connexion d’un consommateur la choisit',
      ),
    ),
    credit: Type.Optional(credit),
  },
  {
    title: 'Open',
    description:
      'Première trame du client : qui il est, s’il ne l’a pas dit dans l’en-tête Authorization, et ce qu’il veut',
  },
);
export const Acknowledge = Type.Object(
  {
    type: frame('acknowledge'),
    position: position('`sequence` d’un événement reçu sur cette connexion'),
  },
  {
    title: 'Acknowledge',
    description: 'Acquitte cet événement et tous ceux que cette connexion a reçus avant lui',
  },
);
export const Credit = Type.Object(
  { type: frame('credit'), credit },
  { title: 'Credit', description: 'Change le nombre d’événements non acquittés que la connexion accepte' },
);
export const Renew = Type.Object(
  { type: frame('renew'), token },
  { title: 'Renew', description: 'Remplace le jeton de la connexion, pour le même appelant' },
);
export const Ping = Type.Object(
  { type: frame('ping') },
  { title: 'Ping', description: 'Demande un signe de vie, quand le client ne peut voir ceux du protocole WebSocket' },
);

export const Opened = Type.Object(
  {
    type: frame('opened'),
    consumer: Type.String(),
    position: position('curseur du consommateur : les événements suivent'),
    last: position('dernière position écrite dans le fil'),
    credit,
    expires: dateTime(),
  },
  { title: 'Opened', description: 'La connexion est ouverte ; expires dit jusqu’à quand le jeton vaut' },
);
export const Events = Type.Object(
  { type: frame('events'), events: Type.Array(CloudEventSchema, { minItems: 1 }) },
  { title: 'Events', description: 'Événements du fil, dans l’ordre où ils sont à traiter' },
);
export const Acknowledged = Type.Object(
  {
    type: frame('acknowledged'),
    position: position('curseur du consommateur : tout ce qui précède est acquitté, sur disque'),
  },
  { title: 'Acknowledged', description: 'Le curseur a avancé ; plusieurs acquittements peuvent n’en donner qu’un' },
);
export const Renewed = Type.Object(
  { type: frame('renewed'), expires: dateTime() },
  { title: 'Renewed', description: 'Le nouveau jeton est accepté' },
);
export const Pong = Type.Object({ type: frame('pong') }, { title: 'Pong', description: 'Signe de vie demandé' });

/** What each side may send, by `type`. */
export const FROM_CLIENT = { open: Open, acknowledge: Acknowledge, credit: Credit, renew: Renew, ping: Ping } as const;
export const FROM_HUB = {
  opened: Opened,
  events: Events,
  acknowledged: Acknowledged,
  renewed: Renewed,
  pong: Pong,
} as const;

export type ClientFrame = Static<typeof Open | typeof Acknowledge | typeof Credit | typeof Renew | typeof Ping>;
export type HubFrame = Static<typeof Opened | typeof Events | typeof Acknowledged | typeof Renewed | typeof Pong>;
