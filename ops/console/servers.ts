/** How the hub's Redis masters are, as they say themselves. */
import { type Client, masters } from '#engine/redis/connect.ts';

export interface ServerView {
  /** `127.0.0.1:6379` */
  at: string;
  /** why it gives no figures; '' when it does: the others are 0 then */
  error: string;
  version: string;
  usedMemory: number;
  /** 0: no limit */
  maxMemory: number;
  /** size of its append-only file, bytes */
  aofBytes: number;
  aofOk: boolean;
  rewriteOk: boolean;
  clients: number;
  replicas: number;
  /** what the replica furthest behind lacks, bytes */
  replicaLag: number;
  commandsPerSecond: number;
}

const NOTHING: Omit<ServerView, 'at' | 'error'> = {
  version: '',
  usedMemory: 0,
  maxMemory: 0,
  aofBytes: 0,
  aofOk: true,
  rewriteOk: true,
  clients: 0,
  replicas: 0,
  replicaLag: 0,
  commandsPerSecond: 0,
};

/** Never throws: a server that does not answer says why. */
export function readServers(client: Client): Promise<ServerView[]> {
  return Promise.all(
    masters(client).map(async (server): Promise<ServerView> => {
      const at = `${server.options.host}:${server.options.port}`;
      try {
        return { at, error: '', ...viewOf(await server.info()) };
      } catch (error) {
        return { at, ...NOTHING, error: (error as Error).message };
      }
    }),
  );
}

/** @param info what INFO answers */
export function viewOf(info: string): Omit<ServerView, 'at' | 'error'> {
  const fields = new Map(info.split(/\r?\n/).map((line) => line.split(/:(.*)/s).slice(0, 2) as [string, string]));
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  const written = number('master_repl_offset');
  const offsets = [...info.matchAll(/^slave\d+:.*\boffset=(\d+)/gm)].map(([, offset]) => Number(offset));
  return {
    version: fields.get('redis_version') ?? '',
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    aofBytes: number('aof_current_size'),
    aofOk: (fields.get('aof_last_write_status') ?? 'ok') === 'ok',
    rewriteOk: (fields.get('aof_last_bgrewrite_status') ?? 'ok') === 'ok',
    clients: number('connected_clients'),
    replicas: number('connected_slaves'),
    replicaLag: Math.max(0, ...offsets.map((offset) => written - offset)),
    commandsPerSecond: number('instantaneous_ops_per_sec'),
  };
}
