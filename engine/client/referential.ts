import type { Id } from '../domain/ids.ts';
import { type OrgKey, orgKey } from '../domain/organization.ts';
import type { AgentState, StaffState } from '../domain/records/agent.ts';
import type { ClientState } from '../domain/records/client.ts';
import { decode } from '../domain/records/codec.ts';
import type { OfficeState } from '../domain/records/office.ts';
import type { OrganizationState } from '../domain/records/organization.ts';
import type { ProcessState } from '../domain/records/process.ts';
import type { SubscriptionState } from '../domain/records/subscription.ts';
import { Barrier } from './referential-barrier.ts';
import type { ReferentialSource } from './referential-source.ts';
import { type Selection, Table } from './referential-table.ts';
import type { Order, Page } from './referential-view.ts';

/** Organizations, processes, subscriptions, clients and agents, in this process's memory. States are never changed in place. */
export interface Referential {
  /** After it, every change answered by any process before the call is seen. One Redis read per batch of requests. */
  fresh(): Promise<void>;
  organization(key: OrgKey): OrganizationState | undefined;
  organizations(): Iterable<OrganizationState>;
  /** Those of type SI with this counter code: for a town, its INSEE municipality code. */
  organizationsAt(branchCode: string): readonly OrganizationState[];
  process(code: string): ProcessState | undefined;
  processes(): Iterable<ProcessState>;
  subscription(id: Id): SubscriptionState | undefined;
  subscriptions(): Iterable<SubscriptionState>;
  /** Subscriptions of one organisation to one démarche; the one that is not `Refusé`, if any, comes first. */
  subscriptionsOf(process: string, org: OrgKey): readonly SubscriptionState[];
  client(clientId: string): ClientState | undefined;
  /** When the first of the replaced secrets that are still accepted at `now` ends, ms; undefined: there is none. */
  firstSecretEnd(now: number): number | undefined;
  agent(id: Id): AgentState | undefined;
  agents(): Iterable<AgentState>;
  /** Those of one organisation, its administrators first. */
  agentsOf(org: OrgKey): readonly AgentState[];
  /** What is settled for them; undefined: nothing. */
  office(org: OrgKey): OfficeState | undefined;
  /** Lists; `group` is a company register. */
  organizationPage(selection: Selection<OrganizationState>): Page<OrganizationState>;
  subscriptionPage(selection: Selection<SubscriptionState>): Page<SubscriptionState>;
  clientPage(selection: Selection<ClientState>): Page<ClientState>;
}

export interface ReferentialOptions {
  /** told of each record that cannot be read; it then counts as absent, and the others are served */
  onCorrupt?: (name: string, error: unknown) => void;
}

/** A client's group: the SIRET within its organisation's key. */
const registerOf = (org: OrgKey): string => org.split('-', 2)[1] ?? '';

/** Those without a replaced secret come last. */
const secretEnd = ({ previousUntil }: ClientState): number => previousUntil ?? Number.MAX_SAFE_INTEGER;

/** Kept sorted, so that figures, which are asked for every few seconds, walk through no country's clients. */
const BY_SECRET_END: Order<ClientState> = {
  name: 'end of the replaced secret',
  compare: (a, b) => secretEnd(a) - secretEnd(b),
};

const tables = () => ({
  O: new Table<OrganizationState>(
    orgKey,
    (organization) => organization.companyRegister,
    ({ type, branchCode }) => (type === 'SI' ? branchCode : ''),
  ),
  P: new Table<ProcessState>(
    (process) => process.code,
    (process) => process.osl.companyRegister,
  ),
  S: new Table<SubscriptionState>(
    (subscription) => subscription.id,
    (subscription) => subscription.subscriber.companyRegister,
  ),
  L: new Table<ClientState>(
    (client) => client.clientId,
    (client) => registerOf(client.organization),
  ),
  A: new Table<AgentState>((agent) => agent.id),
  M: new Table<StaffState>((staff) => staff.org),
  D: new Table<OfficeState>((office) => office.org),
});
type Tables = ReturnType<typeof tables>;
type Letter = keyof Tables;
const LETTERS: readonly Letter[] = ['O', 'P', 'S', 'L', 'A', 'M', 'D'];

/** The second grouping of organisations. */
const AT = 1;

const isHeld = (name: string): boolean => (LETTERS as readonly string[]).includes(name.charAt(0));

export class ReferentialCopy implements Referential {
  readonly #source: ReferentialSource;
  readonly #onCorrupt: (name: string, error: unknown) => void;
  readonly #barrier = new Barrier(() => this.#refresh());
  #tables = tables();
  #version: number | undefined;

  constructor(source: ReferentialSource, options: ReferentialOptions = {}) {
    this.#source = source;
    this.#onCorrupt = options.onCorrupt ?? (() => undefined);
  }

  /** Reads everything for the first time, however long it takes; to be awaited before anything else is called. */
  open(): Promise<void> {
    return this.#refresh();
  }

  fresh(): Promise<void> {
    return this.#barrier.pass();
  }

  organization(key: OrgKey): OrganizationState | undefined {
    return this.#tables.O.get(key);
  }

  organizations(): Iterable<OrganizationState> {
    return this.#tables.O.all();
  }

  organizationsAt(branchCode: string): readonly OrganizationState[] {
    return this.#tables.O.group(branchCode, AT);
  }

  process(code: string): ProcessState | undefined {
    return this.#tables.P.get(code);
  }

  processes(): Iterable<ProcessState> {
    return this.#tables.P.all();
  }

  subscription(id: Id): SubscriptionState | undefined {
    return this.#tables.S.get(id);
  }

  subscriptions(): Iterable<SubscriptionState> {
    return this.#tables.S.all();
  }

  subscriptionsOf(process: string, org: OrgKey): readonly SubscriptionState[] {
    const found = this.#tables.S.group(registerOf(org)).filter(
      ({ processCode, subscriber }) => processCode === process && orgKey(subscriber) === org,
    );
    return found.length < 2
      ? found
      : found.sort((a, b) => Number(a.status === 'Refusé') - Number(b.status === 'Refusé'));
  }

  client(clientId: string): ClientState | undefined {
    return this.#tables.L.get(clientId);
  }

  firstSecretEnd(now: number): number | undefined {
    return this.#tables.L.first(BY_SECRET_END, (client) => secretEnd(client) > now)?.previousUntil ?? undefined;
  }

  agent(id: Id): AgentState | undefined {
    return this.#tables.A.get(id);
  }

  agents(): Iterable<AgentState> {
    return this.#tables.A.all();
  }

  agentsOf(org: OrgKey): readonly AgentState[] {
    const staff = this.#tables.M.get(org);
    if (staff === undefined) return [];
    return [...staff.administrators, ...staff.others].flatMap((id) => this.#tables.A.get(id) ?? []);
  }

  office(org: OrgKey): OfficeState | undefined {
    return this.#tables.D.get(org);
  }

  organizationPage(selection: Selection<OrganizationState>): Page<OrganizationState> {
    return this.#tables.O.page(selection);
  }

  subscriptionPage(selection: Selection<SubscriptionState>): Page<SubscriptionState> {
    return this.#tables.S.page(selection);
  }

  clientPage(selection: Selection<ClientState>): Page<ClientState> {
    return this.#tables.L.page(selection);
  }

  async #refresh(): Promise<void> {
    const version = await this.#source.version();
    if (this.#version !== undefined && this.#version > version) this.#version = undefined;
    while (this.#version !== version) {
      const known = this.#version;
      const changes = known === undefined ? undefined : await this.#source.changes(known);
      if (known === undefined || !changes || changes.version <= known) return this.#reload(version);
      const names = [...new Set(changes.names)].filter(isHeld);
      const texts = names.length > 0 ? await this.#source.load(names) : [];
      for (const [index, name] of names.entries()) this.#apply(this.#tables, name, texts[index] ?? null);
      this.#version = changes.version;
      if (changes.version > version) return;
    }
  }

  /** The version was read before the scan, so what changes meanwhile is read again by the next refresh. */
  async #reload(version: number): Promise<void> {
    const next = tables();
    for (const letter of LETTERS) {
      await this.#source.scan(letter, (pairs) => {
        for (const [key, text] of pairs) this.#apply(next, letter + key, text);
      });
    }
    this.#tables = next;
    this.#version = version;
  }

  #apply(into: Tables, name: string, text: string | null): void {
    const table = into[name.charAt(0) as Letter] as Table<object>;
    const key = name.slice(1);
    if (text === null) {
      table.delete(key);
      return;
    }
    try {
      table.put(key, decode(name, text) as object);
    } catch (error) {
      table.delete(key);
      this.#onCorrupt(name, error);
    }
  }
}
