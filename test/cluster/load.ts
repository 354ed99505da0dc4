import assert from 'node:assert/strict';
import type { Asks } from '#engine/client/ask.ts';
import { toy } from '../engine/toy.ts';
import { until } from '../engine/world.ts';
import type { Ground } from './ground.ts';

const CLIENTS = 4;
const ENOUGH = 40;

/** Clients that add numbers to one actor of each partition, one after the other, and note what was answered. */
export class Load {
  readonly #ground: Ground;
  readonly #asks: Asks;
  readonly #homes: readonly number[];
  readonly #answered = new Map<string, number[]>();
  readonly #lastAt = new Map<number, number>();
  readonly #gaps = new Map<number, number>();
  readonly #clients: Promise<void>[];
  #running = true;
  #next = 1;
  refused = 0;
  /** of a refusal, ms */
  longestRefusal = 0;

  constructor(ground: Ground, asks: Asks, homes: readonly number[]) {
    ground.closing(() => this.#stop());
    this.#ground = ground;
    this.#asks = asks;
    this.#homes = homes;
    this.#clients = homes.flatMap((home) =>
      Array.from({ length: CLIENTS }, (_, client) => this.#client(home, String(client))),
    );
  }

  async #client(home: number, actor: string): Promise<void> {
    const mine: number[] = [];
    this.#answered.set(`${home} ${actor}`, mine);
    while (this.#running) {
      const value = this.#next;
      this.#next += 1;
      const from = performance.now();
      const answer = await this.#asks.ask(home, toy({ kind: 'add', actor, value })).catch(() => undefined);
      const now = performance.now();
      if (answer?.status !== 200) {
        this.refused += 1;
        this.longestRefusal = Math.max(this.longestRefusal, now - from);
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      mine.push(value);
      this.#gaps.set(home, Math.max(this.#gaps.get(home) ?? 0, now - (this.#lastAt.get(home) ?? now)));
      this.#lastAt.set(home, now);
    }
  }

  async #stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  /** Until each partition has answered some more. */
  async more(): Promise<void> {
    const count = (home: number): number =>
      [...this.#answered].reduce((sum, [key, { length }]) => sum + (key.startsWith(`${home} `) ? length : 0), 0);
    for (const home of this.#homes) {
      const wanted = count(home) + ENOUGH;
      await until(`partition ${home} answers`, () => count(home) > wanted);
    }
  }

  /** Pauses are counted from now on. */
  forget(): void {
    this.#gaps.clear();
  }

  /** Longest time without an answer, of each partition, ms. */
  get pauses(): number[] {
    return this.#homes.map((home) => Math.round(this.#gaps.get(home) ?? 0));
  }

  /** Stops, and compares what is there with what was answered: nothing lost, nothing twice, each client's in its order. */
  async check(): Promise<void> {
    await this.#stop();
    for (const [key, answered] of this.#answered) {
      const [home, actor] = key.split(' ') as [string, string];
      const there = await this.#ground.added(Number(home), actor);
      assert.equal(new Set(there).size, there.length, `twice in ${key}`);
      const known = new Set(there);
      assert.deepEqual(
        answered.filter((value) => !known.has(value)),
        [],
        `lost of ${key}`,
      );
      const told = new Set(answered);
      assert.deepEqual(
        there.filter((value) => told.has(value)),
        answered,
        `order of ${key}`,
      );
    }
  }
}
