import type { Calls } from '../redis/calls.ts';
import { CONTROL } from '../redis/keys.ts';

/** How often a process that pushes says it lives, ms. */
const BEAT_MS = 2_000;
/** Silence after which another may take over what it held, ms: as long as an engine's lease. */
const SILENCE_MS = 10_000;

/**
 * API processes that push to readers of feeds (decision record 011). What one holds is written in the readers' records;
 * here is only whether it still lives, so that what a killed one held is taken over. Judging one dead that is not does no
 * harm: it finds another name in the record with its next read or acknowledgement, and lets go.
 */
export class Holders {
  /** this process, unique among all for ever */
  readonly id: string;
  readonly #calls: Calls;
  #timer: NodeJS.Timeout | undefined;

  constructor(id: string, calls: Calls) {
    this.id = id;
    this.#calls = calls;
  }

  /** Called before anything is held; from then on it is said again and again. */
  async begin(): Promise<void> {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.#beat(this.id).catch(() => undefined), BEAT_MS);
    this.#timer.unref();
    await this.#beat(this.id).catch(() => undefined);
  }

  async alive(id: string): Promise<boolean> {
    return id === this.id || (await this.live()).has(id);
  }

  /** All that live. */
  async live(): Promise<ReadonlySet<string>> {
    return new Set(await this.#beat(''));
  }

  /** What it held is free at once. */
  async end(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    await this.#calls.call('leave', [CONTROL.holders], [this.id]).catch(() => undefined);
  }

  #beat(id: string): Promise<string[]> {
    return this.#calls.call('beat', [CONTROL.holders], [id, SILENCE_MS]) as Promise<string[]>;
  }
}
