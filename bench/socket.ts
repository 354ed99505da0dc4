import { connect, type Socket } from 'node:net';

/**
 * The load generator's own WebSocket: no extension, frames of text, no more work than finding their ends. It acknowledges
 * what it gets, unless it is told to be stuck.
 */
const HEAD_END = '\r\n\r\n';
const TEXT = 0x81;
const FINAL_TEXT = 0x1;
const PONG = 0x8a;
const PING = 0x9;
const MASKED = 0x80;
const SHORT = 126;
const KEY = 'cmVsYWlzLWJlbmNoLWtleQ==';

/** A frame as clients send it; masked with zeros, which change nothing. */
function framed(opcode: number, payload: Buffer): Buffer {
  const long = payload.length >= SHORT;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = opcode;
  head[1] = MASKED | (long ? SHORT : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

export class PushSocket {
  readonly #socket: Socket;
  readonly #onText: (text: string) => void;
  #buffer: Buffer = Buffer.alloc(0);
  #open: (() => void) | undefined;
  /** the other side closed it */
  ended = false;

  private constructor(socket: Socket, onText: (text: string) => void) {
    this.#socket = socket;
    this.#onText = onText;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('close', () => {
      this.ended = true;
    });
    socket.on('error', () => undefined);
  }

  /** Resolves after the handshake. */
  static open(url: string, path: string, token: string, onText: (text: string) => void): Promise<PushSocket> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      const made = new PushSocket(socket, onText);
      made.#open = () => resolve(made);
      const lines = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}`;
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n${lines}${HEAD_END}`);
    });
  }

  send(text: string): void {
    this.#socket.write(framed(TEXT, Buffer.from(text)));
  }

  close(): void {
    this.#socket.destroy();
  }

  #data(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    if (this.#open !== undefined) {
      const end = this.#buffer.indexOf(HEAD_END);
      if (end < 0) return;
      this.#buffer = this.#buffer.subarray(end + HEAD_END.length);
      const open = this.#open;
      this.#open = undefined;
      open();
    }
    while (this.#frame());
  }

  /** One frame of the buffer, if it is whole. */
  #frame(): boolean {
    const buffer = this.#buffer;
    if (buffer.length < 2) return false;
    const short = (buffer[1] as number) & 0x7f;
    const from = short < SHORT ? 2 : short === SHORT ? 4 : 10;
    if (buffer.length < from) return false;
    const length = short < SHORT ? short : short === SHORT ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
    if (buffer.length < from + length) return false;
    const payload = buffer.subarray(from, from + length);
    this.#buffer = buffer.subarray(from + length);
    const opcode = (buffer[0] as number) & 0xf;
    if (opcode === FINAL_TEXT) this.#onText(payload.toString());
    else if (opcode === PING) this.#socket.write(framed(PONG, payload));
    return true;
  }
}
