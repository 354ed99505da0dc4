import type { FromClient, FromHub } from './frames.ts';
import type { Token, TokenSource } from './token.ts';
import { type Handler, Work } from './work.ts';

/** Silence after which the hub is asked for a sign of life, and after as much again given up, ms. */
const SILENCE_MS = 20_000;
/** Part of a token's life after which it is replaced. */
const RENEW_AT = 0.8;
const MS = 1_000;
/** Longest time a timer of Node takes, ms. */
const LONGEST_MS = 2_147_483_647;
/** Our own code for a connection given up without a word from the other side (RFC 6455 §7.1.5). */
const LOST = 1006;

export interface ConnectionOptions {
  /** of the WebSocket: `wss://…/relais/v1/push` */
  url: string;
  token: TokenSource;
  /** where the token goes: in the header of the handshake, or, where that cannot be set, in the first frame */
  tokenIn: 'header' | 'frame';
  open: Omit<Extract<FromClient, { type: 'open' }>, 'type' | 'token'>;
  handle: Handler;
  onFrame?: ((frame: FromHub) => void) | undefined;
}

export interface Ending {
  code: number;
  reason: string;
  /** the hub had opened it */
  opened: boolean;
}

/** One connection to the hub, from its handshake to its end. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #ended = Promise.withResolvers<Ending>();
  readonly #work: Work;
  #socket: WebSocket | undefined;
  #opened = false;
  #heard = 0;
  #watch: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #position: number | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#work = new Work(options.handle, (sequence) => this.#done(sequence));
  }

  /** Lives until the connection ends; what was begun of its events is over then. @throws Error without a token */
  async run(): Promise<Ending> {
    const token = await this.#options.token();
    const { url, tokenIn, open } = this.#options;
    const inHeader = tokenIn === 'header';
    const socket = inHeader
      ? new WebSocket(url, { headers: { Authorization: `Bearer ${token.value}` } })
      : new WebSocket(url);
    this.#socket = socket;
    this.#heard = performance.now();
    this.#watch = setInterval(() => this.#look(), SILENCE_MS / 4);
    socket.onopen = () => this.#send({ type: 'open', ...open, ...(!inHeader && { token: token.value }) });
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data as string) as FromHub, token);
    socket.onclose = ({ code, reason }) => this.#end(code, reason);
    // A close event follows; what the error says is not for programs.
    socket.onerror = () => undefined;
    const ending = await this.#ended.promise;
    await this.#work.abandon();
    return ending;
  }

  /** Leaves; what is not acknowledged comes again. */
  close(): void {
    this.#socket?.close(1000);
    this.#end(1000, '');
  }

  #receive(frame: FromHub, token: Token): void {
    this.#heard = performance.now();
    if (frame.type === 'events') for (const event of frame.events) this.#work.add(event);
    else if (frame.type === 'opened') {
      this.#opened = true;
      this.#renewIn(token);
    }
    this.#options.onFrame?.(frame);
  }

  /** Acknowledgements of one turn of the event loop are one frame: the last says all. */
  #done(sequence: number): void {
    if (this.#position === undefined) {
      setImmediate(() => {
        this.#send({ type: 'acknowledge', position: this.#position as number });
        this.#position = undefined;
      });
    }
    this.#position = sequence;
  }

  #renewIn({ seconds }: Token): void {
    const wait = Math.min(seconds * MS * RENEW_AT, LONGEST_MS);
    this.#renewal = setTimeout(() => void this.#renew(), wait);
  }

  async #renew(): Promise<void> {
    try {
      const token = await this.#options.token();
      this.#send({ type: 'renew', token: token.value });
      this.#renewIn(token);
    } catch {
      // No token now: the hub closes this connection when the old one ends, and the next one asks again.
    }
  }

  /** A hub that vanished closes nothing. */
  #look(): void {
    const silence = performance.now() - this.#heard;
    if (silence > 2 * SILENCE_MS) {
      this.#socket?.close();
      this.#end(LOST, 'no sign of life');
    } else if (silence > SILENCE_MS) this.#send({ type: 'ping' });
  }

  #send(frame: FromClient): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #end(code: number, reason: string): void {
    clearInterval(this.#watch);
    clearTimeout(this.#renewal);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) socket.onmessage = null;
    this.#ended.resolve({ code, reason, opened: this.#opened });
  }
}
