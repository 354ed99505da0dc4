import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../sim/random.ts';
import { acknowledged, type History } from './history.ts';
import { type Addressee, isOpen, makeParcel, type Parcel } from './parcel.ts';
import { idsOf } from './sender.ts';

/** A sender of batches: lots of lines on a connection each, what was not answered sent again with the same keys. */
const HEX = 16;
/** Lines of a lot, and of those written and not answered, at most. */
const LOT = 24;
const WINDOW = 6;
/** Between two lots. ms */
const PAUSE_MS = 300;
/** Between two attempts to reach a server that is away. ms */
const AGAIN_MS = 100;
/** A connection that tells nothing for so long tells nothing more. ms */
const SILENCE_MS = 20_000;
/** A lot under way at the end is poured again so long. ms */
const GRACE_MS = 30_000;
/** Lots whose connection their own sender breaks, whatever the weather is. */
const BROKEN = 1 / 4;

export interface BatchFlow {
  url: string;
  token: string;
  history: History;
  random: Random;
  towns: readonly Addressee[];
  /** begins every key of this flow */
  name: string;
}

interface Answer {
  idempotencyKey: string;
  status: number;
}

/** Until `over`. */
export async function pourAll(flow: BatchFlow, over: AbortSignal): Promise<void> {
  let deadline = Number.POSITIVE_INFINITY;
  over.addEventListener('abort', () => {
    deadline = performance.now() + GRACE_MS;
  });
  for (let number = 1; !over.aborted; ) {
    let open: Parcel[] = [];
    for (; open.length < LOT; number += 1)
      open.push(makeParcel(`${flow.name}-${number}`, flow.random.pick(flow.towns), flow.random));
    for (;;) {
      open = await new Pouring(flow, open).pour();
      if (open.length === 0) break;
      if (performance.now() > deadline) return;
      await pause(AGAIN_MS);
    }
    await pause(PAUSE_MS);
  }
}

/** One lot on one connection. */
class Pouring {
  readonly #flow: BatchFlow;
  readonly #lot: readonly Parcel[];
  readonly #open: Map<string, Parcel>;
  /** when each line that awaits its answer was written, ms */
  readonly #written = new Map<string, number>();
  /** answers after which the sender breaks its connection */
  readonly #patience: number;
  #next = 0;
  #answers = 0;
  #rest = '';

  constructor(flow: BatchFlow, lot: readonly Parcel[]) {
    this.#flow = flow;
    this.#lot = lot;
    this.#open = new Map(lot.map((parcel) => [parcel.key, parcel]));
    this.#patience = flow.random.chance(BROKEN) ? flow.random.below(lot.length) : Number.POSITIVE_INFINITY;
  }

  /** @returns what is to be sent again, in its order. Never throws. */
  async pour(): Promise<Parcel[]> {
    const { url, token, history } = this.#flow;
    const { hostname, port, host } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.setEncoding('utf8');
      socket.setNoDelay(true);
      socket.setTimeout(SILENCE_MS, () => socket.destroy());
      socket.on('connect', () => {
        socket.write(
          `POST /relais/v1/folders:batch HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        this.#write(socket);
      });
      socket.on('data', (chunk: string) => this.#read(socket, chunk));
      socket.on('error', () => undefined);
      // A side that has nothing more to say answers no line any more.
      socket.on('end', () => socket.destroy());
      socket.on('close', () => resolve());
    });
    const done = performance.now();
    for (const [key, sent] of this.#written) {
      const { who, digest } = this.#open.get(key) as Parcel;
      history.add({ kind: 'line', who, key, digest, sent, done, status: 0 });
    }
    return [...this.#open.values()];
  }

  #write(socket: Socket): void {
    for (; this.#next < this.#lot.length && this.#written.size < WINDOW; this.#next += 1) {
      const { key, body } = this.#lot[this.#next] as Parcel;
      const line = `${JSON.stringify({ idempotencyKey: key, ...body })}\n`;
      this.#written.set(key, performance.now());
      socket.write(`${Buffer.byteLength(line).toString(HEX)}\r\n${line}\r\n`);
    }
    if (this.#next === this.#lot.length && this.#written.size === 0) socket.destroy();
  }

  /** Lines of an answer begin with a brace; the head and the sizes of chunks do not. */
  #read(socket: Socket, chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() as string;
    for (const line of lines) if (line.startsWith('{"line"')) this.#take(line);
    const refused = lines.some((line) => line.startsWith('HTTP/1.1 ') && !line.startsWith('HTTP/1.1 200'));
    if (refused || this.#answers > this.#patience) socket.destroy();
    else this.#write(socket);
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    const { idempotencyKey: key, status } = answer;
    const parcel = this.#open.get(key);
    const sent = this.#written.get(key);
    // What bears no key, or one of no line, leaves its line unanswered.
    if (parcel === undefined || sent === undefined) return;
    this.#answers += 1;
    this.#written.delete(key);
    if (!isOpen(status)) this.#open.delete(key);
    const { who, digest } = parcel;
    const told = acknowledged(answer) ? idsOf(line) : {};
    this.#flow.history.add({ kind: 'line', who, key, digest, ...told, sent, done: performance.now(), status });
  }
}
