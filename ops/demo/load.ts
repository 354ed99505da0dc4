import { setTimeout as sleep } from 'node:timers/promises';
import type { Country, Stage } from './actors.ts';
import type { Client } from './client.ts';
import { crowd } from './crowd.ts';
import { flowWidth, foldersPerSecond, loadFolders, loadWidth } from './pace.ts';
import { Random } from './random.ts';
import type { Screen } from './screen.ts';
import { bar } from './screen.ts';
import { shownDraw } from './shown.ts';
import { carry } from './traffic/courier.ts';
import type { Deposit } from './traffic/deposit.ts';
import { drawDeposit, writeDeposit } from './traffic/deposit.ts';
import { Flow } from './traffic/flow.ts';

/** The demo's traffic is the same on every machine. */
const seed = 'relais';

/** Deposits the first 20,000 folders, a year's mix, as fast as the hub takes them; goes on where an earlier run stopped. */
export async function load(
  stage: Stage,
  country: Country,
  clients: ReadonlyMap<string, Client>,
  serial: { next: number },
  screen: Screen,
): Promise<void> {
  const flow = new Flow(country.demarches, country.france);
  const shown = shownDraw(country);
  const draw = (number: number) => {
    const first = shown(number);
    if (first) return writeDeposit(first, new Random(`${seed}/${number}`), number, new Date());
    return drawDeposit(flow, seed, number, new Date());
  };
  const first = serial.next;
  const startedAt = Date.now();
  let shownAt = 0;
  let done = 0;
  await crowd(
    numbers(serial, loadFolders),
    loadWidth,
    async (number) => {
      await deposit(stage, clients, draw(number));
      done++;
      const now = Date.now();
      if (now < shownAt) return;
      shownAt = now + 200;
      screen.live(bar('folders', done, loadFolders - first, startedAt));
    },
    stage.signal,
  ).catch((error: unknown) => {
    if (!stage.signal.aborted) throw error;
  });
  if (done > 0) screen.live(bar('folders', done, loadFolders - first, startedAt), true);
}

/** Keeps a gentle flow of what the present month brings, until the signal. */
export async function pour(
  stage: Stage,
  { demarches, france }: Country,
  clients: ReadonlyMap<string, Client>,
  serial: { next: number },
): Promise<void> {
  const flow = new Flow(demarches, france, new Date().getMonth() + 1);
  const inFlight = new Set<Promise<void>>();
  while (!stage.signal.aborted) {
    if (inFlight.size < flowWidth) {
      const one: Promise<void> = deposit(stage, clients, drawDeposit(flow, seed, serial.next++, new Date())).finally(
        () => inFlight.delete(one),
      );
      inFlight.add(one);
    }
    await sleep(1000 / foldersPerSecond, undefined, { signal: stage.signal }).catch(() => {});
  }
  await Promise.all(inFlight);
}

// A folder that fails is counted, and the next one is another: the demo goes on.
async function deposit(stage: Stage, clients: ReadonlyMap<string, Client>, drawn: Deposit): Promise<void> {
  try {
    const client = clients.get(drawn.demarche.sender.code);
    if (!client) throw new Error(`no client for ${drawn.demarche.sender.code}`);
    await carry(client, drawn, stage.filing, stage.tally);
  } catch (error) {
    if (!stage.signal.aborted) stage.tally.fail(error);
  }
}

function* numbers(serial: { next: number }, end: number): Generator<number> {
  while (serial.next < end) yield serial.next++;
}
