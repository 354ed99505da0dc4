import { setTimeout as pause } from 'node:timers/promises';
import type { Hub } from '#engine/client/hub.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import { folderCommands, town } from './town.ts';

/**
 * Asks every partition to make a folder, one request after the other, and keeps the times of the answers: a pause is the time
 * between two.
 */
const AGAIN_MS = 20;

/** A recipient of each partition. */
function recipients(): string[] {
  const keys: string[] = [];
  for (let index = 0; keys.filter((key) => key !== undefined).length < PARTITIONS; index += 1) {
    const key = orgKey(town(index));
    keys[partitionOf(key)] ??= key;
  }
  return keys;
}

export class Pulse {
  readonly #hub: Hub;
  readonly #answers: number[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly #flows: Promise<void>[];
  #over = false;
  #asked = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#flows = recipients().map((key, partition) => this.#flow(partition, key));
  }

  /** Resolves when every partition answered something it was asked after `since` (ms of `performance.now()`). */
  async all(since: number): Promise<void> {
    while (!this.#answers.every((times) => (times.at(-2) ?? 0) > since)) await pause(AGAIN_MS);
  }

  /** First answer of a partition after a moment. ms later */
  first(partition: number, after: number): number {
    return (this.#answers[partition]?.find((at) => at > after) ?? Number.POSITIVE_INFINITY) - after;
  }

  /** Longest time between two answers of a partition that reaches into what is between two moments. ms */
  longest(partition: number, from: number, to: number): number {
    let longest = 0;
    const times = this.#answers[partition] ?? [];
    for (const [index, at] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined && at > from && before < to) longest = Math.max(longest, at - before);
    }
    return longest;
  }

  /** Answers between two moments. */
  count(from: number, to: number): number {
    return this.#answers.flat().filter((at) => at > from && at < to).length;
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#flows);
  }

  async #flow(partition: number, key: string): Promise<void> {
    while (!this.#over) {
      this.#asked += 1;
      const { create } = folderCommands(this.#hub, key, this.#asked);
      const answer = await this.#hub.ask(partition, create).catch(() => ({ status: 503 }));
      if (answer.status < 400) this.#answers[partition]?.push(performance.now());
      else await pause(AGAIN_MS);
    }
  }
}
