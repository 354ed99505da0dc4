import assert from 'node:assert/strict';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { type ConsumersState, cursorOf, type FeedEntry } from '#engine/domain/records/feed.ts';
import { consumersName } from '#engine/domain/records/names.ts';
import type { Feed } from './feeds.ts';
import type { Model } from './model.ts';
import type { World } from './world.ts';

const READINGS = 8;
const PAGE = 5;
const PAUSE_MS = 3_000;

/** Software that reads an organisation's feed from where it was, and acknowledges what it has read. */
export class Reader {
  readonly #world: World;
  readonly org: OrgKey;
  readonly #name: string;
  /** all it was ever given */
  readonly #read = new Map<number, FeedEntry>();
  /** the furthest position it was answered, and asked for */
  #acknowledged = 0;
  #asked = 0;

  constructor(world: World, org: OrgKey, name: string) {
    this.#world = world;
    this.org = org;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { desk, crew, chance } = this.#world;
    for (let n = 0, after = 0; n < READINGS; n += 1) {
      await crew.sleep(chance.below(PAUSE_MS));
      // Now and then from the beginning: whoever has acknowledged finds all of it again.
      if (chance.chance(0.2)) after = 0;
      const entries = await desk.feed(this.org, after, PAGE);
      for (const entry of entries) this.#read.set(entry.sequence, entry);
      after = entries.at(-1)?.sequence ?? after;
      if (after > 0) await this.#acknowledge(after);
    }
  }

  async #acknowledge(upTo: number): Promise<void> {
    this.#asked = Math.max(this.#asked, upTo);
    const acknowledge = { kind: 'feed.acknowledge', org: this.org, consumer: this.#name, upTo, seek: false } as const;
    const answer = await this.#world.desk.ask(partitionOf(this.org), acknowledge);
    if (answer.status !== 200) return;
    const { acknowledged } = answer.body as { acknowledged: number };
    this.#acknowledged = Math.max(acknowledged, this.#acknowledged);
  }

  /** @throws AssertionError */
  check(model: Model, feed: Feed | undefined): void {
    const name = consumersName(this.org);
    const text = model.place(partitionOf(this.org)).records.get(name);
    const state = text === undefined ? undefined : (decode(name, text) as ConsumersState);
    const at = cursorOf(state, this.#name)?.acknowledged ?? 0;
    const where = `${this.#name} of ${this.org}`;
    assert.ok(at >= this.#acknowledged && at <= this.#asked, `${where} is at ${at}, answered ${this.#acknowledged}`);
    for (const [sequence, entry] of this.#read) {
      if (feed === undefined || sequence < feed.kept) continue;
      assert.deepEqual(feed.entries[sequence - feed.kept], entry, `${where} read another entry ${sequence}`);
    }
  }
}
