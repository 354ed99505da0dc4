import { connect, type Socket } from 'node:net';

/**
 * A connection to Redis that sends several commands in one write and knows no timers: the simulation replaces those of
 * its process. Answers as RESP2 gives them; an error is an Error in its place.
 */
export type Reply = string | number | null | Error | Reply[];

const CR_LF = 2;

interface Group {
  left: number;
  replies: Reply[];
  resolve: (replies: Reply[]) => void;
}

export class Wire {
  readonly #socket: Socket;
  readonly #groups: Group[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Messages of subscribed channels, pushed before any later reply. */
  onMessage: (channel: string, payload: string) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
  }

  /** @param path of the server's socket */
  static open(path: string): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(new Wire(socket)));
      socket.once('error', reject);
    });
  }

  async call(...command: (string | number | Buffer)[]): Promise<Reply> {
    const [reply] = await this.all([command]);
    if (reply instanceof Error) throw reply;
    return reply as Reply;
  }

  /** Executed one after the other, sent together. */
  all(commands: readonly (readonly (string | number | Buffer)[])[]): Promise<Reply[]> {
    if (commands.length === 0) return Promise.resolve([]);
    const out: (string | Buffer)[] = [];
    for (const command of commands) {
      out.push(`*${command.length}\r\n`);
      for (const part of command) {
        if (Buffer.isBuffer(part)) out.push(`$${part.length}\r\n`, part, '\r\n');
        else {
          const text = String(part);
          out.push(`$${Buffer.byteLength(text)}\r\n${text}\r\n`);
        }
      }
    }
    const binary = out.some(Buffer.isBuffer);
    this.#socket.write(binary ? Buffer.concat(out.map((part) => Buffer.from(part as string))) : out.join(''));
    return new Promise((resolve) => {
      this.#groups.push({ left: commands.length, replies: [], resolve });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#at < this.#rest.length ? Buffer.concat([this.#rest.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
    for (;;) {
      const start = this.#at;
      const reply = this.#parse();
      if (reply === undefined) {
        this.#at = start;
        return;
      }
      this.#take(reply);
    }
  }

  #take(reply: Reply): void {
    if (Array.isArray(reply) && reply[0] === 'smessage') {
      this.onMessage(reply[1] as string, reply[2] as string);
      return;
    }
    const group = this.#groups[0];
    if (group === undefined) throw new Error(`an answer nobody waits for: ${String(reply)}`);
    group.replies.push(reply);
    group.left -= 1;
    if (group.left > 0) return;
    this.#groups.shift();
    group.resolve(group.replies);
  }

  /** undefined: not all of it is here yet */
  #parse(): Reply | undefined {
    const end = this.#rest.indexOf('\r\n', this.#at);
    if (end < 0) return undefined;
    const kind = String.fromCharCode(this.#rest[this.#at] as number);
    const text = this.#rest.toString('utf8', this.#at + 1, end);
    this.#at = end + CR_LF;
    if (kind === '+') return text;
    if (kind === '-') return new Error(text);
    if (kind === ':') return Number(text);
    const length = Number(text);
    if (length < 0) return null;
    if (kind === '$') {
      if (this.#rest.length < this.#at + length + CR_LF) return undefined;
      const value = this.#rest.toString('utf8', this.#at, this.#at + length);
      this.#at += length + CR_LF;
      return value;
    }
    const items: Reply[] = [];
    for (let i = 0; i < length; i += 1) {
      const item = this.#parse();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }
}
