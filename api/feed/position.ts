import { wholeOf } from '#api/native/asked.ts';
import { Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { FeedCounts } from '#engine/telemetry/feed.ts';
import { type FeedScope, PositionAhead, PositionGone } from './reader.ts';

/** Names of consumers: what fits a URL, a log and a record. */
export const CONSUMER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ASKED_NOTHING = -1;
const MAX_POSITION = Number.MAX_SAFE_INTEGER - 1;

/** What the caller may see, narrowed to the démarches it asks for; none asked for: all it may see. */
export function narrowed(caller: Caller, asked: readonly string[]): FeedScope {
  const { org, process, processes } = caller;
  const allowed = process === undefined ? processes : [process];
  if (allowed === undefined && asked.length === 0) return { org, processes: undefined };
  const wanted = asked.length === 0 ? (allowed ?? []) : asked;
  return { org, processes: new Set(wanted.filter((code) => allowed?.includes(code) ?? true)) };
}

export const scopeOf = ({ caller, query }: Pick<Request, 'caller' | 'query'>): FeedScope =>
  narrowed(caller, query.list('processCode'));

/** Name of the reader: given, or the client's own. @throws Problem */
export function consumerOf(request: Pick<Request, 'query' | 'client'>): string {
  return nameOf(request.query.one('consumer') ?? request.client);
}

/** @throws Problem when it is no name */
export function nameOf(name: string): string {
  if (CONSUMER.test(name)) return name;
  throw new Problem('form-invalid', 'Nom d’un consommateur : lettres sans accent, chiffres, . _ -, 64 au plus.');
}

/** Position after which the caller wants to read; undefined: it names none. @throws Problem */
export function askedStart(request: Pick<Request, 'query'>): number | undefined {
  const after = wholeOf(request, 'after', ASKED_NOTHING);
  return after === ASKED_NOTHING ? undefined : Math.min(after, MAX_POSITION);
}

/**
 * Where reading begins: after the position given, else after what this consumer has acknowledged, else at the oldest
 * entry kept (undefined). @throws Problem
 */
export async function startOf(hub: Hub, request: Request, resumed = ''): Promise<number | undefined> {
  if (resumed !== '') {
    const after = Number(resumed);
    if (!Number.isInteger(after) || after < 0)
      throw new Problem(
        'form-invalid',
        'Last-Event-ID : un nombre entier est attendu, l’id du dernier événement reçu.',
      );
    return Math.min(after, MAX_POSITION);
  }
  const after = askedStart(request);
  if (after !== undefined) return after;
  const cursor = await hub.feeds.cursor(request.caller.org, consumerOf(request));
  return cursor?.acknowledged;
}

/** A position nobody may go on from: what lay between it and the feed's nearer end is gone, or is yet to come. */
export function gone(error: PositionGone | PositionAhead): Problem {
  if (error instanceof PositionGone) {
    const headers = { 'Relais-Oldest-Position': String(error.oldest) };
    return new Problem('position-gone', `Reprenez après la position ${error.oldest}.`, { headers });
  }
  const headers = { 'Relais-Last-Position': String(error.last) };
  return new Problem('position-ahead', `La dernière position du fil est ${error.last}.`, { headers });
}

/** Runs what may find its position gone, as a refusal of the API. */
export async function keeping<T>(counts: Pick<FeedCounts, 'gone'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PositionGone) counts.gone.inc();
    if (error instanceof PositionGone || error instanceof PositionAhead) throw gone(error);
    throw error;
  }
}
