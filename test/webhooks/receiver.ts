import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '#test/contract/wire.ts';

/** One call as a partner's server receives it. */
export interface Received {
  headers: Record<string, string>;
  /** as sent: what is signed */
  body: string;
  event: Json;
}

type Answer = (received: Received, response: ServerResponse) => void;

const CHALLENGE = 'fr.relais.webhook.challenge.v1';
const ok: Answer = (_, response) => response.writeHead(204).end();
/** Answers the challenge as the documentation tells. */
export const prove: Answer = ({ event }, response) =>
  response.writeHead(200).end(JSON.stringify({ challenge: event.data.challenge }));

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A partner's server on loopback: keeps what it got, answers as told, and tells who waits for it. */
export class Receiver {
  /** deliveries, oldest first; challenges apart */
  readonly got: Received[] = [];
  readonly challenges: Received[] = [];
  answer: Answer = ok;
  challenge: Answer = prove;
  /** calls under way, and the most there ever were */
  now = 0;
  most = 0;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #waiting: { enough: () => boolean; resolve: () => void }[] = [];

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/relais`;
  }

  get positions(): number[] {
    return this.got.map(({ event }) => Number(event.sequence));
  }

  /** Resolves once that is so. */
  until(enough: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ enough, resolve });
      this.#tell();
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.now += 1;
    this.most = Math.max(this.most, this.now);
    response.on('close', () => {
      this.now -= 1;
    });
    const body = await textOf(request).catch(() => undefined);
    if (body === undefined) return;
    const received = { headers: request.headers as Record<string, string>, body, event: JSON.parse(body) };
    const proof = received.event.type === CHALLENGE;
    (proof ? this.challenges : this.got).push(received);
    (proof ? this.challenge : this.answer)(received, response);
    this.#tell();
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.enough()) one.resolve();
      else this.#waiting.push(one);
    }
  }
}
