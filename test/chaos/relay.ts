import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that carries bytes both ways, until it is told to behave as a bad network does. */
interface Pair {
  client: Socket;
  server: Socket;
}

export class Relay {
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  #target = 0;
  #refusing = false;
  #delayMs = 0;

  private constructor(listener: Server) {
    this.#listener = listener;
    listener.on('connection', (client) => this.#join(client));
  }

  static async open(): Promise<Relay> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', resolve);
    });
    return new Relay(listener);
  }

  get port(): number {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new Error('the relay does not listen');
    return address.port;
  }

  /** The loopback port that connections lead to from now on. */
  lead(port: number): void {
    this.#target = port;
  }

  /** Every connection breaks, with what is under way in it. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** New connections are broken at once, or let through again. */
  refuse(yes: boolean): void {
    this.#refusing = yes;
  }

  /** Each piece of data arrives that much later, in its order; none is held back with 0. */
  slow(ms: number): void {
    this.#delayMs = ms;
  }

  /** One side of every connection is told that the other has nothing more to say; what it still says is carried on. */
  halfClose(side: 'client' | 'server'): void {
    for (const pair of this.#pairs) pair[side].end();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #join(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: '127.0.0.1', port: this.#target, allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    this.#carry(client, server, pair);
    this.#carry(server, client, pair);
  }

  /** Order is kept: a piece never overtakes the one before, whatever the delay became meanwhile. */
  #carry(from: Socket, to: Socket, pair: Pair): void {
    let last = 0;
    const later = (deed: () => void): void => {
      const at = Math.max(last, performance.now() + this.#delayMs);
      last = at;
      if (at - performance.now() < 1) deed();
      else setTimeout(deed, at - performance.now());
    };
    from.on('data', (bytes) => {
      later(() => {
        if (to.writable && !to.write(bytes)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
    });
    from.on('end', () => later(() => to.end()));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#pairs.delete(pair);
      to.destroy();
    });
  }
}
