import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** How one call to a webhook's address ended; the list only ever grows at its end (it is stored by place). */
export const CALL_OUTCOMES = [
  /** 2xx: the receiver has it */
  'delivered',
  /** any other status */
  'refused',
  /** 3xx: redirects are not followed */
  'redirected',
  /** 410: the receiver wants nothing more */
  'gone',
  'timeout',
  /** the name has no address */
  'name',
  /** an address the hub does not call (api/webhooks/address.ts) */
  'forbidden',
  /** no trusted TLS connection */
  'tls',
  /** refused, cut, or not HTTP */
  'connection',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Why a webhook is paused; the list only ever grows at its end. */
export const PAUSE_REASONS = [
  /** by the organisation */
  'asked',
  /** calls failed for as long as they are repeated */
  'failing',
  /** the receiver answered 410 */
  'gone',
  /** what its cursor stood at is no longer kept: only the organisation can say where to go on */
  'gap',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** One line of the log of deliveries; no body, neither sent nor received. */
export interface Attempt {
  /** when it began, ms */
  at: number;
  /** position in the feed */
  position: number;
  outcome: CallOutcome;
  /** HTTP status; 0: no answer came */
  status: number;
  /** ms */
  duration: number;
}

/** A pair of secrets (HMAC and Ed25519) as kept: sealed by the API (api/webhooks/secrets.ts), useless without its key. */
export interface SealedSecret {
  sealed: string;
  /** Ed25519, `whpk_…` */
  publicKey: string;
  /** end of its overlap after a rotation, ms; null: the current one */
  until: number | null;
}

/** Calls fail since then, and the next one is due at `next`; ms. */
export interface Failing {
  since: number;
  failures: number;
  next: number;
}

/** An address that is called for each entry of its organisation's feed. Its cursor is a consumer's: `consumerOf`. */
export interface WebhookState {
  id: Id;
  org: OrgKey;
  url: string;
  /** null: all démarches */
  processes: string[] | null;
  /** whom to tell of a pause; null: the organisation's own address */
  email: string | null;
  /** newest first */
  secrets: SealedSecret[];
  /** null: it is active */
  paused: { reason: PauseReason; at: number } | null;
  /** null: the last call succeeded */
  failing: Failing | null;
  /** positions to send again, beside the cursor */
  replays: number[];
  /** last attempts, oldest first */
  log: Attempt[];
  created: number;
}

/** The webhooks of one partition: what a process that delivers there looks at. */
export interface WebhooksState {
  webhooks: WebhookPlace[];
}

export interface WebhookPlace {
  id: Id;
  org: OrgKey;
  /** grows with each change that is not a delivery's: whoever delivers looks at the record again */
  version: number;
}

/** Who delivers to the webhooks of a partition: nobody else's reports count. */
export interface CourierState {
  courier: string;
  /** grows with each new holder */
  epoch: number;
  /** when another may take over, ms */
  until: number;
}

/** Its reader of the feed; the id, so that a webhook is never mistaken for one that was deleted. */
export const webhookConsumer = (id: Id): string => `webhook.${id}`;

export type NewSecret = Pick<SealedSecret, 'sealed' | 'publicKey'>;

/** What a courier did for one webhook since it read its record. Answer 200 `{pausedNow}`: why, or null; 409 when it is not the holder. */
export interface DeliveryReport {
  id: Id;
  courier: string;
  epoch: number;
  /** cursor it began at; when that was moved meanwhile, `upTo` counts for nothing */
  from: number | null;
  /** last position delivered, or passed over as of no interest; null: none */
  upTo: number | null;
  /** positions sent again */
  replayed: number[];
  attempts: Attempt[];
  /** the last attempt failed */
  failed: {
    /** chance for the delay of the next one, 0 ≤ jitter < 1 */
    jitter: number;
    /** what the receiver asked for; null: nothing */
    retryAfterMs: number | null;
  } | null;
  /** no more calls, whatever was tried before */
  pause: Extract<PauseReason, 'gone' | 'gap'> | null;
  /** the organisation's address, should the webhook name none */
  mail: string | null;
}
