/** A thread of the index: SQLite is synchronous, and the API's thread waits for nobody. One reads, one writes. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { lock, openToRead, openToWrite } from './file.ts';
import { Search } from './search.ts';
import type { Database } from './sqlite.ts';
import { Writing } from './writing.ts';

export interface Given {
  folder: string;
  kind: 'read' | 'write';
}

export interface Order {
  number: number;
  /** a method of Search or Writing; none: end */
  name: string | undefined;
  values: unknown[];
}

/** `opened: false`: another process writes this folder, or there is no file yet. */
export type Word = { opened: boolean } | { number: number; value?: unknown; error?: string };

/** Of a thread that writes what can wait: whoever serves requests goes first. */
const NICE = 10;

const port = parentPort as MessagePort;
const { folder, kind } = workerData as Given;
if (kind === 'write') stepBack();

/** Held as long as the thread lives. */
const held = kind === 'write' ? lock(folder) : undefined;
const db: Database | undefined =
  kind === 'read' ? openToRead(folder) : held === undefined ? undefined : openToWrite(folder);
const desk = db && (kind === 'read' ? new Search(db) : new Writing(db));

port.on('message', ({ number, name, values }: Order) => {
  if (name === undefined) {
    db?.close();
    held?.close();
    port.close();
    return;
  }
  try {
    const method = (desk as unknown as Record<string, (...given: unknown[]) => unknown>)[name];
    port.postMessage({ number, value: method?.apply(desk, values) } satisfies Word);
  } catch (error) {
    // What SQLite says names tables and never a value.
    port.postMessage({ number, error: (error as Error).message } satisfies Word);
  }
});
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
