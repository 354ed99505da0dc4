import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { Exposition, parse } from '#ops/console/exposition.ts';
import type { Recipients } from '#ops/console/recipients.ts';
import { type Figures, figuresOf } from '#ops/console/top/figures.ts';
import type { Look } from '#ops/console/top/sample.ts';

const NOW = Date.parse('2026-11-26T03:04:05Z');
const GB = 1_000_000_000;

const METRICS = (n: number): string => `relais_deposits_accepted_total{way="call"} ${n * 20}
relais_http_request_seconds_count{status="200"} ${n * 1_000}
relais_http_request_seconds_bucket{le="0.05"} ${n * 1_000}
relais_http_request_seconds_bucket{le="+Inf"} ${n * 1_000}
api_asks_in_flight 3
`;

/** A hub that is well, as two looks two seconds apart see it. */
export function looks(change: Partial<Look> = {}, metrics: (n: number) => string = METRICS): [Look, Look] {
  const partitions = Array.from({ length: ALL_PARTITIONS }, (_, number) => ({
    number,
    owner: number % 2 === 0 ? 'machine-a:1' : 'machine-b:2',
    epoch: NOW - 3_600_000,
    commits: 1_000,
    backlog: number === 5 ? 12 : 0,
    oldestMs: number === 5 ? 400 : 0,
    outbox: 0,
    dead: 0,
    parked: 0,
  }));
  const members = ['machine-a:1', 'machine-b:2'].map((name) => ({ name, silentMs: 300 }));
  const server = {
    at: '10.0.0.1:6379',
    error: '',
    version: '7.0.15',
    usedMemory: 1.2 * GB,
    maxMemory: 8 * GB,
    aofBytes: 3 * GB,
    aofOk: true,
    rewriteOk: true,
    clients: 12,
    replicas: 1,
    replicaLag: 0,
    commandsPerSecond: 4_200,
  };
  const one = (n: number): Look => ({
    at: NOW + n * 2_000,
    instant: n * 2_000,
    processes: [
      { url: 'http://10.0.0.2:8080', error: '' },
      { url: 'http://10.0.0.3:8080', error: '' },
    ],
    metrics: new Exposition(parse(metrics(n))),
    answers: new Map([['http://10.0.0.2:8080', parse(metrics(n))]]),
    partitions: { now: NOW, members, partitions, away: [] },
    redisError: '',
    servers: [server],
    disk: { free: 60 * GB, size: 100 * GB },
    ...change,
  });
  return [one(1), one(2)];
}

export const RECIPIENTS: Recipients = {
  error: '',
  rows: Array.from({ length: 40 }, (_, index) => ({
    key: `SI-2177000100${String(index).padStart(4, '0')}-77${index}`,
    name: `Commune de Saint-Étienne n° ${index}`,
    state: index === 3 ? ('silent' as const) : index % 2 === 0 ? ('behind' as const) : ('ok' as const),
    lastPull: index === 3 ? undefined : NOW - index * 60_000,
    oldestUnread: index % 2 === 0 || index === 3 ? NOW - index * 3_600_000 : undefined,
    unread: index,
    late: 0,
    live: 0,
    held: 0,
  })),
};

export function figures(change: Partial<Look> = {}, metrics?: (n: number) => string): Figures {
  const [before, now] = looks(change, metrics);
  return figuresOf(now, before, RECIPIENTS);
}
