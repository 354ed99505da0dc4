import { Link } from '#api/index/link.ts';
import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Jobs } from './jobs.ts';
import { Runner } from './runner.ts';

interface Parts {
  hub: Hub;
  folder: string;
  mine: () => boolean;
  log: Log;
}

/** Acts on many cases at once: jobs kept in a file beside the index, done in the background. */
export class Bulk {
  readonly #parts: Parts;
  #link: Link<Jobs> | undefined;
  #runner: Runner | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Never throws: without its file there are no jobs, and all else goes on. */
  async start(): Promise<void> {
    const { folder, log, hub, mine } = this.#parts;
    try {
      this.#link = await Link.jobs(folder);
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'bulk.open');
    }
    if (this.#link === undefined) return;
    this.#runner = new Runner({ hub, link: this.#link, mine, log });
    this.#runner.start();
  }

  async stop(): Promise<void> {
    await this.#runner?.stop();
    await this.#link?.close();
  }

  /** @throws DomainError busy when the file is not open */
  get jobs(): Link<Jobs> {
    if (this.#link === undefined || this.#link.down) throw new DomainError('busy');
    return this.#link;
  }

  /** Something was asked for. */
  nudge(): void {
    this.#runner?.nudge();
  }
}
