import { ALL_PARTITIONS } from '../domain/placement.ts';

/**
 * Every key and channel name, and where partitions lie in a cluster. A partition's keys share one hash tag, so
 * they share one slot; the tags are chosen so that slots are evenly spaced whatever the number of masters.
 */
const SLOTS = 16_384;
const CRC16_POLYNOMIAL = 0x1021;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const SUFFIX_LETTERS = `${LETTERS}0123456789`;

/** CRC-16/XMODEM, as Redis Cluster hashes tags. */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ CRC16_POLYNOMIAL) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}

function tagOf(partition: number): string {
  const wanted = Math.floor((SLOTS * (partition + 0.5)) / ALL_PARTITIONS);
  let best = '';
  let distance = SLOTS;
  for (const first of LETTERS) {
    for (const second of SUFFIX_LETTERS) {
      const tag = `${partition}${first}${second}`;
      const far = Math.abs(slotOf(tag) - wanted);
      if (far < distance) {
        best = tag;
        distance = far;
      }
    }
  }
  return best;
}

const tags = Array.from({ length: ALL_PARTITIONS }, (_, partition) => `{${tagOf(partition)}}`);

const tag = (partition: number): string => {
  const found = tags[partition];
  if (found === undefined) throw new RangeError(`no partition ${partition}`);
  return found;
};

/** Fixed keys of one partition. */
export interface PartitionKeys {
  in: string;
  lease: string;
  due: string;
  timers: string;
  out: string;
  sent: string;
  lane: string;
  seen: string;
  jobs: string;
  dead: string;
  parked: string;
  counters: string;
  version: string;
  changes: string;
  wake: string;
  free: string;
  /** channel: feeds that grew */
  news: string;
}

const build = (partition: number): PartitionKeys => {
  const t = tag(partition);
  return {
    in: `${t}:in`,
    lease: `${t}:lease`,
    due: `${t}:due`,
    timers: `${t}:timers`,
    out: `${t}:out`,
    sent: `${t}:sent`,
    lane: `${t}:lane`,
    seen: `${t}:seen`,
    jobs: `${t}:jobs`,
    dead: `${t}:dead`,
    parked: `${t}:parked`,
    counters: `${t}:n`,
    version: `${t}:version`,
    changes: `${t}:changes`,
    wake: `${t}:wake`,
    free: `${t}:free`,
    news: `${t}:news`,
  };
};

const all = Array.from({ length: ALL_PARTITIONS }, (_, partition) => build(partition));

export const keysOf = (partition: number): PartitionKeys => all[partition] as PartitionKeys;

/** Key of a record kept as a string, or of a sorted set. */
export const recordKey = (partition: number, name: string): string => tag(partition) + name;

/** Key of the hash that holds all records of one kind of the referential. */
export const hashKey = (partition: number, letter: string): string => `${tag(partition)}:h:${letter}`;

/** Deliveries that wait behind a dead letter of their actor. */
export const parkKey = (partition: number, actor: string): string => `${tag(partition)}:park:${actor}`;

/** Channel on which a partition answers an API process. */
export const replyChannel = (partition: number, api: string): string => `${tag(partition)}:re:${api}`;

/** The lease of the partition whose keys begin with that tag, its closing brace left out. */
export const leaseOfTag = (text: string): string => `${text}}:lease`;

/** The partition of a channel or key, by its tag. */
export function partitionOfKey(key: string): number {
  return Number.parseInt(key.slice(1), 10);
}

/** Keys of the hub as a whole. */
export const CONTROL = {
  meta: '{hub}:meta',
  members: '{hub}:members',
  holders: '{hub}:holders',
  couriers: '{hub}:couriers',
  builds: '{hub}:builds',
  /** hash: when each organisation last came for what is there, ms */
  pulls: '{hub}:pulls',
} as const;

/** A session of an agent, by the hash of its secret. */
export const sessionKey = (hash: string): string => `{hub}:session:${hash}`;

/** Agents who look at a case. */
export const presenceKey = (case_: string): string => `{hub}:present:${case_}`;

/** What may be used once was used: by its hash, until it is worth nothing any more. */
export const spentKey = (hash: string): string => `{hub}:spent:${hash}`;

/** Hashes of the sessions of one agent. */
export const sessionsKey = (agent: string): string => `{hub}:sessions:${agent}`;

/** Saved views of an agent, or of an organisation. */
export const viewsKey = (owner: string): string => `{hub}:views:${owner}`;
