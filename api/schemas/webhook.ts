import { Type } from 'typebox';
import { MAX_URL } from '#api/webhooks/address.ts';
import { toUuid } from '#engine/domain/ids.ts';
import type { Cursor } from '#engine/domain/records/feed.ts';
import { type Attempt, CALL_OUTCOMES, PAUSE_REASONS, type WebhookState } from '#engine/domain/records/webhook.ts';
import { dateText } from './dates.ts';
import { dateTime, dateTimeOrNull, emailOrNull, oneOf, text, textOrNull, uuid } from './fields.ts';

const CODE = 64;
/** Démarches one webhook may name. */
const MAX_PROCESSES = 100;
/** Hours both secrets sign after a rotation. */
const OVERLAP_H = 24;
const MAX_OVERLAP_H = 168;
export const DEFAULT_OVERLAP_H = OVERLAP_H;

const url = Type.String({ maxLength: MAX_URL, description: 'adresse appelée, en https' });
const processCodes = Type.Unsafe<string[] | null>({
  type: ['array', 'null'],
  items: text(CODE),
  minItems: 1,
  maxItems: MAX_PROCESSES,
  description: 'démarches retenues ; null : toutes celles du client',
});
const email = emailOrNull();
const position = (description: string) => Type.Integer({ minimum: 0, description });

export const NewWebhook = Type.Object({
  url,
  processCodes: Type.Optional(processCodes),
  email: Type.Optional(email),
  after: Type.Optional(position('position après laquelle commencer ; absente : la fin du fil')),
});
export const WebhookChange = Type.Object({
  url: Type.Optional(url),
  processCodes: Type.Optional(processCodes),
  email: Type.Optional(email),
});
export const Resumption = Type.Object({
  after: Type.Optional(position('position après laquelle reprendre ; absente : là où l’envoi s’est arrêté')),
});
export const Replay = Type.Object(
  {
    position: Type.Optional(Type.Integer({ minimum: 1, description: 'position de la seule nouvelle à renvoyer' })),
    since: Type.Optional(
      Type.String({ format: 'date-time', description: 'renvoie tout ce qui date de ce moment ou après' }),
    ),
  },
  { description: 'l’un ou l’autre' },
);
export const WebhookRotation = Type.Object({
  overlapHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_OVERLAP_H,
      default: OVERLAP_H,
      description: 'durée où les deux secrets signent',
    }),
  ),
});

const secrets = {
  secret: Type.String({ description: 'clé HMAC-SHA256 (v1), montrée cette seule fois' }),
  publicKey: Type.String({ description: 'clé publique Ed25519 (v1a)' }),
};
const described = {
  id: uuid(),
  url,
  processCodes: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: text(CODE) }),
  email: textOrNull(320),
  status: oneOf(['active', 'failing', 'paused'] as const),
  pause: Type.Unsafe({ type: ['object', 'null'], properties: { reason: oneOf(PAUSE_REASONS), dateTime: dateTime() } }),
  failing: Type.Unsafe({
    type: ['object', 'null'],
    properties: { since: dateTime(), failures: Type.Integer(), next: dateTime() },
  }),
  acknowledged: Type.Unsafe({ type: ['integer', 'null'], description: 'dernière position remise' }),
  replays: Type.Array(Type.Integer(), { description: 'positions qui attendent d’être renvoyées' }),
  publicKeys: Type.Array(Type.Object({ publicKey: Type.String(), validUntil: dateTimeOrNull() })),
  creationDateTime: dateTime(),
};
export const Webhook = Type.Object(described, {
  title: 'Webhook',
  description: 'Adresse appelée pour chaque nouvelle du fil, dans l’ordre, jusqu’à ce qu’elle réponde 2xx',
});
export const WebhookWithSecret = Type.Object({ ...described, ...secrets }, { title: 'WebhookWithSecret' });
export const RotatedSecret = Type.Object({ ...secrets, previousValidUntil: dateTime() }, { title: 'RotatedSecret' });
export const WebhookAttempt = Type.Object(
  {
    dateTime: dateTime(),
    position: Type.Integer(),
    outcome: oneOf(CALL_OUTCOMES),
    httpStatus: Type.Unsafe({ type: ['integer', 'null'] }),
    durationMs: Type.Integer(),
  },
  { title: 'WebhookAttempt', description: 'Un appel : aucun contenu n’est gardé' },
);

export function webhookAnswer(webhook: WebhookState, cursor: Pick<Cursor, 'acknowledged'> | undefined) {
  const { paused, failing } = webhook;
  return {
    id: toUuid(webhook.id),
    url: webhook.url,
    processCodes: webhook.processes,
    email: webhook.email,
    status: paused !== null ? 'paused' : failing !== null ? 'failing' : 'active',
    pause: paused && { reason: paused.reason, dateTime: dateText(paused.at) },
    failing: failing && { since: dateText(failing.since), failures: failing.failures, next: dateText(failing.next) },
    acknowledged: cursor?.acknowledged ?? null,
    replays: webhook.replays,
    publicKeys: webhook.secrets.map(({ publicKey, until }) => ({
      publicKey,
      validUntil: until === null ? null : dateText(until),
    })),
    creationDateTime: dateText(webhook.created),
  };
}

export const attemptAnswer = ({ at, position: told, outcome, status, duration }: Attempt) => ({
  dateTime: dateText(at),
  position: told,
  outcome,
  httpStatus: status === 0 ? null : status,
  durationMs: duration,
});
