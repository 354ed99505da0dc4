import assert from 'node:assert/strict';
import { FROM_CLIENT, FROM_HUB } from '#api/schemas/push.ts';
import { compile } from '#api/schemas/validate.ts';
import type { Json } from '#test/contract/wire.ts';

const DEADLINE_MS = 30_000;
const PATH = '/relais/v1/push';

/** A connection as a test holds it: each frame is checked against its schema, and waited for, never slept for. */
export class Line {
  readonly frames: Json[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly socket: WebSocket;
  #stirred = Promise.withResolvers<void>();

  /** @param token sent in the header, as programs do; absent: none */
  constructor(url: string, token?: string) {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}${PATH}`, { headers });
    this.socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data as string);
      const schema = FROM_HUB[frame.type as keyof typeof FROM_HUB];
      assert(schema && compile(schema).Check(frame), `not of the document: ${data}`);
      this.frames.push(frame);
      this.#stir();
    };
    this.socket.onclose = ({ code, reason }) => {
      this.closed = { code, reason };
      this.#stir();
    };
    this.socket.onerror = () => undefined;
  }

  /** Opens and waits until the hub has said so. */
  static async open(url: string, token: string, frame: Json = {}): Promise<Line> {
    const line = new Line(url, token);
    await line.send({ type: 'open', ...frame });
    await line.until(() => line.one('opened') !== undefined || line.closed !== undefined);
    return line;
  }

  async send(frame: Json): Promise<void> {
    await this.until(() => this.socket.readyState !== WebSocket.CONNECTING || this.closed !== undefined);
    const schema = FROM_CLIENT[frame.type as keyof typeof FROM_CLIENT];
    if (schema) assert(compile(schema).Check(frame), `not of the document: ${JSON.stringify(frame)}`);
    this.socket.send(JSON.stringify(frame));
  }

  one(type: string): Json {
    return this.frames.find((frame) => frame.type === type);
  }

  /** all events received so far */
  get events(): Json[] {
    return this.frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []));
  }

  get cases(): string[] {
    return this.events.map(({ subject }) => subject);
  }

  get sequences(): number[] {
    return this.events.map(({ sequence }) => Number(sequence));
  }

  acknowledge(position: number): Promise<void> {
    return this.send({ type: 'acknowledge', position });
  }

  /** Waits until the hub has written that the cursor is there. */
  async saved(position: number): Promise<void> {
    await this.until(() => this.frames.some((frame) => frame.type === 'acknowledged' && frame.position >= position));
  }

  async got(count: number): Promise<Json[]> {
    await this.until(() => this.events.length >= count);
    return this.events;
  }

  async end(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== undefined);
    return this.closed as { code: number; reason: string };
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.end();
  }

  /** Waits until it is so; looks whenever something came. */
  async until(holds: () => boolean): Promise<void> {
    const timer = setTimeout(() => {
      const state = {
        frames: this.frames.length,
        last: this.frames.at(-1),
        closed: this.closed,
        wanted: String(holds),
      };
      this.#stirred.reject(new Error(`never came: ${JSON.stringify(state)}`));
    }, DEADLINE_MS);
    this.socket.onopen = () => this.#stir();
    try {
      while (!holds()) await this.#stirred.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #stir(): void {
    const stirred = this.#stirred;
    this.#stirred = Promise.withResolvers();
    stirred.resolve();
  }
}
