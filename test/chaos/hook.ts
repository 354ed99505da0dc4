import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from './caller.ts';
import type { History } from './history.ts';
import { FEED, newsOf } from './poller.ts';

/** A partner's server that the hub calls for each piece of news: it answers all, and is there whatever the weather is. */
const WEBHOOKS = '/relais/v1/webhooks';
const CHALLENGE = 'fr.relais.webhook.challenge.v1';
const LOOK_MS = 100;
/** Calls of a process that was killed go on after 20 s. ms */
const FINISH_MS = 60_000;

type Called = Parameters<typeof newsOf>[0] & { data: { challenge?: string } };

async function bodyOf(request: IncomingMessage): Promise<Called | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // Who called died.
    return undefined;
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as Called;
}

export class Hook {
  readonly #who: number;
  readonly #caller: Caller;
  readonly #history: History;
  readonly #server: Server;
  #position = 0;

  constructor(who: number, caller: Caller, history: History) {
    this.#who = who;
    this.#caller = caller;
    this.#history = history;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  /** Registers it; all else comes by itself. */
  async work(over: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/relais`;
    const body = JSON.stringify({ url, email: 'exploitation@chaos.test', after: 0 });
    while (!over.aborted) {
      const call = { method: 'POST', path: WEBHOOKS, type: 'application/json', body };
      const { status } = await this.#caller.ask({ kind: 'feed', who: this.#who, reader: 'webhook' }, call);
      if (status === 201) return;
      await pause(LOOK_MS);
    }
  }

  /** Called for everything that is left, once nobody writes any more. */
  async finish(): Promise<void> {
    for (const deadline = performance.now() + FINISH_MS; performance.now() < deadline; await pause(LOOK_MS)) {
      const { status, head } = await this.#caller.send({ method: 'GET', path: `${FEED}?after=0&limit=1` });
      if (status === 200 && this.#position >= Number(/relais-last-position: *(\d+)/i.exec(head)?.[1])) break;
    }
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const called = await bodyOf(request);
    if (called === undefined) return;
    if (called.type === CHALLENGE) {
      response.writeHead(200).end(JSON.stringify({ challenge: called.data.challenge }));
      return;
    }
    const news = newsOf(called);
    const now = performance.now();
    const entry = { who: this.#who, reader: 'webhook', sent: now, done: now } as const;
    // One at a time, and none before the one before it was answered.
    this.#history.add({ ...entry, kind: 'feed', status: 200, position: news.sequence - 1, news: [news] });
    this.#history.add({ ...entry, kind: 'acknowledge', status: 0, position: news.sequence });
    this.#position = Math.max(this.#position, news.sequence);
    response.writeHead(204).end();
  }
}
