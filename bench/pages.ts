import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { SignedIn } from './agents.ts';
import { Latencies } from './measure.ts';

/** Kinds of pages, and what each iteration of a connection asks for, in this order: two lists, two cases, one status. */
export const KINDS = ['list', 'case', 'status'] as const;
export type Kind = (typeof KINDS)[number];
const OK = 200;
const SEE_OTHER = 303;
const CONFLICT = 409;
const SHOWN = 200;
/** Times in a second at which connections begin. */
const GROUPS = 50;
const SECOND_MS = 1_000;
const TIMEOUT_S = 30;

const VIEWS = ['a-traiter', 'en-cours', 'en-attente', 'traites', 'tous'];
const SORTS = ['reception', 'numero', 'demandeur', 'etat', 'changement'];
/** One list in eight is searched: by a name, as it is typed, by a number. */
const SEARCHES = ['leroux1', 'helene mart', 'BANC-STOCK-0000000000321', 'boeuf'];
const SEARCHED_EVERY = 8;
const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Filters of all shapes, the same ones each run. */
export function listPath(n: number): string {
  const query = new URLSearchParams();
  if (n % 2 === 1) {
    query.set('vue', of(VIEWS, Math.floor(n / 2)));
    query.set('tri', of(SORTS, Math.floor(n / 3)));
    if (n % SEARCHED_EVERY === 1) query.set('q', of(SEARCHES, Math.floor(n / SEARCHED_EVERY)));
    if (n % 7 === 0) query.set('nonlu', '1');
    if (n % 3 === 0) query.set('ordre', 'desc');
  }
  const text = query.toString();
  return text === '' ? '/dossiers' : `/dossiers?${text}`;
}

/** What one connection knows of the agent whose pages it asks for. */
interface Desk {
  agent?: SignedIn;
  began?: number;
  /** addresses of cases on the last list */
  cases?: string[];
  /** the address asked for */
  path?: string;
  /** the case that was opened, its version, and the status by which it is acknowledged */
  opened?: { path: string; version: string; status: string } | undefined;
  kind?: Kind;
}

const CASE = /href="(\/dossiers\/[0-9a-f]{8}-[0-9a-f-]{27})/g;
const ACKNOWLEDGE =
  /name="depuis" value="([^"]+)"\s*\/?>(?:\s|<!--[^>]*-->)*<input type="hidden" name="etat" value="(IN_PROGRESS|SI_RECEIVED)"/;

/** Agents' browsers: pages one after the other, each iteration of a connection another agent, as if each had a browser. */
export class Pages {
  readonly latencies = Object.fromEntries(KINDS.map((kind) => [kind, new Latencies()])) as Record<Kind, Latencies>;
  readonly all = new Latencies();
  /** answers that were none of those a page has */
  errors = 0;
  /** somebody else was quicker: the page that says so */
  conflicts = 0;
  readonly #url: string;
  readonly #agents: readonly SignedIn[];
  readonly #counts: boolean;
  #next = 0;
  #lists = 0;

  /** @param counts false: nothing is measured, as while it warms up */
  constructor(url: string, agents: readonly SignedIn[], counts: boolean) {
    this.#url = url;
    this.#agents = agents;
    this.#counts = counts;
  }

  /**
   * autocannon gives each connection its requests of a second at the beginning of that second: so one connection a page and
   * second, begun one after the other, that agents do not all click at once.
   * @returns pages a second
   */
  async run(rate: number, seconds: number): Promise<number> {
    const groups = Math.min(GROUPS, rate);
    const results = await Promise.all(
      Array.from({ length: groups }, async (_, group) => {
        await pause((group * SECOND_MS) / groups);
        const connections = Math.floor(rate / groups) + (group < rate % groups ? 1 : 0);
        return autocannon({
          url: this.#url,
          connections,
          overallRate: connections,
          duration: seconds,
          timeout: TIMEOUT_S,
          requests: [this.#list(true), this.#case(), this.#list(false), this.#case(), this.#status()],
        });
      }),
    );
    // Those that have no answer at the end, or lost their connection.
    for (const { errors, timeouts } of results) this.errors += errors + timeouts;
    return results.reduce((sum, one) => sum + (one['2xx'] + one['3xx']) / one.duration, 0);
  }

  #list(begins: boolean): autocannon.Request {
    return this.#request((desk) => {
      if (begins || desk.agent === undefined) {
        desk.agent = this.#agents[this.#next % this.#agents.length] as SignedIn;
        this.#next += 1;
      }
      return this.#get(desk, 'list', this.#path());
    });
  }

  #path(): string {
    this.#lists += 1;
    return listPath(this.#lists);
  }

  /** One of the cases listed, or the list again where it is empty. */
  #case(): autocannon.Request {
    return this.#request((desk) => {
      const path = desk.cases?.[Math.floor(Math.random() * desk.cases.length)];
      return path === undefined ? this.#get(desk, 'list', this.#path()) : this.#get(desk, 'case', path);
    });
  }

  /** Acknowledges the case that was opened, if it is new. */
  #status(): autocannon.Request {
    return this.#request((desk) => {
      const { opened } = desk;
      if (opened === undefined) return this.#get(desk, 'list', this.#path());
      const body = new URLSearchParams({ depuis: opened.version, etat: opened.status }).toString();
      desk.kind = 'status';
      return {
        method: 'POST',
        path: `${opened.path}?/etat`,
        headers: { ...this.#headers(desk), 'content-type': 'application/x-www-form-urlencoded', origin: this.#url },
        body,
      };
    });
  }

  #headers({ agent }: Desk): Record<string, string> {
    return { cookie: `relais-session=${agent?.secret}`, accept: 'text/html' };
  }

  #get(desk: Desk, kind: Kind, path: string): autocannon.Request {
    Object.assign(desk, { kind, path });
    return { method: 'GET', path, headers: this.#headers(desk) };
  }

  #request(make: (desk: Desk) => autocannon.Request): autocannon.Request {
    return {
      setupRequest: (_, context) => {
        const desk = context as Desk;
        const request = make(desk);
        desk.began = performance.now();
        return request;
      },
      onResponse: (status, body, context) => this.#seen(context as Desk, status, body),
    };
  }

  #seen(desk: Desk, status: number, body: string): void {
    const kind = desk.kind as Kind;
    const ms = performance.now() - (desk.began as number);
    const good = kind === 'status' ? status === SEE_OTHER : status === OK;
    if (good && this.#counts) {
      this.latencies[kind].add(ms);
      this.all.add(ms);
    } else if (kind === 'status' && status === CONFLICT) this.conflicts += 1;
    else if (!good) {
      this.errors += 1;
      console.error(`${kind}: ${status} ${body.slice(0, SHOWN)}`);
    }
    if (kind === 'list') desk.cases = [...body.matchAll(CASE)].map(([, path]) => path as string);
    if (kind === 'case') desk.opened = openedOf(desk.path as string, body);
    if (kind === 'status') desk.opened = undefined;
  }
}

function openedOf(path: string, body: string): Desk['opened'] {
  const found = ACKNOWLEDGE.exec(body);
  return found === null ? undefined : { path, version: found[1] as string, status: found[2] as string };
}
