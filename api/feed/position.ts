import { queryNumber, queryText } from '#api/schemas/parameters.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Request } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { FeedCounts } from '#engine/telemetry/feed.ts';
import { type FeedScope, PositionGone } from './reader.ts';

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

/** Name of the reader: given, or the client's own. */
export function consumerOf(request: Pick<Request, 'query' | 'client'>): string {
  const name = request.query.one('consumer') ?? request.client;
  if (CONSUMER.test(name)) return name;
  throw new HttpError(
    400,
    `Le nom de consommateur « ${name.slice(0, 64)} » n’est pas valable : lettres, chiffres, . _ -, 64 au plus`,
  );
}

/**
 * Where reading begins: after the position given, else after what this consumer has acknowledged, else at the oldest
 * entry kept (undefined).
 */
export async function startOf(hub: Hub, request: Request, resumed = ''): Promise<number | undefined> {
  const text = resumed || queryText(request, 'after', 20);
  if (text !== undefined) {
    const after = resumed
      ? Number(resumed)
      : queryNumber(request, 'after', { fallback: ASKED_NOTHING, minimum: 0, integer: true });
    if (!Number.isInteger(after) || after < 0) throw new HttpError(400, 'La position n’est pas un nombre entier');
    return Math.min(after, MAX_POSITION);
  }
  const cursor = await hub.feeds.cursor(request.caller.org, consumerOf(request));
  return cursor?.acknowledged;
}

/** RFC 9110 §15.5.11: what lay between the position asked for and the oldest one is gone, and will not come back. */
export const gone = ({ oldest }: PositionGone): HttpError =>
  new HttpError(410, `Cette position n’est plus conservée : reprenez après la position ${oldest}`, 410, {
    'Relais-Oldest-Position': String(oldest),
  });

/** Runs what may find its position gone, as a refusal of the API. */
export async function keeping<T>(counts: Pick<FeedCounts, 'gone'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PositionGone)) throw error;
    counts.gone.inc();
    throw gone(error);
  }
}
