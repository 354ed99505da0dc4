import { cloudEvent } from '#api/answers/cloudevent.ts';
import type { FeedItem } from '#api/feed/reader.ts';
import type { FeedPage } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CallOutcome, PauseReason, WebhookState } from '#engine/domain/records/webhook.ts';
import type { Trace } from '#engine/domain/trace.ts';
import type { OpenStep } from '#engine/telemetry/tracer.ts';
import type { Call, Outbound } from './outbound.ts';
import { signedHeaders, type WebhookSecrets } from './secrets.ts';
import type { Slots } from './slots.ts';

/** Entries delivered before one report: what a crash may send twice, and what a courier holds in memory. */
const BATCH = 16;

export interface Clock {
  /** ms of the hub */
  now(): number;
  /** @returns how to give up waiting */
  after(ms: number, work: () => void): () => void;
}

/** What couriers work with: the same for all of one process. */
export interface Desk extends Pick<Hub, 'ask' | 'news'> {
  /** name of this process among those that deliver */
  courier: string;
  feeds: Pick<Hub['feeds'], 'read'>;
  find: Hub['webhooks']['find'];
  outbound: Outbound;
  secrets: WebhookSecrets;
  slots: Slots;
  clock: Clock;
  /** chance, 0 ≤ n < 1 */
  jitter(): number;
  /** address of an organisation, null when none is known */
  mailOf(org: OrgKey): string | null;
  count(outcome: CallOutcome, ms: number): void;
  /** A call that is a step of a recorded request begins; absent: none is recorded. */
  step?(trace: Trace): OpenStep | undefined;
  /** what was delivered for the first time */
  taken?(item: FeedItem): void;
  /** a webhook is paused by itself */
  paused(reason: PauseReason): void;
  onTrouble(error: unknown): void;
}

export interface Item extends FeedItem {
  /** asked for once more, beside the cursor */
  again: boolean;
}

export interface Batch {
  items: Item[];
  /** these are replays: the cursor is not meant */
  again: boolean;
  /** replays of entries that are no longer kept */
  missing: number[];
  /** cursor it was read from */
  from: number | null;
  /** last position looked at */
  upTo: number;
  /** the feed goes on */
  more: boolean;
}

const itemsOf = (page: FeedPage, { processes }: WebhookState, again: boolean): Item[] =>
  page.entries.flatMap((entry) => {
    const process = page.processes.get(entry.box);
    const wanted = process !== undefined && (processes?.includes(process) ?? true);
    return wanted ? [{ ...entry, process, again }] : [];
  });

/**
 * What a webhook is to be sent next: what was asked for again, else what follows its cursor.
 * @param passed position up to which nothing is of interest to it; undefined: unknown
 */
export async function nextBatch(
  { feeds }: Pick<Desk, 'feeds'>,
  webhook: WebhookState,
  cursor: number | null,
  passed?: number,
): Promise<Batch | 'gap'> {
  const { org, replays } = webhook;
  if (replays.length > 0) {
    const asked = replays.slice(0, BATCH);
    const pages = await Promise.all(asked.map((position) => feeds.read(org, position - 1, 1)));
    const items = pages.flatMap((page, index) =>
      itemsOf(page, webhook, true).filter(({ sequence }) => sequence === asked[index]),
    );
    const missing = asked.filter((position) => !items.some(({ sequence }) => sequence === position));
    if (items.length > 0) return { items, again: true, missing, from: cursor, upTo: cursor ?? 0, more: true };
    return afterCursor(feeds, webhook, cursor, passed, missing);
  }
  return afterCursor(feeds, webhook, cursor, passed, []);
}

async function afterCursor(
  feeds: Desk['feeds'],
  webhook: WebhookState,
  cursor: number | null,
  passed: number | undefined,
  missing: number[],
): Promise<Batch | 'gap'> {
  const after = passed ?? cursor ?? 0;
  const page = await feeds.read(webhook.org, after, BATCH);
  // Beyond the end: the feed is not the one this cursor was moved in, and what comes next may be something else.
  if (cursor !== null && (after < page.kept - 1 || after > page.last)) return 'gap';
  const upTo = Math.max(page.next, after);
  return { items: itemsOf(page, webhook, false), again: false, missing, from: cursor, upTo, more: upTo < page.last };
}

/** Called with each call: what signs depends on the moment. @param trace of the call, where it is a step of its own */
export function letterOf(
  { secrets, clock }: Pick<Desk, 'secrets' | 'clock'>,
  webhook: WebhookState,
  item: FeedItem,
  trace = item.trace,
): Call {
  const event = cloudEvent(webhook.org, item);
  const call = envelopeOf(secrets, webhook, clock.now(), event.id, event, 0);
  return trace === undefined ? call : { ...call, headers: { ...call.headers, traceparent: trace } };
}

const MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';

/** A signed call. @param answerBytes of the answer's body wanted back */
export function envelopeOf(
  secrets: WebhookSecrets,
  { id, url, secrets: sealed }: Pick<WebhookState, 'id' | 'url' | 'secrets'>,
  now: number,
  message: string,
  event: object,
  answerBytes: number,
): Call {
  const body = JSON.stringify(event);
  const current = sealed.filter(({ until }) => until === null || now < until);
  const signers = current.map((one) => secrets.open(id, one.sealed));
  const headers = {
    'Content-Type': MEDIA_TYPE,
    'User-Agent': 'Relais-Webhooks/1',
    ...signedHeaders(signers, message, Math.floor(now / 1000), body),
  };
  return { url: new URL(url), headers, body, answerBytes };
}
