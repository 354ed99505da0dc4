import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';

export interface Outgoing {
  method: string;
  /** Path and query. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Milliseconds without a byte before a call is given up: the contract's gateway allows 300 s for big files, the demo's are small. */
const silenceMs = 60_000;

/** Connections kept to the API: more than the demo's calls in flight, so that none waits for a socket. */
const connections = 640;

/** Plain HTTP/1.1 calls to one host over connections kept alive. No policy: errors and statuses go to the caller. */
export class Http {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });

  constructor(base: string) {
    this.#base = new URL(base);
  }

  send({ method, path, headers = {}, body }: Outgoing): Promise<Answer> {
    const { hostname, port } = this.#base;
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const call = request(
        { hostname, port, method, path, agent: this.#agent, timeout: silenceMs, headers: { ...headers, ...length } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error(`no answer to ${method} ${path} in ${silenceMs / 1000} s`)));
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
