/**
 * Slips are set in a thread beside the pages': one takes 0.3 to 0.7 s of a busy machine, most of it for reading fonts, in which no agent's page would be
 * made. The thread comes with the first slip and goes when none was asked for a while: it holds its own heap, with the fonts.
 */
import { Worker } from 'node:worker_threads';
import { settings } from '#lib/server/settings.ts';
import type { Made } from './pdf.ts';
import type { Answered, Asked } from './thread.ts';

/** An agent who prints one often prints another. ms */
const IDLE_MS = 60_000;

interface Waiting {
  resolve(pdf: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

let thread: Worker | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

/** The PDF of these slips. */
export function pressed(made: Made): Promise<Uint8Array<ArrayBuffer>> {
  clearTimeout(idle);
  thread ??= begin();
  last += 1;
  const asked: Asked = { number: last, made };
  const answer = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) =>
    waiting.set(asked.number, { resolve, reject }),
  );
  // Whoever waits for a slip is waited for by a process that ends; a thread that is idle is not.
  thread.ref();
  thread.postMessage(asked);
  return answer;
}

function begin(): Worker {
  const worker = new Worker(new URL(settings().slips), { name: 'slips' });
  worker.on('message', (answered: Answered) => {
    const asked = waiting.get(answered.number);
    waiting.delete(answered.number);
    if ('pdf' in answered) asked?.resolve(answered.pdf);
    else asked?.reject(new Error(answered.failed));
    if (waiting.size > 0) return;
    worker.unref();
    idle = setTimeout(end, IDLE_MS).unref();
  });
  const over = (error: Error): void => {
    // What waits by now is asked of another one.
    if (thread !== worker) return;
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', over);
  worker.on('exit', (code) => over(new Error(`the thread of slips ended with ${code}`)));
  return worker;
}

function end(): void {
  void thread?.terminate();
  thread = undefined;
}
