import { type Client, isCluster, masters } from './connect.ts';

/** How one master is, as it says itself. Bytes are bytes; what is a state is true when all is well. */
export interface Health {
  usedMemory: number;
  /** 0: no limit */
  maxMemory: number;
  replicas: number;
  /** what the replica furthest behind lacks, bytes */
  replicaLag: number;
  aofWrite: boolean;
  aofRewrite: boolean;
  loading: boolean;
  /** clock of this process less its own, ms */
  skew: number;
  /** its data folder, where it may be asked for; '' else */
  folder: string;
}

type Server = ReturnType<typeof masters>[number];

/** Whoever asks for figures waits no longer for a server that does not answer, ms. */
const PATIENCE_MS = 2_000;
const MS = 1_000;
const LOCAL = /^(?:localhost|127\.|::1$)/;

/** The masters in the order of what they hold, so that a failover changes who is a node and not which. */
function nodesOf(client: Client): (Server | undefined)[] {
  if (!isCluster(client)) return [client];
  const known = new Map(masters(client).map((master) => [`${master.options.host}:${master.options.port}`, master]));
  const places = new Set(client.slots.flatMap((addresses) => addresses?.[0] ?? []));
  return [...places].map((place) => known.get(place));
}

/** Looks at each master of a hub, at most `PATIENCE_MS` long. */
export class Servers {
  readonly #client: Client;
  readonly #folders = new Map<Server, string>();
  #known = 1;

  constructor(client: Client) {
    this.#client = client;
  }

  /** By node; undefined: it does not answer. */
  async look(): Promise<(Health | undefined)[]> {
    const nodes = nodesOf(this.#client);
    this.#known = Math.max(this.#known, nodes.length);
    return Promise.all(Array.from({ length: this.#known }, (_, at) => this.#patient(nodes[at])));
  }

  async #patient(server: Server | undefined): Promise<Health | undefined> {
    if (server === undefined) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    try {
      return await Promise.race([this.#ask(server).catch(() => undefined), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(server: Server): Promise<Health> {
    const sent = Date.now();
    const [[seconds, micros], came] = await server.time().then((time) => [time, Date.now()] as const);
    const [info, folder] = await Promise.all([server.info(), this.#folder(server)]);
    const skew = (sent + came) / 2 - (Number(seconds) * MS + Number(micros) / MS);
    return { ...healthOf(info), skew, folder };
  }

  /** Only of this machine's can anything be said, and a server of somebody else's may refuse to tell. */
  async #folder(server: Server): Promise<string> {
    if (!LOCAL.test(server.options.host ?? '')) return '';
    const known = this.#folders.get(server);
    if (known !== undefined) return known;
    const found = await server.config('GET', 'dir').then(
      (reply) => (reply as string[])[1] ?? '',
      () => '',
    );
    this.#folders.set(server, found);
    return found;
  }
}

/** @param info what INFO answers */
export function healthOf(info: string): Omit<Health, 'skew' | 'folder'> {
  const fields = new Map(info.split(/\r?\n/).map((line) => line.split(/:(.*)/s).slice(0, 2) as [string, string]));
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  const isOk = (name: string): boolean => (fields.get(name) ?? 'ok') === 'ok';
  const written = number('master_repl_offset');
  const offsets = [...info.matchAll(/^slave\d+:.*\boffset=(\d+)/gm)].map(([, offset]) => Number(offset));
  return {
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    replicas: number('connected_slaves'),
    replicaLag: Math.max(0, ...offsets.map((offset) => written - offset)),
    aofWrite: isOk('aof_last_write_status'),
    aofRewrite: isOk('aof_last_bgrewrite_status'),
    loading: number('loading') === 1,
  };
}
