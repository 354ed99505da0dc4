import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Random } from './random.ts';

/**
 * Time and chance of the whole process, replaced: timers fire when the simulation says, clocks show its time, random
 * bytes come from the seed. What is real is kept for the simulation's own connections, which use none of it.
 */
export interface Owner {
  readonly name: string;
  /** ended: none of its timers fires any more */
  alive: boolean;
  /** stopped by its machine: nothing of it runs until it continues */
  paused: boolean;
  /** what its clocks show above the simulated time, ms: the one that is never set, and the other */
  readonly skew: { monotonic: number; wall: number };
}

interface Timer {
  owner: Owner;
  due: number;
  every: number | undefined;
  run: () => void;
}

type Handle = Timer & { ref(): Handle; unref(): Handle; hasRef(): boolean };

export const real = { setImmediate, performanceNow: performance.now.bind(performance), setTimeout };

export class Clockwork {
  /** ms */
  now: number;
  /** whose code runs */
  current: Owner | undefined;
  readonly random: Random;
  readonly #timers = new Set<Timer>();
  #immediates: (() => void)[] = [];

  constructor(start: number, random: Random) {
    this.now = start;
    this.random = random;
  }

  /** Runs code of a process, then all that follows from it at once. */
  async enter(owner: Owner, act: () => void): Promise<void> {
    this.current = owner;
    try {
      act();
      await this.#calm();
    } finally {
      this.current = undefined;
    }
  }

  /** The next timer of a process that runs; of two at once, the older one. */
  next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (!timer.owner.alive) this.#timers.delete(timer);
      else if (!timer.owner.paused && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  }

  async fire(timer: Timer): Promise<void> {
    this.now = Math.max(this.now, timer.due);
    if (timer.every === undefined) this.#timers.delete(timer);
    else timer.due = this.now + timer.every;
    await this.enter(timer.owner, timer.run);
  }

  after(ms: number, run: () => void, every?: number, owner = this.current): Handle {
    const timer: Timer = { owner: owner as Owner, due: this.now + Math.max(ms, 1), every, run };
    const handle: Handle = Object.assign(timer, { ref: () => handle, unref: () => handle, hasRef: () => true });
    // The simulation's own code has no timers.
    if (owner !== undefined) this.#timers.add(timer);
    return handle;
  }

  cancel(timer: Timer | undefined): void {
    if (timer !== undefined) this.#timers.delete(timer);
  }

  soon(run: () => void): void {
    this.#immediates.push(run);
  }

  /** Lets promises settle and immediates run until nothing is left to do without a reply, a message or a timer. */
  async #calm(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => {
        real.setImmediate(resolve);
      });
      if (this.#immediates.length === 0) return;
      const due = this.#immediates;
      this.#immediates = [];
      for (const run of due) run();
    }
  }
}

let active: Clockwork | undefined;
const clock = (): Clockwork => {
  if (active === undefined) throw new Error('no simulation runs');
  return active;
};

/** From now on the process lives in that time. */
export function install(clockwork: Clockwork): void {
  active = clockwork;
}

/** Replaces the globals, once and for ever: a process that simulates does nothing else. */
export function replaceGlobals(): void {
  const made = {
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      clock().after(ms, () => run(...args)),
    setInterval: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      clock().after(ms, () => run(...args), Math.max(ms, 1)),
    setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) => clock().soon(() => run(...args)),
    clearTimeout: (timer: Timer | undefined) => clock().cancel(timer),
    clearInterval: (timer: Timer | undefined) => clock().cancel(timer),
  };
  Object.assign(globalThis, made);
  performance.now = () => clock().now + (clock().current?.skew.monotonic ?? 0);
  Date.now = () => Math.floor(clock().now + (clock().current?.skew.wall ?? 0));
  Math.random = () => clock().random.share();
  const bytes = (size: number): Buffer => {
    const into = Buffer.alloc(size);
    clock().random.fill(into, 0, size);
    return into;
  };
  const replaced: { randomBytes: unknown; randomFillSync: unknown } = crypto;
  replaced.randomBytes = bytes;
  replaced.randomFillSync = (into: Uint8Array) => {
    clock().random.fill(into, 0, into.length);
    return into;
  };
  syncBuiltinESMExports();
}
