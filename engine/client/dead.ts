import type { Answer } from '../domain/decision.ts';
import { ALL_PARTITIONS } from '../domain/placement.ts';
import type { Supervision } from '../domain/supervision.ts';
import { DRAINING } from '../partition/batch.ts';
import { parseLetter, parseNote } from '../partition/letters.ts';
import type { Client } from '../redis/connect.ts';
import { keysOf, parkKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { served } from './served.ts';

/** A dead letter as an administrator sees it: never the message, which may hold personal data. */
export interface LetterView {
  /** `<partition>-<number>` */
  id: string;
  /** record whose message it was; '' for a job or a corrupt entry */
  actor: string;
  /** the message's kind; `job` or `corrupt` */
  kind: string;
  /** name of the error and where it arose */
  error: string;
  /** ms */
  at: number;
}

/** An actor whose deliveries wait. */
export interface ParkedView {
  /** `<partition>-<actor>` */
  id: string;
  actor: string;
  /** id of the dead letter they wait behind; null: an administrator's wish, or they are being decided now */
  letter: string | null;
  draining: boolean;
  /** ms */
  since: number;
  /** deliveries that wait */
  waiting: number;
}

/** Where a page begins and how long it is. */
export interface PageOf {
  partition?: number;
  /** id of the last one seen */
  after?: string;
  limit: number;
}

const LETTER_ID = /^(\d{1,3})-(\d{1,15})$/;
const ACTOR_ID = /^(\d{1,3})-(.+)$/s;
const NOT_FOUND: Answer = { status: 404, body: { message: 'Dead letter is not found' } };
const NO_ACTOR: Answer = { status: 404, body: { message: 'Actor is not found' } };

function split(id: string, form: RegExp): [partition: number, rest: string] | undefined {
  const found = form.exec(id);
  if (found === null || Number(found[1]) >= ALL_PARTITIONS) return undefined;
  return [Number(found[1]), found[2] as string];
}

/** What an administrator does about messages given up and actors that wait behind them. */
export class DeadLetters {
  readonly #reads: Reads;
  readonly #ask: (partition: number, command: Supervision) => Promise<Answer>;

  constructor(reads: Reads, ask: (partition: number, command: Supervision) => Promise<Answer>) {
    this.#reads = reads;
    this.#ask = ask;
  }

  /** By partition, oldest first. Served whether or not an owner vouches for it: it may tell why none does. */
  list(page: PageOf): Promise<LetterView[]> {
    return served(this.#letters(page));
  }

  /** By partition, then by name. */
  parked(page: PageOf): Promise<ParkedView[]> {
    return served(this.#actors(page));
  }

  async #letters(page: PageOf): Promise<LetterView[]> {
    const after = page.after === undefined ? undefined : split(page.after, LETTER_ID);
    const found: LetterView[] = [];
    for (const partition of await this.#partitions(page, after?.[0], (client, key) => client.xlen(key.dead))) {
      const from = after?.[0] === partition ? `(${after[1]}-0` : '-';
      const left = page.limit - found.length;
      const list = await this.#reads.plain((client) => client.xrange(keysOf(partition).dead, from, '+', 'COUNT', left));
      for (const entry of list) {
        const { number, actor, kind, error, at } = parseLetter(entry as [string, string[]]);
        found.push({ id: `${partition}-${number}`, actor, kind, error, at });
      }
      if (found.length >= page.limit) break;
    }
    return found;
  }

  async #actors(page: PageOf): Promise<ParkedView[]> {
    const after = page.after === undefined ? undefined : split(page.after, ACTOR_ID);
    const found: ParkedView[] = [];
    for (const partition of await this.#partitions(page, after?.[0], (client, key) => client.hlen(key.parked))) {
      const notes = Object.entries(await this.#reads.plain((client) => client.hgetall(keysOf(partition).parked)));
      const wanted = notes
        .filter(([actor]) => after?.[0] !== partition || actor > after[1])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, page.limit - found.length);
      const lengths = await Promise.all(
        wanted.map(([actor]) => this.#reads.plain((client) => client.xlen(parkKey(partition, actor)))),
      );
      for (const [index, [actor, text]] of wanted.entries()) {
        const { letter, since } = parseNote(text);
        found.push({
          id: `${partition}-${actor}`,
          actor,
          letter: letter > 0 ? `${partition}-${letter}` : null,
          draining: letter === DRAINING,
          since,
          waiting: lengths[index] ?? 0,
        });
      }
      if (found.length >= page.limit) break;
    }
    return found;
  }

  /** Decides a letter again, then what waited behind it. 204, 404, or 409 when it failed again. */
  replay(id: string): Promise<Answer> {
    const at = split(id, LETTER_ID);
    return at ? this.#ask(at[0], { kind: 'dead.replay', letter: Number(at[1]) }) : Promise.resolve(NOT_FOUND);
  }

  /** Forgets a letter, then decides what waited behind it. 204, 404, or 409 when one of those failed. */
  discard(id: string): Promise<Answer> {
    const at = split(id, LETTER_ID);
    return at ? this.#ask(at[0], { kind: 'dead.discard', letter: Number(at[1]) }) : Promise.resolve(NOT_FOUND);
  }

  /** From now on deliveries to the actor wait and requests get 503. */
  park(id: string): Promise<Answer> {
    const at = split(id, ACTOR_ID);
    return at ? this.#ask(at[0], { kind: 'actor.park', actor: at[1] }) : Promise.resolve(NO_ACTOR);
  }

  /** Decides what waited for the actor. 204, or 409 when one of them failed. */
  unpark(id: string): Promise<Answer> {
    const at = split(id, ACTOR_ID);
    return at ? this.#ask(at[0], { kind: 'actor.unpark', actor: at[1] }) : Promise.resolve(NO_ACTOR);
  }

  /** Partitions of the page that hold something, in order. */
  async #partitions(
    { partition }: PageOf,
    from = 0,
    size: (client: Client, keys: ReturnType<typeof keysOf>) => Promise<number>,
  ): Promise<number[]> {
    const all = partition === undefined ? Array.from({ length: ALL_PARTITIONS }, (_, number) => number) : [partition];
    const wanted = all.filter((number) => number >= from && number < ALL_PARTITIONS);
    const sizes = await Promise.all(
      wanted.map((number) => this.#reads.plain((client) => size(client, keysOf(number)))),
    );
    return wanted.filter((_, index) => (sizes[index] ?? 0) > 0);
  }
}
