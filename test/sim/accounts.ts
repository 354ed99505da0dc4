import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import type { ReplyTo } from '#engine/domain/message.ts';
import { isSupervision, type Supervision } from '#engine/domain/supervision.ts';
import { type Journal, keyOf } from './journal.ts';

const CHECKSUM = 8;

interface Accepted {
  partition: number;
  actor: string;
  /** its place among all that its mailbox accepted */
  order: number;
  key: string;
}

/** Requests that a mailbox accepted: each is decided, and those for one actor in the order of acceptance. */
export class Accounts {
  readonly #journal: Journal;
  /** actors under supervision: theirs were refused, given up, or decided again later */
  readonly #supervised: ReadonlySet<string>;
  readonly #open = new Map<string, Accepted>();
  /** partition and actor → order of the last one decided */
  readonly #last = new Map<string, number>();
  accepted = 0;

  constructor(journal: Journal, supervised: ReadonlySet<string>) {
    this.#journal = journal;
    this.#supervised = supervised;
  }

  accept(partition: number, payloads: readonly string[]): void {
    for (const payload of payloads) {
      const [command, api, ask] = JSON.parse(payload.slice(CHECKSUM)) as [Command | Supervision, string, number];
      this.accepted += 1;
      if (isSupervision(command)) continue;
      const key = keyOf(command, { api, ask });
      const actor = this.#journal.actorOf(command);
      this.#open.set(`${api} ${ask}`, { partition, actor, order: this.accepted, key });
    }
  }

  /** A client's request was decided and committed. */
  decided({ api, ask }: ReplyTo): void {
    const found = this.#open.get(`${api} ${ask}`);
    if (found === undefined) return;
    this.#open.delete(`${api} ${ask}`);
    const { partition, actor, order } = found;
    if (this.#supervised.has(actor)) return;
    const last = this.#last.get(`${partition} ${actor}`) ?? 0;
    assert.ok(
      order > last,
      `requests to ${actor} were decided in another order than they were accepted in: ${found.key}`,
    );
    this.#last.set(`${partition} ${actor}`, order);
  }

  /** What its mailbox held may be lost; those decided since may be decided again, in the order they are in now. */
  wentBack(partition: number): void {
    for (const [name, accepted] of this.#open) if (accepted.partition === partition) this.#open.delete(name);
    for (const key of this.#last.keys()) if (key.startsWith(`${partition} `)) this.#last.delete(key);
  }

  /** At rest: those that were neither decided, nor refused, nor given up to an administrator. */
  left(): string[] {
    return [...this.#open.values()]
      .filter(({ key, actor }) => !this.#journal.refused.has(key) && !this.#supervised.has(actor))
      .map(({ key }) => key);
  }
}
