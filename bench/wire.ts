import { connect, type Socket } from 'node:net';

/**
 * The load generator's own HTTP/1.1 client: one keep-alive connection, one request at a time, no more work per
 * answer than finding its end, so that the generator takes little of the two cores it shares with what it measures.
 */
export interface Answer {
  status: number;
  head: string;
  body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: *(\d+)/i;
const CHUNKED = /transfer-encoding: *chunked/i;
const STATUS_FROM = 9;
const STATUS_TO = 12;
const CRLF = 2;
const HEX = 16;

export class Wire {
  readonly #socket: Socket;
  readonly #host: string;
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  #error: Error | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('connection closed')));
  }

  static open(url: string): Promise<Wire> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Wire(socket, host)));
      socket.once('error', reject);
    });
  }

  /** @param headers ready-made lines, each ended by CRLF */
  send(method: string, path: string, headers: string, body?: string | Buffer): Promise<Answer> {
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const length = body === undefined ? 0 : Buffer.byteLength(body);
      const sized = method === 'GET' || method === 'DELETE' ? '' : `Content-Length: ${length}\r\n`;
      const head = `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${headers}${sized}\r\n`;
      if (body === undefined || typeof body === 'string') this.#socket.write(head + (body ?? ''));
      else {
        this.#socket.cork();
        this.#socket.write(head);
        this.#socket.write(body);
        this.#socket.uncork();
      }
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #data(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const end = this.#buffer.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#buffer.toString('latin1', 0, end);
    const from = end + HEAD_END.length;
    const body = CHUNKED.test(head) ? this.#chunked(from) : this.#whole(from, Number(LENGTH.exec(head)?.[1] ?? 0));
    if (body === undefined) return;
    this.#buffer = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(STATUS_FROM, STATUS_TO)), head, body });
  }

  #whole(from: number, length: number): Buffer | undefined {
    return this.#buffer.length >= from + length ? this.#buffer.subarray(from, from + length) : undefined;
  }

  #chunked(from: number): Buffer | undefined {
    const parts: Buffer[] = [];
    for (let at = from; ; ) {
      const line = this.#buffer.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const size = Number.parseInt(this.#buffer.toString('latin1', at, line), HEX);
      const start = line + CRLF;
      if (this.#buffer.length < start + size + CRLF) return undefined;
      if (size === 0) return Buffer.concat(parts);
      parts.push(this.#buffer.subarray(start, start + size));
      at = start + size + CRLF;
    }
  }
}
