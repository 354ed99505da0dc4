/** The road from the portal to the hub, which a test can close, or answer on: a hub that is away, or out of its mind. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What no hub says: an answer that is not whole, by whatever comes between. */
export const NONSENSE = '{"items":[';

export class Gate {
  readonly #to: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isShut = false;
  /** by what a request begins with, what it is answered */
  #instead: readonly [begins: string, status: number, body: string] | undefined;

  /** @param url of the hub */
  constructor(url: string) {
    this.#to = new URL(url);
    this.#server = createServer((socket) => this.#lead(socket));
  }

  /** The hub's address, by this road. */
  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The hub is away while that is done. */
  async shutWhile(what: () => Promise<void>): Promise<void> {
    this.#isShut = true;
    this.#drop();
    try {
      await what();
    } finally {
      this.#isShut = false;
    }
  }

  /** Requests that begin so, like `GET /relais/v1/exports`, get that answer while that is done. */
  async answerWhile(begins: string, status: number, body: string, what: () => Promise<void>): Promise<void> {
    this.#instead = [begins, status, body];
    try {
      await what();
    } finally {
      this.#instead = undefined;
    }
  }

  async close(): Promise<void> {
    this.#drop();
    await new Promise((done) => this.#server.close(done));
  }

  #drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #lead(from: Socket): void {
    if (this.#isShut) {
      from.destroy();
      return;
    }
    const to = connect(Number(this.#to.port), this.#to.hostname);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay();
      // One end of a road without the other leads nowhere.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    from.pipe(this.#looked(from)).pipe(to);
    to.pipe(from);
  }

  /** A request that is answered here goes no further. */
  #looked(from: Socket): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        const [begins = '', status, body = ''] = this.#instead ?? [];
        if (status === undefined || !chunk.toString('latin1').startsWith(begins)) return done(null, chunk);
        from.write(
          `HTTP/1.1 ${status} Said\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        done();
      },
    });
  }
}
