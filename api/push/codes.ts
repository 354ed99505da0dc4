/** What the software of a partner does after a connection was closed. */
export type Next = 'reconnect' | 'new token' | 'stop';

export interface Closing {
  code: number;
  /** sent with the code, in French; 123 bytes of UTF-8 at most (RFC 6455 §5.5) */
  reason: string;
  next: Next;
}

const closing = (code: number, next: Next, reason: string): Closing => ({ code, reason, next });

/** The one table of why the hub closes a connection of `/relais/v1/push`; `/asyncapi.json` shows it. */
export const CLOSE = {
  ending: closing(1001, 'reconnect', 'Le service s’arrête'),
  fault: closing(1011, 'reconnect', 'Erreur interne'),
  busy: closing(1013, 'reconnect', 'Service occupé : réessayez plus tard'),
  malformed: closing(4000, 'stop', 'Trame non valable'),
  unauthorized: closing(4001, 'new token', 'Jeton absent, inconnu ou expiré'),
  forbidden: closing(4003, 'stop', 'Appelant sans droit'),
  silent: closing(4008, 'reconnect', 'Aucune trame d’ouverture dans le délai'),
  elsewhere: closing(
    4009,
    'reconnect',
    'Ce consommateur est servi par un autre processus, ou son curseur a été déplacé',
  ),
  gone: closing(4010, 'stop', 'Position plus conservée'),
  expired: closing(4011, 'new token', 'Jeton expiré'),
  revoked: closing(4012, 'stop', 'Client révoqué'),
  rotated: closing(4013, 'new token', 'Fin du recouvrement : l’ancien secret n’est plus valable'),
  positionShared: closing(4014, 'stop', 'Une position ne se choisit qu’à la première connexion du consommateur'),
  scopeShared: closing(4015, 'stop', 'Une autre connexion de ce consommateur lit d’autres démarches'),
  overdue: closing(4016, 'reconnect', 'Événements non acquittés depuis trop longtemps, confiés à une autre connexion'),
  tooMany: closing(4029, 'reconnect', 'Trop de connexions, de consommateurs ou de trames'),
} as const satisfies Record<string, Closing>;

/** 4010 says where reading may go on: `oldest=1234`. */
export const goneAt = (oldest: number): Closing => ({ ...CLOSE.gone, reason: `oldest=${oldest}` });

/** 4000 of a position the feed has not reached. */
export const AHEAD: Closing = { ...CLOSE.malformed, reason: 'Position au-delà de la fin du fil' };

/** An opening that comes to nothing: the connection is closed so. */
export class Refused extends Error {
  readonly closing: Closing;
  constructor(closing: Closing) {
    super(closing.reason);
    this.name = 'Refused';
    this.closing = closing;
  }
}
