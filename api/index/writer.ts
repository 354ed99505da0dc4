import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { ListCounts } from '#engine/telemetry/lists.ts';
import { Delays } from './delays.ts';
import { wishOf } from './file.ts';
import { Filler } from './filler.ts';
import { Follower } from './follower.ts';
import { Link } from './link.ts';
import { Pen } from './pen.ts';
import { Reached } from './reached.ts';
import { Upkeep } from './upkeep.ts';
import type { Writing } from './writing.ts';

/** What an index is made of. */
export interface IndexParts {
  hub: Hub;
  folder: string;
  counts: ListCounts;
  log: Log;
}

/** All that keeps the file of a data folder true: one process has it. */
export class Writer {
  readonly pen: Pen;
  readonly follower: Follower;
  readonly reached: Reached;
  readonly delays: Delays;
  readonly upkeep: Upkeep;
  readonly #link: Link<Writing>;

  private constructor(
    { hub, folder, counts, log }: IndexParts,
    link: Link<Writing>,
    reached: Reached,
    pen: Pen,
    delays: Delays,
  ) {
    this.#link = link;
    this.reached = reached;
    this.pen = pen;
    this.delays = delays;
    const filler = new Filler(hub, this.pen, link);
    this.follower = new Follower({ hub, pen: this.pen, filler, reached, counts, log });
    const { follower } = this;
    this.upkeep = new Upkeep({ hub, link, pen, filler, follower, delays, log, wish: wishOf(folder) });
  }

  /** @returns undefined when another process writes this folder */
  static async open(parts: IndexParts): Promise<Writer | undefined> {
    const link = await Link.writer(parts.folder);
    if (link === undefined) return undefined;
    const positions = await link.call('positions');
    const reached = new Reached(positions);
    const pen = new Pen(parts.hub, link, (batch) => {
      for (const position of batch.positions) reached.set(position);
    });
    const delays = await Delays.open({ hub: parts.hub, link, pen }, positions.length === 0);
    const writer = new Writer(parts, link, reached, pen, delays);
    await writer.follower.start();
    writer.upkeep.start();
    return writer;
  }

  get down(): boolean {
    return this.#link.down;
  }

  async close(): Promise<void> {
    const ended = Promise.all([this.follower.stop(), this.upkeep.stop()]);
    await this.pen.close();
    await ended;
    await this.#link.close();
  }
}
