import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { keysOf, type PartitionKeys } from '#engine/redis/keys.ts';
import { functionName } from '#engine/redis/library.ts';
import { startRedis } from '#ops/redis/server.ts';

/** Patterns an access list is checked against one by one: beyond, the partition's keys are allowed as a whole. */
const MAX_PATTERNS = 300;
const USER = 'declared';
const PASSWORD = 'declared-keys-only';

export interface Server {
  redis: Client;
  /** Calls a function as a user who may touch the declared keys and channels only: any other fails the call. */
  call(name: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Every key with its serialised value: two are equal when nothing was written between them. */
  snapshot(): Promise<Record<string, string>>;
  /** How often `act` published on a channel. */
  published(channel: string, act: () => Promise<unknown>): Promise<number>;
  /** Bytes of the append-only file. */
  logged(): Promise<number>;
  /** Redis time, ms. */
  now(): Promise<number>;
  close(): Promise<void>;
}

export async function openServer(): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-lua-'));
  const server = await startRedis({ dir });
  const redis = connect(server.url, () => undefined);
  await loadFunctions(redis);
  await redis.call('ACL', 'SETUSER', USER, 'on', `>${PASSWORD}`, '+@all');
  const limited = connect(server.url.replace('redis://', `redis://${USER}:${PASSWORD}@`), () => undefined);
  const subscriber = connect(server.url, () => undefined);
  let allowed = '';
  const allow = async (keys: readonly string[]): Promise<void> => {
    const names = keys.length > MAX_PATTERNS ? [`${keys[0]?.split('}')[0]}}*`] : [...new Set(keys)];
    const rules = ['resetkeys', 'resetchannels', ...names.flatMap((name) => [`~${name}`, `&${name}`])];
    if (rules.join(' ') === allowed) return;
    allowed = rules.join(' ');
    await redis.call('ACL', 'SETUSER', USER, ...rules);
  };
  return {
    redis,
    async call(name, keys, args) {
      await allow(keys);
      return limited.fcall(functionName(name), keys.length, ...keys, ...args);
    },
    async snapshot() {
      const names = (await redis.keys('*')).sort();
      const found: Record<string, string> = {};
      for (const name of names) found[name] = (await redis.dumpBuffer(name))?.toString('hex') ?? '';
      return found;
    },
    async published(channel, act) {
      let heard = 0;
      const ended = new Promise<void>((resolve) => {
        subscriber.on('smessage', (from: string, payload: string) => {
          if (from !== channel) return;
          if (payload === 'end') resolve();
          else heard += 1;
        });
      });
      await subscriber.ssubscribe(channel);
      await act();
      await redis.spublish(channel, 'end');
      await ended;
      subscriber.removeAllListeners('smessage');
      await subscriber.sunsubscribe(channel);
      return heard;
    },
    async logged() {
      const info = await redis.info('persistence');
      return Number(/aof_current_size:(\d+)/.exec(info)?.[1]);
    },
    async now() {
      const [seconds, micros] = await redis.time();
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
    async close() {
      for (const client of [redis, limited, subscriber]) client.disconnect();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A partition as its owner sees it: a lease taken, and turns under its token. */
export interface Owner {
  keys: PartitionKeys;
  token: string;
  /** Ids and messages of the mailbox. */
  mail(): Promise<[id: string, message: string][]>;
  turn(ask?: Partial<TurnAsk>): Promise<TurnReply>;
}

export interface TurnAsk {
  token: string;
  leaseMs: number;
  wanted: number;
  bytes: number;
  timers: boolean;
  /** ids to commit, oldest first */
  covers: readonly string[];
  /** overrides of the head's count, first and last id */
  head: readonly [count: number, first: string, last: string];
  /** number, mark before, mark */
  commit: readonly [number: number, before: string, mark: string];
  /** code, key, values */
  operations: readonly (readonly [code: string, key: string, values: readonly (string | number)[]])[];
}

export interface TurnReply {
  now: number;
  backlog: number;
  due: string;
  promoted: string[];
  entries: [id: string, message: string][];
  origins: string[];
}

export const LEASE_MS = 10_000;

export async function own(server: Server, partition: number, owner = 'e1#a'): Promise<Owner> {
  const keys = keysOf(partition);
  const reply = (await server.call('take', [keys.lease, keys.in], [owner, 'nonce', LEASE_MS, 3])) as [1, string];
  const token = reply[1];
  return {
    keys,
    token,
    async mail() {
      const list = await server.redis.xrange(keys.in, '-', '+');
      return list.map(([id, fields]) => [id, fields[1] as string]);
    },
    async turn(ask = {}) {
      const covers = ask.covers ?? [];
      const [count, first, last] = ask.head ?? [covers.length, covers[0] ?? '', covers.at(-1) ?? ''];
      const declared: string[] = [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent];
      const args: (string | number)[] = [
        ask.token ?? token,
        ask.leaseMs ?? LEASE_MS,
        ask.wanted ?? 0,
        ask.bytes ?? 1_000_000,
        ask.timers ? 1 : 0,
        count,
        first,
        last,
        ...(ask.commit ?? [0, '', '']),
      ];
      for (const [code, key, values] of ask.operations ?? []) {
        if (code === 'S' || code === 'D') {
          // as many keys in a row, named by the first one and its number
          args.push(code, declared.length + 1, values.length, ...values);
          for (let i = 0; i < values.length; i += 1) declared.push(`${key}${i}`);
        } else {
          declared.push(key);
          args.push(code, declared.length, values.length, ...values);
        }
      }
      const [now, backlog, due, promoted, ...rest] = (await server.call('turn', declared, args)) as [
        number,
        number,
        string,
        string[],
        ...string[],
      ];
      const entries: [string, string][] = [];
      const origins: string[] = [];
      for (let i = 0; i < rest.length; i += 3) {
        entries.push([rest[i] as string, rest[i + 1] as string]);
        origins.push(rest[i + 2] as string);
      }
      return { now, backlog, due, promoted, entries, origins };
    },
  };
}
