import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import type { Lines } from './lines.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Lossy failovers that break no connection. */
const QUIET = 0.25;

/** Faults of what Redis holds: it is older than it was, or not what was written. Each says what it did. */
export class Losses {
  readonly #world: World;
  readonly #lines: Lines;

  constructor(world: World, lines: Lines) {
    this.#world = world;
    this.#lines = lines;
  }

  /**
   * The connections to the old master break, as in any failover, and the new one remembers nothing; or it happens behind
   * connections that stay.
   */
  async rollBack(partitions: readonly number[], random: Random): Promise<string | undefined> {
    const { failover } = this.#world;
    if (!failover.can(partitions)) return undefined;
    const lost = await failover.back(partitions);
    // A server that remembers what it was given, and lacks none of it, lacks no repair of its own start either.
    const quiet = random.chance(QUIET) && lost > 0;
    if (!quiet) await this.#anew(random);
    const which = partitions.length === 1 ? `partition ${partitions[0]}` : 'all partitions';
    return `${which}${quiet ? ' unseen' : ''}, ${lost} decisions lost`;
  }

  /** The server starts on its file, in which a name has a flipped bit: what was written under it went elsewhere. */
  async flip(random: Random): Promise<string | undefined> {
    const { failover, disks } = this.#world;
    const what = await failover.misname(random.below(ALL_PARTITIONS), disks[0], random);
    if (what === undefined) return undefined;
    await this.#anew(random);
    return what;
  }

  /** Another server, or another run of it: it remembers nothing, and no connection lasts. */
  async #anew(random: Random): Promise<void> {
    const { server, processes } = this.#world;
    await server.wire.call('FUNCTION', 'LOAD', 'REPLACE', server.source);
    const alive = processes.filter((process) => process.alive);
    for (const link of alive.flatMap(({ links }) => links)) this.#lines.break(link, random);
  }
}
