/**
 * What an operator must see at once. Names are those of ops/prometheus/alerts.yml, whose runbooks are ops/runbooks/NAME.md:
 * there they must last before anybody is called, here one look is enough.
 */
import { ago, bytes, count } from '../words.ts';
import type { Figures } from './figures.ts';

export interface Alarm {
  name: string;
  /** page: partners feel it now or soon; ticket: this week */
  severity: 'page' | 'ticket';
  text: string;
}

/** Deposits are available within 60 s for 99 %: a message that waits half of it endangers that. ms */
const OLD_MS = 30_000;
/** Lanes go on within milliseconds. ms */
const OUTBOX_OLD_MS = 30_000;
/** What is left is for the copy-on-write of a rewrite. */
const MEMORY_SHARE = 0.8;
/** A rewrite of the append-only file needs room for a second one. */
const DISK_SHARE = 0.15;
/** The event loop of an API answers nobody meanwhile. s */
const LOOP_SECONDS = 0.5;
/** Tokens and leases bear more, but somebody's clock is wrong. s */
const SKEW_SECONDS = 2;
/** A replica that lacks more is late by some seconds under load. */
const LAG_BYTES = 16 * 1024 * 1024;

export function alarmsOf(figures: Figures): Alarm[] {
  const found: Alarm[] = [];
  const page = (name: string, text: string): void => void found.push({ name, severity: 'page', text });
  const ticket = (name: string, text: string): void => void found.push({ name, severity: 'ticket', text });
  for (const { url, error } of figures.processes) if (error !== '') page('ScrapeMissing', `${url}: ${error}`);
  if (figures.processes.length === 0)
    page('ScrapeMissing', 'no process of this hub is known here: start it, or name some with --url=A,B');
  if (figures.redisError !== '') page('RedisAof', `Redis does not answer: ${figures.redisError}`);
  else if (figures.unowned > 0) page('PartitionWithoutOwner', `${figures.unowned} partitions have no owner`);
  for (const engine of figures.engines)
    if (!engine.live) page('LeaseFlapping', `engine ${engine.name} gives no sign of life, owns ${engine.partitions}`);
  if (figures.oldestMs > OLD_MS)
    page('BacklogOld', `${count(figures.backlog)} messages wait, the oldest for ${ago(figures.oldestMs)}`);
  if ((figures.lanesStuck ?? 0) > 0) page('LaneStuck', `${figures.lanesStuck} lanes between partitions stand still`);
  else if ((figures.outboxOldestMs ?? 0) > OUTBOX_OLD_MS)
    page('LaneStuck', `a message has been on its way for ${ago(figures.outboxOldestMs ?? 0)}`);
  const { errors, requests } = figures.rates;
  if ((errors ?? 0) > 0) page('ApiErrorsBurn', `${rate(errors)} of ${rate(requests)} answers are errors of the hub`);
  servers(figures, page);
  const { disk } = figures;
  if (disk !== undefined && disk.free < DISK_SHARE * disk.size)
    page('DiskFull', `${bytes(disk.free)} of ${bytes(disk.size)} left for the data folder`);
  if ((figures.eventLoopSeconds ?? 0) > LOOP_SECONDS)
    page('EventLoopBlocked', `an event loop is late by ${figures.eventLoopSeconds?.toFixed(1)} s (p99)`);
  if (figures.dead > 0) ticket('DeadLetters', `${count(figures.dead)} dead letters: ./hub dead`);
  if (figures.parked > 0) ticket('DeadLetters', `${count(figures.parked)} parked actors: ./hub dead parked`);
  if (Math.abs(figures.skewSeconds ?? 0) > SKEW_SECONDS)
    ticket('ClockSkew', `a clock differs from Redis' by ${figures.skewSeconds?.toFixed(1)} s`);
  if ((figures.rates.losses ?? 0) > 0) ticket('LeaseFlapping', 'partitions were lost by their owner');
  if ((figures.rates.webhooksFailed ?? 0) > 0)
    ticket('WebhooksPaused', `${rate(figures.rates.webhooksFailed)} calls of webhooks fail`);
  return found;
}

function servers({ servers: all }: Figures, page: (name: string, text: string) => void): void {
  for (const one of all) {
    if (one.error !== '') {
      page('RedisAof', `${one.at}: ${one.error}`);
      continue;
    }
    if (!one.aofOk) page('RedisAof', `${one.at} cannot write its append-only file`);
    if (!one.rewriteOk) page('RedisAof', `${one.at} could not rewrite its append-only file`);
    if (one.maxMemory > 0 && one.usedMemory > MEMORY_SHARE * one.maxMemory)
      page('RedisMemory', `${one.at} uses ${bytes(one.usedMemory)} of ${bytes(one.maxMemory)}`);
    if (one.replicaLag > LAG_BYTES) page('RedisReplication', `a replica of ${one.at} lacks ${bytes(one.replicaLag)}`);
  }
}

const rate = (value: number | undefined): string => (value === undefined ? '?' : `${count(value)}/s`);
