/** The demonstration space: a town to try the portal in, and the gesture that makes it new again. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Client, Refused } from '../client.ts';
import { create, recipientBody, senderCredentials, subscribe, subscriptionBody, subscriptionKey } from '../enrol.ts';
import type { Demarche } from '../france/demarche.ts';
import { senderOf } from '../france/senders.ts';
import type { Http } from '../http.ts';
import type { Ledger } from '../ledger.ts';
import { Random } from '../random.ts';
import { writeDeposit } from '../traffic/deposit.ts';
import { spaceAgents, spaceCodes, spaceTown } from './town.ts';

/** What was deposited there, to be closed at the next time. */
interface Memory {
  serial: number;
  cases: string[];
}

/** Numbers of its folders: no traffic comes so far. */
const firstSerial = 900_000_000;
/** Démarches of the cases that wait, oldest first. */
const waiting = ['EtatCivil', 'depotDossierPACS', 'EtatCivil', 'recensementCitoyen', 'CERTDC', 'OTV'];
const agentsPath = '/relais/v1/agents';

export interface SpaceParts {
  http: Http;
  admin: Client;
  ledger: Ledger;
  demarches: readonly Demarche[];
  /** file of its memory */
  path: string;
}

export class Space {
  readonly #parts: SpaceParts;
  #memory: Memory;
  #resetting: Promise<void> | undefined;

  constructor(parts: SpaceParts) {
    this.#parts = parts;
    this.#memory = existsSync(parts.path)
      ? (JSON.parse(readFileSync(parts.path, 'utf8')) as Memory)
      : { serial: firstSerial, cases: [] };
  }

  /** Enrols the town; its first cases are deposited when there are none. */
  async open(): Promise<void> {
    const { admin, ledger } = this.#parts;
    await create(admin, 'organizations', recipientBody(spaceTown));
    for (const demarche of this.#demarches()) {
      const key = subscriptionKey(demarche, spaceTown);
      if (!ledger.subscription(key)) {
        await subscribe({ admin, ledger, modeOf: () => 'PORTAIL' }, { demarche, recipient: spaceTown, key });
      }
    }
  }

  /** Deposits its first cases. */
  async fill(): Promise<void> {
    if (this.#memory.cases.length === 0) await this.reset();
  }

  /** Everything as at the beginning: its own agents, active subscriptions, and only new cases that wait. */
  reset(): Promise<void> {
    this.#resetting ??= this.#renew().finally(() => {
      this.#resetting = undefined;
    });
    return this.#resetting;
  }

  async #renew(): Promise<void> {
    for (const id of this.#memory.cases) await this.#close(id);
    await this.#dismiss();
    const { admin, ledger } = this.#parts;
    for (const demarche of this.#demarches()) {
      const id = ledger.subscription(subscriptionKey(demarche, spaceTown));
      await admin.put(`/referential/v1/subscriptions/${id}`, subscriptionBody(demarche, spaceTown, 'PORTAIL'));
    }
    const cases: string[] = [];
    for (const code of waiting) cases.push(...(await this.#deposit(code)));
    this.#memory = { ...this.#memory, cases };
    this.#save();
  }

  async #close(id: string): Promise<void> {
    const { admin } = this.#parts;
    try {
      await admin.patchCase(id, 'DONE');
    } catch (error) {
      // Refused or done already, or gone.
      if (!(error instanceof Refused) || error.status >= 500) throw error;
    }
  }

  /** Colleagues that were invited while trying. */
  async #dismiss(): Promise<void> {
    const { admin } = this.#parts;
    const query = new URLSearchParams({ ...spaceTown.identity });
    const staff = await admin.get<{ id: string; email: string }[]>(`${agentsPath}?${query}`);
    const own = new Set(spaceAgents.map(({ account }) => account.email));
    for (const { id, email } of staff) if (!own.has(email)) await admin.delete(`${agentsPath}/${id}?${query}`);
  }

  async #deposit(code: string): Promise<string[]> {
    const { http, admin, ledger } = this.#parts;
    const demarche = this.#demarches().find((one) => one.code === code);
    if (demarche === undefined) return [];
    const client = new Client(http, await senderCredentials(admin, ledger, senderOf(demarche.sender.code)));
    this.#memory = { ...this.#memory, serial: this.#memory.serial + 1 };
    this.#save();
    const { serial } = this.#memory;
    const drawn = { demarche, recipients: [spaceTown] };
    const { folder, files } = writeDeposit(drawn, new Random(`space ${serial}`), serial, new Date());
    const made = await client.postFolder(folder);
    for (const [index, { id }] of made.attachments.entries()) {
      await client.putFolderFile(made.id, id, files[index] as Buffer);
    }
    await client.patchFolder(made.id, 'HUBEE_COMPLETED');
    return made.cases.map(({ id }) => id);
  }

  #demarches(): Demarche[] {
    return this.#parts.demarches.filter(({ code }) => spaceCodes.includes(code));
  }

  #save(): void {
    writeFileSync(this.#parts.path, JSON.stringify(this.#memory));
  }
}
