/** The demo's outside world in its own thread: people, towns and senders must not take time from the API's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Credentials } from './client.ts';
import { runWorld } from './run.ts';
import { Screen } from './screen.ts';
import { Mailbox } from './smtp.ts';

/** What the main thread gives at the start. */
export interface WorldData {
  folder: string;
  /** Width of the terminal, if the output is one. */
  columns: number | undefined;
}

/** From the main thread: the API answers there, or it is time to stop. */
export type Order = { apiUrl: string; admin: Credentials } | 'stop';

/** To the main thread: the SMTP server listens, text to print, or the world ended by an error. */
export type Report = { smtpUrl: string } | { text: string } | { failure: string };

const { folder, columns } = workerData as WorldData;
const stopping = new AbortController();
const mails = new Mailbox();
const report = (one: Report) => parentPort?.postMessage(one);
const screen = new Screen((text) => report({ text }), columns);
const smtpUrl = await mails.open();
let running: Promise<void> = Promise.resolve();

parentPort?.on('message', (order: Order) => {
  if (order === 'stop') void stop();
  else running = runWorld({ ...order, smtpUrl, folder, screen, mails, signal: stopping.signal }).catch(fail);
});
report({ smtpUrl });

async function stop(): Promise<void> {
  stopping.abort();
  await running;
  await mails.close();
  parentPort?.close();
}

function fail(error: unknown): void {
  if (stopping.signal.aborted) return;
  report({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
