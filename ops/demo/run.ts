import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Country, Stage } from './actors.ts';
import { clientOf, officesOf, senderClients, softwareOf, tiersOf } from './actors.ts';
import type { DemoAgent } from './agents.ts';
import type { Client, Credentials } from './client.ts';
import type { Enrolment } from './enrol.ts';
import { enrol } from './enrol.ts';
import { guide, shownAccounts } from './guide.ts';
import { Http } from './http.ts';
import { type KeyTown, keyTownOf, openKeyTown } from './keytown.ts';
import { Ledger } from './ledger.ts';
import { load, pour } from './load.ts';
import { noMemory, readMemory, writeMemory } from './memory.ts';
import {
  deskWidth,
  errorSeconds,
  memorySeconds,
  officeSeconds,
  softwareWidth,
  softwareWidthLoad,
  statusSeconds,
} from './pace.ts';
import { openPortal } from './portal.ts';
import type { Screen } from './screen.ts';
import { bar } from './screen.ts';
import type { Mailbox } from './smtp.ts';
import type { Door } from './space/door.ts';
import { Space } from './space/space.ts';
import { tendDesk } from './tend.ts';
import { Desk } from './traffic/desk.ts';
import { Filing } from './traffic/filing.ts';
import { makeRounds } from './traffic/rounds.ts';
import { Tally } from './traffic/tally.ts';

export interface World {
  country: Country;
  agents: readonly DemoAgent[];
  /** Has the portal started with its client; gives its address, '' when it could not. */
  askPortal: (client: Credentials) => Promise<string>;
  apiUrl: string;
  smtpUrl: string;
  /** how the portal asks for the demonstration space to be made new */
  door: Door;
  admin: Credentials;
  /** Where the demo keeps its credentials and its actors' memory. */
  folder: string;
  screen: Screen;
  mails: Mailbox;
  signal: AbortSignal;
}

/** Plays the whole country against the API at `apiUrl` until the signal: enrols, loads, then keeps a gentle flow. */
export async function runWorld(world: World): Promise<void> {
  const { apiUrl, country, agents, folder, screen, signal } = world;
  const tally = new Tally();
  const http = new Http(apiUrl);
  const ledger = new Ledger(join(folder, 'enrolment.jsonl'));
  const memoryPath = join(folder, 'memory.json');
  try {
    const admin = clientOf({ http, tally, signal }, world.admin);
    const known = ledger.anySubscription();
    await enrol({ ...country, admin, ledger, signal, onStep: steps(screen) });
    const space = new Space({ http, admin, ledger, demarches: country.demarches, path: join(folder, 'space.json') });
    await space.open();
    const portalUrl = await world.askPortal(await openPortal(admin, ledger, agents));
    const keyTown = portalUrl === '' ? undefined : await keyed(world, admin, portalUrl);
    await space.fill();
    world.door.leadsTo(() => space.reset());
    const accounts = await shownAccounts(country, admin, ledger);
    screen.line(guide({ ...world, ...accounts, portalUrl, keyTown, dataFolder: folder }));
    // A ledger that was forgotten belonged to a hub whose data is gone; the actors' memory then means nothing either.
    const memory = known === ledger.anySubscription() ? readMemory(memoryPath) : noMemory;
    const desk = new Desk(memory.treatments);
    const filing = new Filing(memory.filing);
    const serial = { next: memory.serial };
    const stage: Stage = { http, admin, ledger, tally, desk, filing, signal };
    const save = () => {
      ledger.flush();
      writeMemory(memoryPath, { serial: serial.next, treatments: desk.entries(), filing: filing.entries() });
    };
    try {
      await play({ stage, country, clients: await senderClients(stage), serial, save }, world);
    } finally {
      save();
      screen.live(tally.line(world.mails.count), true);
    }
  } finally {
    ledger.close();
    http.close();
  }
}

/** The town without ProConnect; undefined: this country has none left. */
async function keyed({ country, mails }: World, admin: Client, portalUrl: string): Promise<KeyTown | undefined> {
  const town = keyTownOf(country.france.communes, country.modeOf);
  return town && openKeyTown(admin, town, mails, portalUrl);
}

/** Progress of the enrolment, a bar for each step. */
function steps(screen: Screen): Enrolment['onStep'] {
  let current = '';
  let startedAt = 0;
  let shownAt = 0;
  return (what, done, total) => {
    const now = Date.now();
    if (what !== current) [current, startedAt, shownAt] = [what, now, 0];
    if (done < total && now < shownAt) return;
    shownAt = now + 200;
    screen.live(bar(what, done, total, startedAt), done === total);
  };
}

interface Play {
  stage: Stage;
  country: Country;
  /** A client per sender, by code. */
  clients: ReadonlyMap<string, Client>;
  serial: { next: number };
  save: () => void;
}

async function play({ stage, country, clients, serial, save }: Play, { screen, mails }: World): Promise<void> {
  const { signal, tally } = stage;
  const fail = (error: unknown) => tally.fail(error);
  const software = softwareOf(stage, country);
  const tiers = tiersOf(software);
  const offices = [{ readers: officesOf(stage, clients), everySeconds: officeSeconds }];
  const loaded = new AbortController();

  const every = async (seconds: number, work: () => void) => {
    while (!signal.aborted) {
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
      if (!signal.aborted) work();
    }
  };
  const readMailboxes = async () => {
    await makeRounds(tiers, softwareWidthLoad, AbortSignal.any([signal, loaded.signal]), fail);
    await makeRounds(tiers, softwareWidth, signal, fail);
  };
  const deposit = async () => {
    await load(stage, country, clients, serial, screen);
    if (signal.aborted) return;
    loaded.abort();
    for (const { to, subject } of mails.last) screen.line(`e-mail to ${to.join(', ')}: ${subject}`);
    const status = () => screen.live(tally.line(mails.count));
    await Promise.all([pour(stage, country, clients, serial), every(statusSeconds, status)]);
  };
  await Promise.all([
    makeRounds(offices, clients.size, signal, fail),
    tendDesk(stage, software, deskWidth),
    readMailboxes(),
    deposit(),
    every(memorySeconds, save),
    every(errorSeconds, () => {
      if (tally.lastError) screen.line(`last error: ${tally.lastError}`);
      tally.lastError = '';
    }),
  ]);
}
