import { ALL_PARTITIONS } from '../domain/placement.ts';
import { type Client, masters } from '../redis/connect.ts';
import { CONTROL, keysOf } from '../redis/keys.ts';

/** How a partition stands, as its Redis has it: shown also when no process answers any more. */
export interface PartitionView {
  number: number;
  /** member that owns it; '' when nobody does, or its lease is over */
  owner: string;
  /** when it was taken last, ms of Redis' clock: every take has a later one; 0: never */
  epoch: number;
  /** commits in its life */
  commits: number;
  /** messages waiting in its mailbox */
  backlog: number;
  /** how long the oldest of them has waited, ms */
  oldestMs: number;
  /** messages on their way to other partitions */
  outbox: number;
  dead: number;
  parked: number;
}

/** An engine that takes part in sharing the partitions. */
export interface MemberView {
  name: string;
  /** since its last sign of life, ms */
  silentMs: number;
}

/** What the hub's Redis says of its partitions, at about one moment. */
export interface PartitionsView {
  /** ms of Redis' clock */
  now: number;
  members: MemberView[];
  partitions: PartitionView[];
  /** partitions whose server does not answer, and nothing is known of */
  away: number[];
}

const MS_PER_S = 1_000;
const US_PER_MS = 1_000;

/**
 * Reads without guard or function: what is shown may be what nobody vouches for. Of a cluster, what its masters that
 * answer have.
 * @throws Error when none of them answers
 */
export async function readPartitions(client: Client): Promise<PartitionsView> {
  const now = await redisNow(client);
  const beats = await client.zrange(CONTROL.members, '0', '-1', 'WITHSCORES').catch(() => []);
  const members: MemberView[] = [];
  for (let i = 0; i < beats.length; i += 2)
    members.push({ name: beats[i] as string, silentMs: Math.max(0, now - Number(beats[i + 1])) });
  const numbers = Array.from({ length: ALL_PARTITIONS }, (_, number) => number);
  const found = await Promise.all(numbers.map((number) => readPartition(client, number, now).catch(() => number)));
  return {
    now,
    members: members.sort((a, b) => (a.name < b.name ? -1 : 1)),
    partitions: found.filter((one) => typeof one !== 'number'),
    away: found.filter((one) => typeof one === 'number'),
  };
}

/** Redis' clock, of the first server that answers, ms. @throws Error when none does */
export async function redisNow(client: Client): Promise<number> {
  const servers = masters(client);
  if (servers.length === 0) throw new Error('no master of the cluster is known');
  const [seconds, micros] = await Promise.any(servers.map((server) => server.time()));
  return Number(seconds) * MS_PER_S + Math.floor(Number(micros) / US_PER_MS);
}

export async function readPartition(client: Client, number: number, now: number): Promise<PartitionView> {
  const keys = keysOf(number);
  const [lease, backlog, first, outbox, dead, parked] = await Promise.all([
    client.hmget(keys.lease, 'owner', 'until', 'token', 'turn'),
    client.xlen(keys.in),
    client.xrange(keys.in, '-', '+', 'COUNT', 1),
    client.xlen(keys.out),
    client.xlen(keys.dead),
    client.hlen(keys.parked),
  ]);
  const [owner, until, token, turn] = lease;
  const runs = Number(until ?? 0) > now;
  return {
    number,
    owner: runs ? (owner ?? '').replace(/#[^#]*$/, '') : '',
    epoch: Number.parseInt(token ?? '0', 10),
    commits: Number(turn ?? 0),
    backlog,
    // ids of its entries are the milliseconds in which Redis took them
    oldestMs: first[0] === undefined ? 0 : Math.max(0, now - Number.parseInt(first[0][0], 10)),
    outbox,
    dead,
    parked,
  };
}
