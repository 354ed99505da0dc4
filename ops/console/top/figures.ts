/** What an operator is shown, from two looks at a hub. */
import type { PartitionView } from '#engine/client/partitions.ts';
import { PACE } from '#engine/partition/limits.ts';
import { type Filter, grown, quantile } from '../exposition.ts';
import type { Recipients } from '../recipients.ts';
import type { ServerView } from '../servers.ts';
import { common, type Look, type ProcessLook } from './sample.ts';

/** By the second; undefined: no process that answers counts it. */
export interface Rates {
  deposits: number | undefined;
  deliveries: number | undefined;
  requests: number | undefined;
  /** answers of status 500 and above */
  errors: number | undefined;
  messages: number | undefined;
  pushed: number | undefined;
  polled: number | undefined;
  webhooks: number | undefined;
  webhooksFailed: number | undefined;
  pages: number | undefined;
  takes: number | undefined;
  losses: number | undefined;
}

export interface EngineView {
  name: string;
  live: boolean;
  silentMs: number;
  partitions: number;
  backlog: number;
  oldestMs: number;
  outbox: number;
}

export interface Figures {
  at: number;
  processes: readonly ProcessLook[];
  rates: Rates;
  inFlight: number | undefined;
  /** seconds: 95 % of requests, 99 % of cases were quicker, between the two looks */
  requestP95: number | undefined;
  availableP99: number | undefined;
  engines: EngineView[];
  partitions: readonly PartitionView[];
  redisError: string;
  servers: readonly ServerView[];
  backlog: number;
  oldestMs: number;
  unowned: number;
  outbox: number;
  outboxOldestMs: number | undefined;
  lanesStuck: number | undefined;
  dead: number;
  parked: number;
  eventLoopSeconds: number | undefined;
  skewSeconds: number | undefined;
  disk: Look['disk'];
  recipients: Recipients;
}

const MS_PER_S = 1_000;
const isFault: Filter = ({ status = '' }) => /^5/.test(status);
const isFailure: Filter = ({ outcome }) => outcome !== 'delivered';

export function figuresOf(now: Look, before: Look, recipients: Recipients): Figures {
  const seconds = (now.instant - before.instant) / MS_PER_S;
  const [counted, earlier] = common(now, before);
  const rate = (name: string, filter?: Filter): number | undefined => {
    const more = grown(counted, earlier, name, filter);
    return more === undefined || seconds <= 0 ? undefined : more / seconds;
  };
  const partitions = now.partitions?.partitions ?? [];
  const total = (read: (one: PartitionView) => number): number => partitions.reduce((sum, one) => sum + read(one), 0);
  const { metrics } = now;
  const outboxOldest = metrics.max('engine_outbox_oldest_seconds');
  return {
    at: now.at,
    processes: now.processes,
    rates: {
      deposits: rate('relais_deposits_accepted_total'),
      deliveries: rate('relais_delivery_seconds_count'),
      requests: rate('relais_http_request_seconds_count'),
      errors:
        rate('relais_http_request_seconds_count', isFault) ?? (counted.of('relais_http_request_seconds_count') && 0),
      messages: rate('engine_messages_total'),
      pushed: rate('push_events_total'),
      polled: rate('feed_events_total'),
      webhooks: rate('webhook_calls_total'),
      webhooksFailed: rate('webhook_calls_total', isFailure),
      pages: rate('portal_request_seconds_count'),
      takes: rate('engine_takes_total'),
      losses: rate('engine_lost_total'),
    },
    inFlight: metrics.sum('api_asks_in_flight'),
    requestP95: quantile(counted, earlier, 'relais_http_request_seconds', 0.95),
    availableP99: quantile(counted, earlier, 'relais_availability_seconds', 0.99),
    engines: enginesOf(now),
    partitions,
    redisError: now.redisError,
    servers: now.servers,
    backlog: total(({ backlog }) => backlog),
    oldestMs: Math.max(0, ...partitions.map(({ oldestMs }) => oldestMs)),
    unowned: partitions.filter(({ owner }) => owner === '').length,
    outbox: total(({ outbox }) => outbox),
    outboxOldestMs: outboxOldest === undefined ? undefined : outboxOldest * MS_PER_S,
    lanesStuck: metrics.sum('engine_lanes_stuck'),
    dead: total(({ dead }) => dead),
    parked: total(({ parked }) => parked),
    eventLoopSeconds: metrics.max('nodejs_eventloop_lag_p99_seconds'),
    skewSeconds: metrics.max('relais_clock_skew_seconds'),
    disk: now.disk,
    recipients,
  };
}

/** Those that beat, and those that own partitions and do not beat any more. */
function enginesOf({ partitions: view }: Look): EngineView[] {
  if (view === undefined) return [];
  const silences = new Map(view.members.map(({ name, silentMs }) => [name, silentMs]));
  const names = new Set([...silences.keys(), ...view.partitions.map(({ owner }) => owner)]);
  names.delete('');
  return [...names].sort().map((name) => {
    const own = view.partitions.filter(({ owner }) => owner === name);
    const silentMs = silences.get(name) ?? Number.POSITIVE_INFINITY;
    return {
      name,
      live: silentMs <= PACE.silenceMs,
      silentMs,
      partitions: own.length,
      backlog: own.reduce((sum, { backlog }) => sum + backlog, 0),
      oldestMs: Math.max(0, ...own.map(({ oldestMs }) => oldestMs)),
      outbox: own.reduce((sum, { outbox }) => sum + outbox, 0),
    };
  });
}
