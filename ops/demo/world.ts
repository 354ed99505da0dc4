/** The demo's outside world in its own thread: people, towns and senders must not take time from the API's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { buildCountry } from './actors.ts';
import type { Credentials } from './client.ts';
import { agentsOf } from './portal.ts';
import { type LocalProvider, startProvider } from './provider/provider.ts';
import { runWorld } from './run.ts';
import { Screen } from './screen.ts';
import { Mailbox } from './smtp.ts';
import { Door } from './space/door.ts';
import { spaceAgents } from './space/town.ts';

/** What the main thread gives at the start. */
export interface WorldData {
  folder: string;
  /** Width of the terminal, if the output is one. */
  columns: number | undefined;
  /** Where the portal will be. */
  portalUrl: string;
}

/** From the main thread: the API answers there, or it is time to stop. */
export type Order = { apiUrl: string; admin: Credentials } | { portal: string } | 'stop';

/** What the world offers before the product starts. */
export type Ready = {
  smtpUrl: string;
  demoUrl: string;
  provider: Pick<LocalProvider, 'issuer' | 'clientId' | 'clientSecret'>;
};

/** To the main thread: servers listen, the portal's client exists, text to print, or the world ended by an error. */
export type Report = Ready | { client: Credentials } | { text: string } | { failure: string };

const { folder, columns, portalUrl } = workerData as WorldData;
const stopping = new AbortController();
const mails = new Mailbox();
const report = (one: Report) => parentPort?.postMessage(one);
const screen = new Screen((text) => report({ text }), columns);
const smtpUrl = await mails.open();
const country = buildCountry();
const agents = [...agentsOf(country.france.communes, country.modeOf), ...spaceAgents];
const door = new Door();
const demoUrl = await door.open();
const provider = await startProvider({ accounts: agents.map(({ account }) => account), portalUrl, port: 0 });
const opened = Promise.withResolvers<string>();
const askPortal = (client: Credentials): Promise<string> => {
  report({ client });
  return opened.promise;
};
let running: Promise<void> = Promise.resolve();

parentPort?.on('message', (order: Order) => {
  if (order === 'stop') void stop();
  else if ('portal' in order) opened.resolve(order.portal);
  else {
    const world = {
      ...order,
      country,
      agents,
      askPortal,
      smtpUrl,
      door,
      folder,
      screen,
      mails,
      signal: stopping.signal,
    };
    running = runWorld(world).catch(fail);
  }
});
const { issuer, clientId, clientSecret } = provider;
report({ smtpUrl, demoUrl, provider: { issuer, clientId, clientSecret } });

async function stop(): Promise<void> {
  stopping.abort();
  opened.resolve('');
  await running;
  await provider.stop();
  await mails.close();
  await door.close();
  parentPort?.close();
}

function fail(error: unknown): void {
  if (stopping.signal.aborted) return;
  report({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
