/** The whole product with its portal, a provider, and a small country: what a browser is let loose on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DemoAgent, demoAgents, inviteAgents } from '#ops/demo/agents.ts';
import { Client } from '#ops/demo/client.ts';
import { enrol, senderCredentials } from '#ops/demo/enrol.ts';
import type { Demarche } from '#ops/demo/france/demarche.ts';
import { demarches } from '#ops/demo/france/demarches.ts';
import { buildFrance, type Recipient } from '#ops/demo/france/recipients.ts';
import { senderOf } from '#ops/demo/france/senders.ts';
import { Http } from '#ops/demo/http.ts';
import { Ledger } from '#ops/demo/ledger.ts';
import { portalCredentials } from '#ops/demo/portal.ts';
import { type LocalProvider, startProvider } from '#ops/demo/provider/provider.ts';
import { Random } from '#ops/demo/random.ts';
import { writeDeposit } from '#ops/demo/traffic/deposit.ts';
import type { Folder } from '#ops/demo/wire.ts';
import { freePort } from '#ops/portal/ports.ts';
import { startPortalWith, startServices } from '#ops/services.ts';
import { holdIndex } from '#test/index/held.ts';
import { Gate } from './gate.ts';

/** Démarches of the tests: a plain one, one that awaits, the death certificate, one with JSON. */
const CODES = ['EtatCivil', 'recensementCitoyen', 'depotDossierPACS', 'CERTDC', 'OTV', 'InscriptionListesElectorales'];
const TOWNS = 5;
/** How long decisions wait in these tests, seconds: long enough for a click on a busy machine. */
export const UNDO_S = 12;

export interface Ground {
  portal: string;
  api: string;
  provider: LocalProvider;
  agents: DemoAgent[];
  towns: Recipient[];
  /** Deposits a folder for a town; gives it back with the ids of its cases. */
  deposit(code: string, ...towns: Recipient[]): Promise<Folder>;
  /** The same, of the same invented person with the same request each time: only its number is another one. */
  depositAgain(code: string, ...towns: Recipient[]): Promise<Folder>;
  /** The same with a business flow that cannot be read: it breaks off. */
  depositBroken(code: string, ...towns: Recipient[]): Promise<Folder>;
  /** between the portal and the hub */
  gate: Gate;
  admin: Client;
  /** The index of lists stays as it is while that is done. */
  holdIndex<T>(what: () => Promise<T>): Promise<T>;
  /** Lists the hub has answered before its index had all of them. */
  lateLists(): Promise<number>;
  /** The software of a démarche's sender. */
  sender(code: string): Promise<Client>;
  stop(): Promise<void>;
}

const ADMIN_ID = 'e2e-admin';
const ADMIN_SECRET = 'secret of the tests in a browser';

export async function startGround(settings: Record<string, string> = {}): Promise<Ground> {
  const data = mkdtempSync(join(tmpdir(), 'relais-e2e-'));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(data, { recursive: true, force: true })];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const communes = buildFrance().communes.slice(20, 20 + TOWNS);
    const agents = demoAgents(communes);
    const [port, filesPort] = [await freePort(), await freePort()];
    const url = `http://localhost:${port}`;
    const provider = await startProvider({ accounts: agents.map(({ account }) => account), portalUrl: url, port: 0 });
    stops.push(() => provider.stop());
    const env = {
      HUB_ADMIN_CLIENT_ID: ADMIN_ID,
      HUB_ADMIN_CLIENT_SECRET: ADMIN_SECRET,
      HUB_LOG_LEVEL: 'error',
      HUB_OIDC_ISSUER: provider.issuer,
      HUB_OIDC_CLIENT_ID: provider.clientId,
      HUB_PORTAL_URL: url,
      HUB_PORTAL_UNDO: String(UNDO_S),
      ...settings,
    };
    const services = await startServices(
      { role: 'all', portal: false, data, port: 0, host: '127.0.0.1', env },
      () => undefined,
    );
    stops.push(() => services.stop());
    const api = services.url as string;
    const http = new Http(api);
    stops.push(() => http.close());
    const ledger = new Ledger(join(data, 'ledger.jsonl'));
    stops.push(() => ledger.close());
    const admin = new Client(http, { clientId: ADMIN_ID, clientSecret: ADMIN_SECRET, scope: 'ADMIN' });
    const chosen = demarches.filter(({ code }) => CODES.includes(code));
    const france = { communes, departements: [], epci: [], operators: [] };
    await enrol({ admin, ledger, france, demarches: chosen, modeOf: () => 'PORTAIL', onStep: () => undefined });
    await inviteAgents(admin, agents);
    const credentials = await portalCredentials(admin, ledger);
    const gate = new Gate(api);
    const way = await gate.open();
    stops.push(() => gate.close());
    const portal = await startPortalWith(
      {
        ...env,
        HUB_API_URL: way,
        HUB_OIDC_CLIENT_SECRET: provider.clientSecret,
        HUB_PORTAL_CLIENT_ID: credentials.clientId,
        HUB_PORTAL_CLIENT_SECRET: credentials.clientSecret,
        HUB_PORTAL_PORT: String(port),
        HUB_PORTAL_FILES_PORT: String(filesPort),
      },
      () => undefined,
    );
    stops.push(() => portal.stop());
    const sender = senders({ http, admin, ledger, chosen });
    const give = depositor(chosen, sender);
    return {
      ...{ portal: portal.url, api, provider, agents, towns: communes, gate, admin, stop, sender },
      holdIndex: (what) => holdIndex(data, what),
      lateLists: () => lateLists(api),
      deposit: (code, ...recipients) => give(code, recipients, { seed: null }),
      depositAgain: (code, ...recipients) => give(code, recipients, { seed: 'e2e' }),
      depositBroken: (code, ...recipients) => give(code, recipients, { seed: 'e2e', broken: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function lateLists(api: string): Promise<number> {
  const text = await (await fetch(`${api}/metrics`)).text();
  return Number(/^index_lists_total\{[^}]*late="true"[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

const LOOK_MS = 200;

/** The case once it has that status: decisions wait before they leave. */
export async function decided(
  { admin }: Pick<Ground, 'admin'>,
  id: string,
  status: string,
): ReturnType<Client['getCase']> {
  for (const end = Date.now() + 4 * UNDO_S * 1000; ; ) {
    const seen = await admin.getCase(id);
    if (seen.status === status || Date.now() > end) return seen;
    await delay(LOOK_MS);
  }
}

interface Stage {
  http: Http;
  admin: Client;
  ledger: Ledger;
  chosen: readonly Demarche[];
}

const senders =
  ({ http, admin, ledger, chosen }: Stage): Ground['sender'] =>
  async (code) => {
    const demarche = chosen.find((one) => one.code === code);
    if (!demarche) throw new Error(`no démarche ${code}`);
    return new Client(http, await senderCredentials(admin, ledger, senderOf(demarche.sender.code)));
  };

interface Manner {
  /** null: another person each time */
  seed: string | null;
  broken?: true;
}
type Giver = (code: string, recipients: Recipient[], how: Manner) => Promise<Folder>;

/** XML of that length which ends in the middle. */
const brokenXml = (bytes: Buffer): Buffer => {
  const broken = Buffer.alloc(bytes.length, ' ');
  broken.write('<?xml version="1.0" encoding="UTF-8"?><demande>');
  return broken;
};

function depositor(chosen: readonly Demarche[], sender: Ground['sender']): Giver {
  let serial = 0;
  return async (code, recipients, { seed, broken }) => {
    const demarche = chosen.find((one) => one.code === code);
    if (!demarche) throw new Error(`no démarche ${code}`);
    const client = await sender(code);
    serial += 1;
    const random = new Random(seed ?? `e2e ${serial}`);
    const { folder, files } = writeDeposit({ demarche, recipients }, random, serial, new Date());
    const made = await client.postFolder(folder);
    for (const [index, { id }] of made.attachments.entries()) {
      const bytes = files[index] as Buffer;
      const isFlow = /\.xml$/.test(folder.attachments[index]?.fileName ?? '');
      await client.putFolderFile(made.id, id, broken && isFlow ? brokenXml(bytes) : bytes);
    }
    await client.patchFolder(made.id, 'HUBEE_COMPLETED');
    return made;
  };
}
