import assert from 'node:assert/strict';

/**
 * Messages under way: each was caused once — by a client, by another partition's commit, by a timer or by a partition
 * that goes on — and may be used once. Those of one lane for one actor are used in their order.
 */
export class Way {
  /** partition → key → how many */
  readonly #own = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** source, destination and actor → keys in order */
  readonly #lanes = new Map<string, string[]>();
  readonly #toActor = new Map<string, Set<string>>();

  /** partitions that went back: what leads there, or comes from there, may be lost, and may come again */
  readonly #loose = new Set<number>();

  loosen(partition: number): void {
    this.#loose.add(partition);
  }

  /** A client's request, on its way to a partition. */
  ask(partition: number, key: string): void {
    add(this.#asked, `${partition} ${key}`);
  }

  /** A partition to itself: it goes on, or a timer has fired. */
  own(partition: number, key: string): void {
    add(this.#own, `${partition} ${key}`);
  }

  send(from: number, to: number, actor: string, key: string): void {
    const lane = `${from}>${to} ${actor}`;
    const queue = this.#lanes.get(lane);
    if (queue) queue.push(key);
    else this.#lanes.set(lane, [key]);
    const actorKey = `${to} ${actor}`;
    const known = this.#toActor.get(actorKey);
    if (known) known.add(lane);
    else this.#toActor.set(actorKey, new Set([lane]));
  }

  /** It was decided and committed. @throws AssertionError when nothing caused it, or it was used before */
  use(partition: number, actor: string, key: string): 'own' | 'lane' | 'asked' {
    if (take(this.#own, `${partition} ${key}`)) return 'own';
    for (const lane of this.#toActor.get(`${partition} ${actor}`) ?? []) {
      const queue = this.#lanes.get(lane) ?? [];
      if (queue[0] === key) {
        queue.shift();
        return 'lane';
      }
    }
    if (take(this.#asked, `${partition} ${key}`)) return 'asked';
    if (this.#isLoose(partition, actor)) return 'lane';
    const queued = [...(this.#toActor.get(`${partition} ${actor}`) ?? [])].some((lane) =>
      this.#lanes.get(lane)?.includes(key),
    );
    return assert.fail(
      queued
        ? `partition ${partition} decided a delivery before an older one of its lane: ${key}`
        : `partition ${partition} decided what nothing caused, or decided it twice: ${key}`,
    );
  }

  #isLoose(partition: number, actor: string): boolean {
    if (this.#loose.has(partition)) return true;
    const lanes = this.#toActor.get(`${partition} ${actor}`) ?? [];
    return [...lanes].some((lane) => this.#loose.has(Number.parseInt(lane, 10)));
  }

  /** Messages from inside that were never decided, but those that `may`. */
  left(may: (key: string) => boolean): string[] {
    const own = [...this.#own.keys()].filter((name) => !this.#loose.has(Number.parseInt(name, 10)));
    const strict = [...this.#lanes].filter(
      ([lane]) =>
        !lane
          .split(' ')[0]
          ?.split('>')
          .some((end) => this.#loose.has(Number(end))),
    );
    const lanes = strict.flatMap(([lane, queue]) => queue.map((key) => `${lane} ${key}`));
    return [...own, ...lanes].filter((one) => !may(one.slice(one.indexOf('['))));
  }
}

const add = (bag: Map<string, number>, name: string): void => {
  bag.set(name, (bag.get(name) ?? 0) + 1);
};

function take(bag: Map<string, number>, name: string): boolean {
  const count = bag.get(name) ?? 0;
  if (count === 0) return false;
  if (count === 1) bag.delete(name);
  else bag.set(name, count - 1);
  return true;
}
