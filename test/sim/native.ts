import { RECIPIENTS, SENDERS } from './cast.ts';
import { Depositor } from './depositor.ts';
import { checkTold, feedsOf } from './feeds.ts';
import { checkQueues } from './queues.ts';
import { Reader } from './reader.ts';
import { Receipts } from './receipts.ts';
import { Subscriber } from './subscriber.ts';
import type { World } from './world.ts';

/** Senders of the native API at once: each under keys of its own. */
const DEPOSITORS = 2;
const READERS = 2;

/** The native API's part of a seed: deposits by key, cases held until their recipients subscribe, readers of feeds. */
export class Native {
  readonly #world: World;
  readonly #receipts = new Receipts();
  readonly #readers: Reader[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  begin(): void {
    const { crew, chance } = this.#world;
    const subscriber = new Subscriber(this.#world);
    crew.run(() => subscriber.run());
    for (let n = 0; n < DEPOSITORS; n += 1) {
      const depositor = new Depositor(this.#world, this.#receipts, subscriber, chance.pick(SENDERS), `key${n}`);
      crew.run(() => depositor.run());
    }
    for (let n = 0; n < READERS; n += 1) {
      const org = chance.pick([...SENDERS, ...RECIPIENTS.slice(0, READERS)]);
      const reader = new Reader(this.#world, org, `reader${n}`);
      this.#readers.push(reader);
      crew.run(() => reader.run());
    }
  }

  /** @param aged days went by. @throws AssertionError */
  check(aged: boolean): void {
    const { checker, book } = this.#world;
    const { model } = checker;
    this.#receipts.check(model, this.#world.desk.now, aged, book.migrated);
    checkQueues(model);
    const feeds = feedsOf(model);
    checkTold(model, feeds, book.migrated);
    for (const { entries } of feeds.values()) for (const { type } of entries) this.#world.count(`feed ${type}`);
    for (const reader of this.#readers) reader.check(model, feeds.get(reader.org));
  }
}
