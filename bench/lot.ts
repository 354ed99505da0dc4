import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isLater, TRIES, WAIT_MS } from './patience.ts';

/** Batches of folders: connections to POST /relais/v1/folders:batch, each with a window of lines unanswered. */

/** One line to send. */
export interface Line {
  key: string;
  /** NDJSON, without its end */
  text: string;
  /** what its latency counts from, ms of `performance.now()` */
  due: number;
  town: number;
}

/** What a lot asks for and tells. */
export interface Lot {
  url: string;
  /** the sender's */
  token: string;
  connections: number;
  /** lines of one connection that are not answered, at most */
  window: number;
  /** `later`: none is due yet; undefined: there are no more */
  next(): Line | 'later' | undefined;
  delivered(line: Line, caseId: string, now: number): void;
  /** what was answered instead */
  refused(text: string): void;
}

/** What was refused for now, and sent again as partners do. */
export interface Repeats {
  lines: number;
  /** connections whose batch ended before its time: begun again, with the same keys */
  batches: number;
}

/** In words of a report. */
export const repeatsOf = ({ lines, batches }: Repeats): string =>
  `${lines} lines sent again, ${batches} batches begun again`;

interface Answer {
  idempotencyKey: string;
  status: number;
  cases: [{ id: string }];
}

/** Lines written at once. */
const GROUP = 50;
const HEX = 16;
/** A connection without a line that is due looks again. ms */
const LOOK_MS = 2;
const SHOWN = 300;
const CREATED = 201;
const TOO_SLOW = 408;
/** The first request of this key is still under way: after a batch was begun again. */
const UNDER_WAY = 409;

/** Resolves when every line was answered. @throws Error when a connection is refused TRIES times without an answer between */
export async function pour(lot: Lot): Promise<Repeats> {
  const repeats = { lines: 0, batches: 0 };
  await Promise.all(Array.from({ length: lot.connections }, () => new Pourer(lot, repeats).run()));
  return repeats;
}

/** One connection's lines, over as many connections as it takes. */
class Pourer {
  readonly #lot: Lot;
  readonly #repeats: Repeats;
  /** lines not answered, those that wait to be sent again included */
  readonly #sent = new Map<string, { line: Line; tries: number }>();
  /** keys to send again, and from when on, ms */
  #again: { key: string; at: number }[] = [];
  #ended = false;
  /** none was due when it was last asked */
  #later = false;
  /** batches that ended one after the other without a line answered */
  #vain = 0;

  constructor(lot: Lot, repeats: Repeats) {
    this.#lot = lot;
    this.#repeats = repeats;
  }

  async run(): Promise<void> {
    for (;;) {
      const said = await this.#batch();
      if (this.#ended && this.#sent.size === 0) return;
      this.#vain += 1;
      if (this.#vain === TRIES) throw new Error(`closed with ${this.#sent.size} lines unanswered; last said: ${said}`);
      this.#repeats.batches += 1;
      await pause(WAIT_MS);
      this.#again = Array.from(this.#sent.keys(), (key) => ({ key, at: 0 }));
    }
  }

  /** Resolves when the connection is closed, with what was said last. */
  #batch(): Promise<string> {
    return new Promise((resolve) => {
      const { hostname, port, host } = new URL(this.#lot.url);
      const socket = connect(Number(port), hostname);
      let [rest, said] = ['', ''];
      let timer: NodeJS.Timeout | undefined;
      socket.setEncoding('utf8');
      socket.setNoDelay(true);

      const fill = (): void => {
        for (;;) {
          const text = this.#group();
          if (text === '') break;
          socket.write(`${Buffer.byteLength(text).toString(HEX)}\r\n${text}\r\n`);
        }
        if (this.#ended && this.#sent.size === 0) {
          socket.write('0\r\n\r\n');
          socket.destroy();
        } else if (this.#later || this.#again.length > 0)
          timer ??= setTimeout(() => {
            timer = undefined;
            fill();
          }, LOOK_MS);
      };
      socket.on('connect', () => {
        socket.write(
          `POST /relais/v1/folders:batch HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${this.#lot.token}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        fill();
      });
      socket.on('data', (chunk: string) => {
        // Lines of an answer begin with a brace, the chunks' sizes and the head do not.
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() as string;
        for (const line of lines) if (line.startsWith('{')) this.#take(line);
        said = lines.at(-1)?.slice(0, SHOWN) ?? said;
        fill();
      });
      socket.on('error', (error) => {
        said = error.message;
      });
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(said);
      });
    });
  }

  /** The next lines, GROUP at most, once there is room for as many; '': none now. */
  #group(): string {
    let text = '';
    const now = performance.now();
    const due = this.#again.filter(({ at }) => at <= now);
    if (due.length > 0) this.#again = this.#again.filter(({ at }) => at > now);
    for (const { key } of due) text += `${this.#sent.get(key)?.line.text}\n`;
    if (this.#ended || this.#sent.size + GROUP > this.#lot.window) return text;
    for (let n = 0; n < GROUP; n += 1) {
      const line = this.#lot.next();
      this.#ended = line === undefined;
      this.#later = line === 'later';
      if (line === undefined || line === 'later') return text;
      this.#sent.set(line.key, { line, tries: 1 });
      text += `${line.text}\n`;
    }
    return text;
  }

  #take(text: string): void {
    const { idempotencyKey: key, status, cases } = JSON.parse(text) as Answer;
    const sent = this.#sent.get(key);
    // Of no line: the batch itself ends, refused for now or because this process was too slow to go on with it.
    if (sent === undefined && (isLater(status) || status === TOO_SLOW)) return;
    this.#vain = 0;
    if (sent !== undefined && (isLater(status) || status === UNDER_WAY) && sent.tries < TRIES) {
      sent.tries += 1;
      this.#repeats.lines += 1;
      this.#again.push({ key, at: performance.now() + WAIT_MS });
      return;
    }
    this.#sent.delete(key);
    if (status !== CREATED || sent === undefined) this.#lot.refused(text.slice(0, SHOWN));
    else this.#lot.delivered(sent.line, cases[0].id, performance.now());
  }
}
