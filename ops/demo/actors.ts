import type { Credentials } from './client.ts';
import { Client } from './client.ts';
import type { Wish } from './enrol.ts';
import { senderCredentials, softwareCredentials, wishesOf } from './enrol.ts';
import type { AccessMode } from './france/access.ts';
import { accessModes, yearlyCases } from './france/access.ts';
import type { Demarche } from './france/demarche.ts';
import { demarches } from './france/demarches.ts';
import type { France, Recipient } from './france/recipients.ts';
import { buildFrance } from './france/recipients.ts';
import { senders } from './france/senders.ts';
import type { Http } from './http.ts';
import type { Ledger } from './ledger.ts';
import { softwareTiers } from './pace.ts';
import type { Desk } from './traffic/desk.ts';
import type { Filing } from './traffic/filing.ts';
import { Office } from './traffic/office.ts';
import type { Tier } from './traffic/rounds.ts';
import { Software } from './traffic/software.ts';
import type { Tally } from './traffic/tally.ts';

/** The country as data: who there is, what flows, who is served by software. */
export interface Country {
  france: France;
  demarches: readonly Demarche[];
  modeOf: (recipient: Recipient) => AccessMode;
}

/** What every simulated actor works with. */
export interface Stage {
  http: Http;
  admin: Client;
  ledger: Ledger;
  tally: Tally;
  desk: Desk;
  filing: Filing;
  signal: AbortSignal;
}

export function buildCountry(): Country {
  const france = buildFrance();
  return { france, demarches, modeOf: accessModes(demarches, france) };
}

/** A client whose waits are counted. */
export function clientOf(
  { http, tally, signal }: Pick<Stage, 'http' | 'tally' | 'signal'>,
  credentials: Credentials,
): Client {
  return new Client(http, credentials, { signal, onWait: () => tally.waits++ });
}

/** A client per sender, by code. */
export async function senderClients(stage: Stage): Promise<Map<string, Client>> {
  const clients = new Map<string, Client>();
  for (const sender of senders) {
    clients.set(sender.code, clientOf(stage, await senderCredentials(stage.admin, stage.ledger, sender)));
  }
  return clients;
}

export function officesOf(stage: Stage, clients: ReadonlyMap<string, Client>): Office[] {
  return [...clients.values()].map((client) => new Office(client, stage.filing, stage.tally));
}

/** Software for every subscription served by software, by key, the busiest recipients first. None for the portal's communes. */
export function softwareOf(stage: Stage, country: Country): Map<string, Software> {
  const expected = yearlyCases(country.demarches, country.france);
  const busy = ({ demarche, recipient }: Wish) => (expected.get(recipient) ?? 0) * demarche.yearly;
  const wishes = wishesOf(country)
    .filter((wish) => country.modeOf(wish.recipient) === 'API')
    .sort((a, b) => busy(b) - busy(a));
  return new Map(
    wishes.map(({ key, demarche }) => {
      let client: Promise<Client> | undefined;
      const ask = async () => clientOf(stage, await softwareCredentials(stage.admin, stage.ledger, key));
      const once = () => {
        client ??= ask().catch((error: unknown) => {
          client = undefined;
          throw error;
        });
        return client;
      };
      return [key, new Software(key, demarche, once, stage.desk, stage.tally)];
    }),
  );
}

export function tiersOf(software: ReadonlyMap<string, Software>): Tier<Software>[] {
  const left = [...software.values()];
  return softwareTiers.map(({ mailboxes, everySeconds }) => ({
    readers: left.splice(0, Math.min(mailboxes, left.length)),
    everySeconds,
  }));
}
