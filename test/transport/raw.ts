import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  phrase: string;
  headers: Record<string, string>;
  body: string;
}

const END_OF_HEAD = '\r\n\r\n';

/** A client that says exactly what it is told to, byte by byte. */
export class Raw {
  readonly socket: Socket;
  readonly #closed: Promise<void>;
  /** what came and is not taken yet, with room for more behind it: long answers are not copied with each of their parts */
  #room = Buffer.alloc(0);
  #held = 0;
  #gone = false;
  #news = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#hold(chunk);
      this.#tell();
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    socket.on('close', () => {
      this.#gone = true;
      this.#tell();
      resolve();
    });
  }

  static async open(port: number): Promise<Raw> {
    const socket = connect({ port, host: '127.0.0.1' });
    await new Promise((resolve) => socket.once('connect', resolve));
    return new Raw(socket);
  }

  /** Resolves when the kernel has it. */
  send(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(bytes, () => resolve());
    });
  }

  /** A request line, Host and headers, without a body unless given. */
  ask(line: string, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Promise<void> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `${line} HTTP/1.1\r\nHost: hub\r\n${lines.join('')}\r\n`;
    return this.send(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
  }

  /** The next whole answer; undefined when the connection closes without one. */
  async answer(head = false): Promise<Answer | undefined> {
    for (;;) {
      const found = this.#parse(head);
      if (found) return found;
      if (this.#gone) return undefined;
      await this.#news.promise;
    }
  }

  /** Everything not yet taken as an answer. */
  get pending(): string {
    return this.#room.toString('latin1', 0, this.#held);
  }

  get gone(): boolean {
    return this.#gone;
  }

  closed(): Promise<void> {
    return this.#closed;
  }

  /** Leaves without a word (RST). */
  drop(): void {
    this.socket.resetAndDestroy();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #hold(chunk: Buffer): void {
    const held = this.#held + chunk.length;
    if (held > this.#room.length) {
      const room = Buffer.alloc(2 * held);
      this.#room.copy(room, 0, 0, this.#held);
      this.#room = room;
    }
    chunk.copy(this.#room, this.#held);
    this.#held = held;
  }

  #parse(head: boolean): Answer | undefined {
    const bytes = this.#room.subarray(0, this.#held);
    const at = bytes.indexOf(END_OF_HEAD);
    if (at < 0) return undefined;
    const [first = '', ...lines] = bytes.toString('latin1', 0, at).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => splitHeader(line)));
    const start = at + END_OF_HEAD.length;
    const status = Number(first.split(' ')[1]);
    const phrase = first.split(' ').slice(2).join(' ');
    const body = head || status === 204 ? { text: '', end: start } : bodyOf(bytes, start, headers, this.#gone);
    if (body === undefined) return undefined;
    this.#room = this.#room.subarray(body.end);
    this.#held -= body.end;
    return { status, phrase, headers, body: body.text };
  }
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyOf(bytes: Buffer, start: number, headers: Record<string, string>, gone: boolean) {
  const length = headers['content-length'];
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length < end ? undefined : { text: bytes.toString('utf8', start, end), end };
  }
  if (headers['transfer-encoding'] !== 'chunked') {
    return gone ? { text: bytes.toString('utf8', start), end: bytes.length } : undefined;
  }
  const parts: [from: number, to: number][] = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (bytes.length < end) return undefined;
    parts.push([line + 2, line + 2 + size]);
    at = end;
    if (size === 0) return { text: parts.map(([from, to]) => bytes.toString('utf8', from, to)).join(''), end };
  }
}

/** Sends one request on a connection of its own. */
export async function once(
  port: number,
  line: string,
  headers: Record<string, string> = {},
  body: string | Uint8Array = '',
): Promise<Answer> {
  const raw = await Raw.open(port);
  const length = body.length > 0 && !('Transfer-Encoding' in headers);
  const sized = length ? { ...headers, 'Content-Length': String(Buffer.byteLength(body)) } : headers;
  await raw.ask(line, sized, body);
  const answer = await raw.answer(line.startsWith('HEAD '));
  raw.drop();
  if (answer === undefined) throw new Error(`no answer to ${line}`);
  return answer;
}
