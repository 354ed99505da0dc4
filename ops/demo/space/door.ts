/** How the portal asks for the space to be made new: an address on loopback that only it knows. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Two resets in a row are one. ms */
const pauseMs = 5_000;

export class Door {
  readonly #path = `/${randomBytes(24).toString('base64url')}`;
  readonly #server: Server;
  #reset: (() => Promise<void>) | undefined;
  #last = 0;

  constructor(pause = pauseMs) {
    this.#server = createServer((request, response) => {
      const answer = (status: number) => response.writeHead(status).end();
      if (request.method !== 'POST' || request.url !== this.#path) return answer(404);
      if (this.#reset === undefined) return answer(503);
      if (Date.now() - this.#last < pause) return answer(204);
      this.#reset().then(
        () => {
          this.#last = Date.now();
          answer(204);
        },
        () => answer(500),
      );
    });
  }

  /** Listens on a free port; the address is for `HUB_PORTAL_DEMO_URL`. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#path}`;
  }

  /** Until then it answers that it is too early. */
  leadsTo(reset: () => Promise<void>): void {
    this.#reset = reset;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
