/** A thread of the index: SQLite is synchronous, and the API's thread waits for nobody. One reads, one writes. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Jobs } from '#api/bulk/jobs.ts';
import { openJobs } from '#api/bulk/tables.ts';
import type { Database } from '#engine/sqlite.ts';
import { lock, openToRead, openToWrite } from './file.ts';
import { Search } from './search.ts';
import { Writing } from './writing.ts';

export interface Given {
  folder: string;
  kind: 'read' | 'write' | 'jobs';
}

export interface Order {
  number: number;
  /** a method of Search, Writing or Jobs; none: end */
  name: string | undefined;
  values: unknown[];
}

export interface Answered {
  number: number;
  value?: unknown;
  error?: string;
}

/** First whether it is open (`false`: another process writes this folder, or there is no file yet), then answers to the orders of a moment. */
export type Word = { opened: boolean } | Answered[];

/** Of a thread that writes what can wait: whoever serves requests goes first. */
const NICE = 10;

const port = parentPort as MessagePort;
const { folder, kind } = workerData as Given;
if (kind === 'write') stepBack();

/** Held as long as the thread lives. */
const held = kind === 'write' ? lock(folder) : undefined;
const db: Database | undefined = opened();
const desk = db && (kind === 'read' ? new Search(db) : kind === 'jobs' ? new Jobs(db) : new Writing(db));

function opened(): Database | undefined {
  if (kind === 'jobs') return openJobs(folder);
  if (kind === 'read') return openToRead(folder);
  return held === undefined ? undefined : openToWrite(folder);
}

port.on('message', (orders: Order[]) => {
  const words: Answered[] = [];
  for (const order of orders) {
    if (order.name === undefined) {
      port.postMessage(words satisfies Word);
      db?.close();
      held?.close();
      port.close();
      return;
    }
    words.push(answered(order));
  }
  port.postMessage(words satisfies Word);
});

function answered({ number, name, values }: Order): Answered {
  try {
    const method = (desk as unknown as Record<string, (...given: unknown[]) => unknown>)[name as string];
    return { number, value: method?.apply(desk, values) };
  } catch (error) {
    // What SQLite says names tables and never a value.
    return { number, error: (error as Error).message };
  }
}
port.postMessage({ opened: desk !== undefined } satisfies Word);
if (desk === undefined) port.close();

/** Linux gives each thread a priority of its own, and calls it by a number that Node does not know. */
function stepBack(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);
  } catch {
    // elsewhere it stays as the others are
  }
}
