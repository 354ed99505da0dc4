import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { dateText } from '#api/schemas/dates.ts';
import { toUuid } from '#engine/domain/ids.ts';
import type { CallOutcome, WebhookState } from '#engine/domain/records/webhook.ts';
import { envelopeOf } from './desk.ts';
import type { Outbound } from './outbound.ts';
import type { WebhookSecrets } from './secrets.ts';

/** Type of the CloudEvent an address must answer before anything is sent to it. */
export const CHALLENGE_TYPE = 'fr.relais.webhook.challenge.v1';
const CHALLENGE_BYTES = 24;
/** The answer is the challenge, in some JSON. */
const ANSWER_BYTES = 4_096;

const WRONG: Readonly<Record<CallOutcome, string>> = {
  delivered: 'elle n’a pas renvoyé le défi : répondez {"challenge":"…"} avec la valeur de data.challenge',
  refused: 'elle a répondu par une erreur',
  redirected: 'elle redirige ailleurs : donnez l’adresse finale',
  gone: 'elle a répondu 410',
  timeout: 'elle n’a pas répondu à temps',
  name: 'son nom est inconnu du DNS',
  forbidden: 'elle n’est pas publique',
  tls: 'sa connexion TLS n’est pas sûre : vérifiez le certificat et sa chaîne',
  connection: 'la connexion a échoué',
};

/**
 * Calls the address once, signed, with a random value that must come back: whoever registers it, owns it, or has its
 * owner's help.
 * @returns what is wrong, in French; undefined: it is proved
 */
export async function prove(
  outbound: Outbound,
  secrets: WebhookSecrets,
  webhook: Pick<WebhookState, 'id' | 'url' | 'secrets'>,
  now: number,
): Promise<string | undefined> {
  const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    source: `/relais/v1/webhooks/${toUuid(webhook.id)}`,
    type: CHALLENGE_TYPE,
    time: dateText(now),
    datacontenttype: 'application/json',
    data: { challenge },
  };
  const called = await outbound.call(envelopeOf(secrets, webhook, now, event.id, event, ANSWER_BYTES));
  const { outcome, status, text } = called;
  if (outcome === 'delivered' && answers(text, challenge)) return undefined;
  const shown = status === 0 ? '' : ` (${status})`;
  return `L’adresse n’a pas passé l’épreuve : ${WRONG[outcome]}${outcome === 'delivered' ? '' : shown}`;
}

function answers(text: string, challenge: string): boolean {
  const given = Buffer.from(challengeIn(text));
  const wanted = Buffer.from(challenge);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The challenge as JSON member, or as the whole text. */
function challengeIn(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    const value = typeof json === 'object' && json !== null ? (json as { challenge?: unknown }).challenge : json;
    return typeof value === 'string' ? value : '';
  } catch {
    return text.trim();
  }
}
