import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A load balancer as operators run one: it asks each process whether it is ready, gives new connections to those that are,
 * and to the next one when nobody listens. What a connection carries is none of its business, and nothing is sent twice.
 */
export const LOOK_MS = 200;
const LOOK_LIMIT_MS = 5_000;
/** Answers « not ready » in a row before a process is given nothing more: one may be a mishap. */
const FALL = 2;
/** A connection that finds nobody is tried again so long, ms, as a client's own would be kept waiting. */
const PATIENCE_MS = 2_000;
const AGAIN_MS = 50;

export class Front {
  readonly #listener: Server;
  readonly #ports: readonly number[];
  readonly #ready = new Set<number>();
  readonly #misses = new Map<number, number>();
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #turn = 0;
  /** connections that no process took */
  refused = 0;

  private constructor(listener: Server, ports: readonly number[]) {
    this.#listener = listener;
    this.#ports = ports;
    listener.on('connection', (client) => void this.#join(client));
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
  }

  static async open(ports: readonly number[]): Promise<Front> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', resolve);
    });
    const front = new Front(listener, ports);
    await front.look();
    return front;
  }

  get url(): string {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new Error('the front does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Whether new connections go to that process. */
  gives(port: number): boolean {
    return this.#ready.has(port);
  }

  async look(): Promise<void> {
    await Promise.all(
      this.#ports.map(async (port) => {
        const ready = await fetch(`http://127.0.0.1:${port}/health/ready`, {
          signal: AbortSignal.timeout(LOOK_LIMIT_MS),
        })
          .then(({ ok }) => ok)
          .catch(() => false);
        const misses = ready ? 0 : (this.#misses.get(port) ?? 0) + 1;
        this.#misses.set(port, misses);
        if (ready) this.#ready.add(port);
        else if (misses >= FALL) this.#ready.delete(port);
      }),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  async #join(client: Socket): Promise<void> {
    this.#keep(client);
    client.pause();
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until && !client.destroyed; ) {
      const server = await this.#reach();
      if (server !== undefined) return this.#carry(client, server);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    if (!client.destroyed) this.refused += 1;
    client.destroy();
  }

  async #reach(): Promise<Socket | undefined> {
    this.#turn += 1;
    const order = this.#ports.map((_, at) => this.#ports[(at + this.#turn) % this.#ports.length] as number);
    for (const port of order.filter((one) => this.#ready.has(one))) {
      const server = await reached(port);
      if (server !== undefined) return server;
      this.#ready.delete(port);
    }
    return undefined;
  }

  #carry(client: Socket, server: Socket): void {
    this.#keep(server);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.pipe(to);
      from.on('close', () => to.destroy());
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

function reached(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
