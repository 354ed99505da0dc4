import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf, replyChannel } from '#engine/redis/keys.ts';
import { librarySource, luaPart } from '#engine/redis/library.ts';
import { startRedis } from '#ops/redis/server.ts';
import { type Reply, Wire } from './wire.ts';

/** Names of API processes: subscribed once, used again by every seed, since nothing of a seed outlives it. */
export const API_NAMES = Array.from({ length: 48 }, (_, index) => `api${index}`);

const END = '{sim}:end';

export interface Published {
  channel: string;
  payload: string;
}

/** The one real server of a simulation, with the product's functions; only their clock is another. */
export interface SimServer {
  wire: Wire;
  /** text of the functions */
  source: string;
  /** Executes commands at one moment; `published` then holds all they published. */
  execute(commands: readonly (readonly (string | number)[])[]): Promise<Reply[]>;
  /** Publications since the last look. */
  published(): Published[];
  close(): Promise<void>;
}

/** @param change what a mutation makes of one of the Lua files */
export async function openSimServer(change: (name: string, text: string) => string): Promise<SimServer> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-sim-'));
  const unixsocket = join(dir, 'redis.sock');
  const server = await startRedis({ dir, extra: { unixsocket, appendonly: 'no' } });
  const [wire, ear] = await Promise.all([Wire.open(unixsocket), Wire.open(unixsocket)]);
  const clock = readFileSync(new URL('./clock.lua', import.meta.url), 'utf8');
  const source = librarySource((name) => change(name, name === 'clock' ? clock : luaPart(name)));
  await wire.call('FUNCTION', 'LOAD', 'REPLACE', source);
  let heard: Published[] = [];
  let ended: () => void = () => undefined;
  ear.onMessage = (channel, payload) => {
    if (channel === END) ended();
    else heard.push({ channel, payload });
  };
  await ear.call('SSUBSCRIBE', END);
  for (let partition = 0; partition < ALL_PARTITIONS; partition += 1) {
    const { wake, free } = keysOf(partition);
    for (const channel of [wake, free, ...API_NAMES.map((name) => replyChannel(partition, name))])
      await ear.call('SSUBSCRIBE', channel);
  }
  return {
    wire,
    source,
    published() {
      const all = heard;
      heard = [];
      return all;
    },
    async execute(commands) {
      // The last publication of the same connection: those before it have arrived before it.
      const all = new Promise<void>((resolve) => {
        ended = resolve;
      });
      const replies = await wire.all([...commands, ['SPUBLISH', END, '']]);
      await all;
      return replies.slice(0, -1);
    },
    async close() {
      wire.close();
      ear.close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
