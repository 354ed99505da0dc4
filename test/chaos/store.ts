import { lastPort, type RedisServer, startRedis } from '#ops/redis/server.ts';

/** What the product keeps its records in, as a fault sees it: one server here, several when a run has a cluster. */
export interface Store {
  /** for HUB_REDIS_URL */
  readonly url: string;
  /** folder of the append-only file */
  readonly dir: string;
  /** To every server of it. */
  signal(name: NodeJS.Signals): void;
  /** SIGKILL. @returns how many died */
  kill(): Promise<number>;
  /** On the same folder and port, as it lies there now. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

type Settings = Pick<Parameters<typeof startRedis>[0], 'env' | 'extra'>;

/** A server of the run's own. */
export class OneServer implements Store {
  readonly dir: string;
  readonly #more: Settings;
  #server: RedisServer;

  private constructor(dir: string, more: Settings, server: RedisServer) {
    this.dir = dir;
    this.#more = more;
    this.#server = server;
  }

  /** @param env more variables of its environment @param extra other settings than the product's own server has */
  static async open(dir: string, env: Record<string, string>, extra: Record<string, string> = {}): Promise<OneServer> {
    return new OneServer(dir, { env, extra }, await startRedis({ dir, env, extra }));
  }

  get url(): string {
    return this.#server.url;
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#server.pid, name);
  }

  async kill(): Promise<number> {
    this.signal('SIGKILL');
    await this.#server.ended;
    return 1;
  }

  async start(): Promise<void> {
    this.#server = await startRedis({ dir: this.dir, port: this.#server.port, ...this.#more });
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

/** The product's own server, which the product keeps: a run only looks at it. */
export class KeptServer implements Store {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  get port(): number {
    return lastPort(this.dir);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  signal(): never {
    throw new Error('the product keeps this server');
  }

  kill(): never {
    return this.signal();
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
