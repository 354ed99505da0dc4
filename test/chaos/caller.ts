import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, Wire } from '#bench/wire.ts';
import type { Entry, History } from './history.ts';

/** A partner's connection: opened again when it was cut, its requests written in the history. */
export type Subject = Omit<Entry, 'sent' | 'done' | 'status'>;

export interface Call {
  method: string;
  path: string;
  /** the type of the body */
  type?: string;
  /** of an Idempotency-Key */
  key?: string;
  body?: string | Buffer;
}

/** Longer than the 15 s a request may wait in the product: what is not answered by then never will be. ms */
const REQUEST_MS = 20_000;
/** Between two attempts to reach a server that is away. ms */
const AGAIN_MS = 100;
/** A connection that was idle for longer may just be closed by the server, which waits for 10 s. ms */
const IDLE_MS = 5_000;
const FAULT = 500;
/** Of what a fault says. */
const SAID = 300;
const LAST = /^connection: *close/im;

export class Caller {
  readonly #url: string;
  readonly #token: string;
  readonly #history: History;
  #wire: Wire | undefined;
  #used = 0;

  constructor(url: string, token: string, history: History) {
    this.#url = url;
    this.#token = token;
    this.#history = history;
  }

  /** A request of the history; `learn` adds what its answer says. Never throws: status 0 when no answer came. */
  async ask(subject: Subject, call: Call, learn?: (answer: Answer) => Partial<Entry>): Promise<Answer> {
    const sent = performance.now();
    const answer = await this.send(call);
    const more = answer.status >= 200 && answer.status < 300 ? learn?.(answer) : undefined;
    const said = answer.status >= FAULT ? { said: answer.body.toString().slice(0, SAID) } : {};
    this.#history.add({ ...subject, ...more, ...said, sent, done: performance.now(), status: answer.status });
    // A partner's software does not hammer what is in trouble.
    if (answer.status === 0 || answer.status >= 500) await pause(AGAIN_MS);
    return answer;
  }

  /** A request that the history need not know. */
  async send({ method, path, type, key, body }: Call): Promise<Answer> {
    const typed = type === undefined ? '' : `Content-Type: ${type}\r\n`;
    const keyed = key === undefined ? '' : `Idempotency-Key: ${key}\r\n`;
    const headers = `Authorization: Bearer ${this.#token}\r\n${typed}${keyed}editorName: Chaos\r\napplicationName: chaos\r\nsoftwareVersion: 1\r\n`;
    let timer: NodeJS.Timeout | undefined;
    try {
      if (performance.now() - this.#used > IDLE_MS) this.close();
      this.#wire ??= await Wire.open(this.#url);
      const wire = this.#wire;
      timer = setTimeout(() => wire.close(), REQUEST_MS);
      const answer = await wire.send(method, path, headers, body);
      this.#used = performance.now();
      // The server wants no other request there.
      if (LAST.test(answer.head)) this.close();
      return answer;
    } catch {
      this.close();
      return { status: 0, head: '', body: Buffer.alloc(0) };
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#wire?.close();
    this.#wire = undefined;
  }
}
