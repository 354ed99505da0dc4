import type { Last } from '../journal/log.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { OutRecord, ParkNote } from './batch.ts';
import { acknowledgedOf, type Heard } from './heard.ts';
import { parseOut } from './lanes.ts';
import { parseNote } from './letters.ts';

/** What the owner of a partition starts from: the lease it took, and what its predecessor left under way. */
export interface Holding {
  partition: number;
  token: string;
  epoch: number;
  /** takes since the entries under way were handed out */
  tries: number;
  /** entries up to this id go one by one; '' when none do */
  alone: string;
  lastOut: number;
  lastJob: number;
  lastLetter: number;
  /** last commit */
  last: Last;
  /** of the referential */
  version: number;
  sent: Map<number, number>;
  /** what it counts, by name */
  figures: Map<string, number>;
  acked: Map<number, Heard>;
  outs: OutRecord[];
  /** number → as stored */
  jobs: Map<number, string>;
  parked: Map<string, ParkNote>;
}

const LAST = 1;

const numbers = (hash: Record<string, string>): Map<number, number> =>
  new Map(Object.entries(hash).map(([key, value]) => [Number(key), Number(value)]));

/** One that is no number is damage beyond what the journal has; it must not spread to what is counted from now on. */
const figureOf = (value: string): number => (Number.isSafeInteger(Number(value)) ? Number(value) : 0);

/** Reads what the turns of earlier owners left; called after the lease is taken, so nobody else writes it. */
export async function restore(
  reads: Reads,
  partition: number,
  lease: Pick<Holding, 'token' | 'epoch' | 'tries' | 'alone' | 'last'>,
): Promise<Holding> {
  const keys = keysOf(partition);
  const { client } = reads;
  const [sent, figures, lane, outs, jobs, parked, version, outInfo, jobInfo, deadInfo] = await Promise.all([
    client.hgetall(keys.sent),
    client.hgetall(keys.counters),
    client.hgetall(keys.lane),
    client.xrange(keys.out, '-', '+'),
    client.xrange(keys.jobs, '-', '+'),
    client.hgetall(keys.parked),
    client.get(keys.version),
    lastId(reads, keys.out),
    lastId(reads, keys.jobs),
    lastId(reads, keys.dead),
  ]);
  return {
    partition,
    ...lease,
    lastOut: outInfo,
    lastJob: jobInfo,
    lastLetter: deadInfo,
    version: Number(version ?? 0),
    sent: numbers(sent),
    figures: new Map(Object.entries(figures).map(([name, value]) => [name, figureOf(value)])),
    acked: acknowledgedOf(lane),
    outs: outs.map((entry) => parseOut(entry as [string, string[]])),
    jobs: new Map(jobs.map(([id, fields]) => [Number.parseInt(id, 10), fields[LAST] as string])),
    parked: new Map(Object.entries(parked).map(([actor, note]) => [actor, parseNote(note)])),
  };
}

/** The last number ever given in a stream, kept by Redis even when the stream is empty. */
async function lastId(reads: Reads, key: string): Promise<number> {
  if ((await reads.client.exists(key)) === 0) return 0;
  const info = (await reads.client.xinfo('STREAM', key)) as unknown[];
  const at = info.indexOf('last-generated-id');
  return Number.parseInt(String(info[at + 1]), 10);
}
