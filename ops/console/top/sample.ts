/** One look at a hub: its processes' metrics, its Redis, the disk of its folder. What does not answer says why. */
import { type PartitionsView, readPartitions } from '#engine/client/partitions.ts';
import type { Client } from '#engine/redis/connect.ts';
import { roomOf } from '#engine/telemetry/room.ts';
import { Exposition, parse, type Sample } from '../exposition.ts';
import { metricsText } from '../scrape.ts';
import { readServers, type ServerView } from '../servers.ts';

export interface ProcessLook {
  url: string;
  /** '' when it answered */
  error: string;
}

export interface Look {
  /** ms of this machine's clock, and of one that never goes back */
  at: number;
  instant: number;
  processes: ProcessLook[];
  /** of all that answered, and of each of them by its address */
  metrics: Exposition;
  answers: ReadonlyMap<string, readonly Sample[]>;
  /** undefined: Redis does not answer, `redisError` says why */
  partitions: PartitionsView | undefined;
  redisError: string;
  servers: ServerView[];
  /** undefined: no such folder here */
  disk: { free: number; size: number } | undefined;
}

export interface Sources {
  data: string;
  /** asked before each look: processes come and go */
  urls(): string[];
  redis: Client;
}

export async function look({ data, urls, redis }: Sources): Promise<Look> {
  const wanted = urls();
  const [processes, partitions, servers, disk] = await Promise.all([
    Promise.all(wanted.map(scraped)),
    readPartitions(redis).catch((error: Error) => error),
    readServers(redis),
    roomOf(data).catch(() => undefined),
  ]);
  return {
    at: Date.now(),
    instant: performance.now(),
    processes: processes.map(({ url, error }) => ({ url, error })),
    metrics: new Exposition(processes.flatMap(({ samples }) => samples)),
    answers: new Map(processes.filter(({ error }) => error === '').map(({ url, samples }) => [url, samples])),
    partitions: partitions instanceof Error ? undefined : partitions,
    redisError: partitions instanceof Error ? partitions.message : lacking(partitions),
    servers,
    disk,
  };
}

/** What two looks have in common: processes that answered both, so that what is counted did not come or go with one. */
export function common(now: Look, before: Look): [now: Exposition, before: Exposition] {
  const urls = [...now.answers.keys()].filter((url) => before.answers.has(url));
  const of = ({ answers }: Look): Exposition => new Exposition(urls.flatMap((url) => answers.get(url) ?? []));
  return [of(now), of(before)];
}

async function scraped(url: string): Promise<ProcessLook & { samples: Sample[] }> {
  try {
    return { url, error: '', samples: parse(await metricsText(url)) };
  } catch (error) {
    return { url, error: (error as Error).message, samples: [] };
  }
}

const lacking = ({ away }: PartitionsView): string =>
  away.length === 0 ? '' : `the server of ${away.length} partitions does not answer`;
