import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

/**
 * What a server holds at one moment, as it gives it to a replica that wants nothing else: an RDB, which bears its own
 * checksum. No file is written on the server's side beyond what it does for any replica, and none of its settings changes.
 */
export interface Snapshot {
  bytes: number;
  sha256: string;
}

/** The server says why it gives no snapshot, or says nothing. */
export class NoSnapshot extends Error {
  override name = 'NoSnapshot';
  constructor(at: string, reason: string) {
    super(`${at} gives no snapshot: ${reason}`);
  }
}

/** A server that forks, or waits for another fork of its own, sends a line break now and then. ms */
const SILENCE_MS = 120_000;
/** Ends an RDB of unknown length. */
const MARK_BYTES = 40;
const LINE_BYTES = 64 * 1024;
const PRIVATE = 0o600;
const [LF, CR] = [10, 13];
const CLOSED = 'it closed the connection';

/** Bytes as they come, with what was read too far given back. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next bytes, however many; undefined: the server closed. */
  async some(): Promise<Buffer | undefined> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = Buffer.alloc(0);
      return rest;
    }
    const { done, value } = await this.#chunks.next();
    return done ? undefined : value;
  }

  /** A text of so many bytes; what ends it in the protocol is passed over by `line`. */
  async take(bytes: number): Promise<string> {
    let read = Buffer.alloc(0);
    while (read.length < bytes) {
      const chunk = await this.some();
      if (chunk === undefined) throw new Error(CLOSED);
      read = Buffer.concat([read, chunk]);
    }
    this.#rest = read.subarray(bytes);
    return read.subarray(0, bytes).toString('latin1');
  }

  /** A line that says something, without its end. */
  async line(): Promise<string> {
    let read = Buffer.alloc(0);
    for (;;) {
      const chunk = await this.some();
      if (chunk === undefined) throw new Error(CLOSED);
      read = Buffer.concat([read, chunk]);
      // Line breaks alone say that it is still at work.
      let from = 0;
      while (read[from] === LF || read[from] === CR) from += 1;
      read = read.subarray(from);
      const end = read.indexOf('\n');
      if (end < 0 && read.length > LINE_BYTES) throw new Error('its answer has no end');
      if (end < 0) continue;
      this.#rest = read.subarray(end + 1);
      return read.subarray(0, end).toString('latin1').trimEnd();
    }
  }
}

const encode = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

async function dial(url: URL): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 6379);
  const socket = url.protocol === 'rediss:' ? connectTls({ host, port, servername: host }) : connect({ host, port });
  socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error(`it said nothing for ${SILENCE_MS / 1000} s`)));
  await once(socket, url.protocol === 'rediss:' ? 'secureConnect' : 'connect');
  return socket;
}

/**
 * Writes the RDB of one server to a file, synced.
 * @param url `redis://…` or `rediss://…` of a master
 * @throws NoSnapshot
 */
export async function takeSnapshot(url: string, path: string): Promise<Snapshot> {
  const address = new URL(url);
  let socket: Socket | undefined;
  try {
    socket = await dial(address);
    const reader = new Reader(socket);
    const say = async (...words: string[]): Promise<string> => {
      socket?.write(encode(...words));
      const answer = await reader.line();
      if (answer.startsWith('-')) throw new Error(answer.slice(1));
      return answer;
    };
    const [user, password] = [decodeURIComponent(address.username), decodeURIComponent(address.password)];
    if (password !== '') await say('AUTH', ...(user === '' ? [] : [user]), password);
    await calm(say, reader);
    // Without it, the server would keep for us, in memory, all that is written meanwhile.
    await say('REPLCONF', 'rdb-only', '1');
    await say('REPLCONF', 'capa', 'eof');
    const head = await say('SYNC');
    return await receive(reader, head, path);
  } catch (error) {
    throw new NoSnapshot(address.host, error instanceof Error ? error.message : String(error));
  } finally {
    socket?.destroy();
  }
}

/** How often a server is asked whether its other fork has ended, ms. */
const LOOK_MS = 100;

/**
 * Waits for a snapshot that is under way for somebody else: the server might give us that one, which was begun before we
 * asked, and lacks what was answered since.
 */
async function calm(say: (...words: string[]) => Promise<string>, reader: Reader): Promise<void> {
  for (;;) {
    const head = await say('INFO', 'persistence');
    const text = await reader.take(Number(head.slice(1)));
    if (!text.includes('rdb_bgsave_in_progress:1')) return;
    await pause(LOOK_MS);
  }
}

async function receive(reader: Reader, head: string, path: string): Promise<Snapshot> {
  const marked = /^\$EOF:(.{40})$/.exec(head)?.[1];
  const length = marked === undefined ? Number(/^\$(\d+)$/.exec(head)?.[1] ?? Number.NaN) : Number.POSITIVE_INFINITY;
  if (Number.isNaN(length)) throw new Error(`it answered “${head.slice(0, 80)}”`);
  const mark = Buffer.from(marked ?? '', 'latin1');
  const file = await open(path, 'wx', PRIVATE);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const keep = async (chunk: Buffer): Promise<void> => {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    };
    // The mark may come in pieces: as many bytes as it has are held back.
    let held: Buffer = Buffer.alloc(0);
    while (bytes + held.length < length) {
      const chunk = await reader.some();
      if (chunk === undefined) throw new Error(CLOSED);
      if (marked === undefined) {
        await keep(chunk.subarray(0, length - bytes));
        continue;
      }
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (held.length < MARK_BYTES) continue;
      if (held.subarray(-MARK_BYTES).equals(mark)) {
        await keep(held.subarray(0, -MARK_BYTES));
        break;
      }
      await keep(held.subarray(0, -MARK_BYTES));
      held = Buffer.from(held.subarray(-MARK_BYTES));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
