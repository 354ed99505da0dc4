import { type Id, parts } from '../domain/ids.ts';
import { PARTITIONS } from '../domain/placement.ts';
import { UNFETCHABLE, UNFINISHED } from '../domain/records/names.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { served } from './served.ts';

export interface Watched {
  id: Id;
  /** ms: a folder's creation, a case's notification */
  at: number;
}

/** Where a page begins and how long it is. */
export interface WatchPage {
  /** ms: only what is older */
  before: number;
  /** the last one seen */
  after?: Id;
  limit: number;
}

/** Entries of one millisecond read past those already seen. */
const SAME_MOMENT = 256;

/** What supervision must see and the contract shows nobody, by partition, oldest first. */
export class Watchlist {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  /** Folders whose sender never completed them (contract §16.9). */
  unfinished(page: WatchPage): Promise<Watched[]> {
    return served(this.#list(UNFINISHED, page));
  }

  /** Cases their recipient was told of, not closed, of which a file cannot be fetched (contract §15.16). */
  unfetchable(page: WatchPage): Promise<Watched[]> {
    return served(this.#list(UNFETCHABLE, page));
  }

  async #list(set: string, { before, after, limit }: WatchPage): Promise<Watched[]> {
    const found: Watched[] = [];
    const start = after === undefined ? 0 : parts(after).home;
    for (let partition = start; partition < PARTITIONS && found.length < limit; partition += 1) {
      const key = recordKey(partition, set);
      const from = after !== undefined && partition === start ? await this.#scoreOf(partition, key, after) : 0;
      const list = await this.#reads.plainOf(partition, (client) =>
        client.zrangebyscore(key, from, before, 'WITHSCORES', 'LIMIT', 0, limit + SAME_MOMENT),
      );
      for (let i = 0; i < list.length && found.length < limit; i += 2) {
        const [id, at] = [list[i] as Id, Number(list[i + 1])];
        if (at === from && after !== undefined && id <= after) continue;
        found.push({ id, at });
      }
    }
    return found;
  }

  /** One seen and gone since: a folder's creation is in its id. */
  async #scoreOf(partition: number, key: string, id: Id): Promise<number> {
    const score = await this.#reads.plainOf(partition, (client) => client.zscore(key, id));
    return Number(score ?? parts(id).ms);
  }
}
