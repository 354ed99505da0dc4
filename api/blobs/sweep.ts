import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Claimed, claimant, type Deposited } from '#engine/client/claims.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { hoursOf, takeInventory } from './inventory.ts';
import type { BlobStore } from './store.ts';

/**
 * Erases uploads that no command ever named (decision record 003): what is older than a day, that no record and no message
 * waiting anywhere names, in two looks one after the other. An hour whose blobs are all named or erased is not looked at again.
 */
export const SWEPT_AGE_MS = 24 * 3_600_000;
/**
 * A command for bytes that came longer ago is not sent any more, for they may have been swept meanwhile: half the age at
 * which they may be, for clocks that differ. ms
 */
const LATE_MS = SWEPT_AGE_MS / 2;
/** Whether a process was frozen too long since then to send it. @param at ms since 1970, of this process's clock */
export const isLate = (at: number): boolean => Date.now() - at > LATE_MS;
/** Between two sweeps. ms */
export const SWEEP_MS = 3_600_000;
/** A partition whose Redis went back since the last sweep is left alone: what it lost may yet be brought back. ms */
export const SUSPICION_MS = 30 * SWEPT_AGE_MS;
/** Blobs asked for at once. */
const ASKED_AT_ONCE = 256;
const SWEPT = 'swept';
const TURNS = 'sweep.json';

export interface SweepOptions {
  folder: string;
  store: Pick<BlobStore, 'remove'>;
  /** what a partition says of these blobs, whose claimant it is */
  look: (partition: number, blobs: readonly Deposited[]) => Promise<Claimed>;
  /** ms since 1970: the earlier of this process's and Redis' */
  clock: () => number;
}

export interface Swept {
  erased: number;
  /** bytes no seal vouches for, in the hours looked at */
  unreadable: number;
}

/** The highest commit seen of a partition; `until`, ms: it is left alone. */
type Turns = Record<string, { turn: number; until: number }>;

export class Sweeper {
  readonly #options: SweepOptions;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** One look at all that is old enough. @throws when the folder, Redis or an owner does not answer: nothing is lost */
  async sweep(): Promise<Swept> {
    const { folder, clock } = this.#options;
    const before = clock() - SWEPT_AGE_MS;
    const sum: Swept = { erased: 0, unreadable: 0 };
    const turns = await this.#readTurns();
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      this.#suspect(turns, partition, (await this.#options.look(partition, [])).turn);
    for (const hour of await hoursOf(folder, before)) {
      const marker = join(hour, SWEPT);
      if (await isThere(marker)) continue;
      const { blobs, unreadable, young } = await takeInventory(hour, before);
      sum.unreadable += unreadable;
      const [free, settled] = await this.#free(blobs, turns);
      await this.#options.store.remove(free);
      sum.erased += free.length;
      if (settled && !young) await writeFile(marker, '', { flush: true });
    }
    await this.#writeTurns(turns);
    return sum;
  }

  /** Names that nobody wants, and whether all others are a record's for good. */
  async #free(blobs: readonly Deposited[], turns: Turns): Promise<[free: string[], settled: boolean]> {
    const free: string[] = [];
    let settled = true;
    const partitions = Map.groupBy(blobs, ({ owner }) => claimant(owner));
    for (const [partition, all] of partitions) {
      // No record of this hub could name it: not ours to judge.
      if (partition === undefined) continue;
      for (let from = 0; from < all.length; from += ASKED_AT_ONCE) {
        const [found, sure] = await this.#look(partition, all.slice(from, from + ASKED_AT_ONCE), turns);
        free.push(...found);
        settled &&= sure;
      }
    }
    return [free, settled];
  }

  /** Twice: a Redis that went back just before the first look is mended before the second. */
  async #look(partition: number, blobs: readonly Deposited[], turns: Turns): Promise<[free: string[], sure: boolean]> {
    let left = blobs;
    let sure = true;
    for (let look = 0; look < 2 && left.length > 0; look += 1) {
      const { turn, named, queued } = await this.#options.look(partition, left);
      if (this.#suspect(turns, partition, turn)) return [[], false];
      sure &&= queued.size === 0;
      left = left.filter(({ name }) => !named.has(name) && !queued.has(name));
    }
    return [left.map(({ name }) => name), sure];
  }

  #suspect(turns: Turns, partition: number, turn: number): boolean {
    const now = this.#options.clock();
    const known = turns[partition] ?? { turn: 0, until: 0 };
    if (turn < known.turn) known.until = now + SUSPICION_MS;
    known.turn = turn;
    turns[partition] = known;
    return known.until > now;
  }

  async #readTurns(): Promise<Turns> {
    const path = join(this.#options.folder, TURNS);
    return (await isThere(path)) ? (JSON.parse(await readFile(path, 'utf8')) as Turns) : {};
  }

  async #writeTurns(turns: Turns): Promise<void> {
    const path = join(this.#options.folder, TURNS);
    await writeFile(`${path}.new`, JSON.stringify(turns), { flush: true });
    await rename(`${path}.new`, path);
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
