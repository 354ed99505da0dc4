import assert from 'node:assert/strict';

/**
 * A message in a lane: of which decision, and whether that one was lost since, so that it may come or not; or whether its
 * destination lost it and was told so instead.
 */
interface Sent {
  key: string;
  serial: number;
  perhaps: boolean;
  replaced?: true;
}

/** What caused a decision, so that it can be given back when the decision is lost. */
export interface Cause {
  kind: 'own' | 'lane' | 'asked';
  key: string;
  /** of a delivery */
  lane?: string;
  sent?: Sent;
}

/**
 * Messages under way: each was caused once — by a client, by another partition's commit, by a timer or by a partition
 * that goes on — and may be used once. Those of one lane for one actor are used in their order. When a partition goes
 * back, what it had used is there again, and what it had sent may have come through or not.
 */
export class Way {
  /** partition → key → how many */
  readonly #own = new Map<number, Map<string, number>>();
  readonly #asked = new Map<string, number>();
  /** source, destination and actor → messages in order */
  readonly #lanes = new Map<string, Sent[]>();
  readonly #toActor = new Map<string, Set<string>>();
  /** decisions whose messages were sent once */
  readonly #sent = new Map<number, Sent[]>();

  /** A client's request, on its way to a partition. */
  ask(partition: number, key: string): void {
    add(this.#asked, `${partition} ${key}`);
  }

  /** A partition to itself: it goes on, or a timer has fired. */
  own(partition: number, key: string): void {
    const bag = this.#own.get(partition) ?? new Map<string, number>();
    this.#own.set(partition, bag);
    add(bag, key);
  }

  ownOf(partition: number): ReadonlyMap<string, number> {
    return new Map(this.#own.get(partition));
  }

  /** All a decision sends. Done again after a loss, it is sure again, and what had come through comes no second time. */
  send(serial: number, from: number, outs: readonly (readonly [to: number, actor: string, key: string])[]): void {
    const before = this.#sent.get(serial);
    if (before !== undefined) {
      for (const one of before) one.perhaps = one.replaced ?? false;
      return;
    }
    const all: Sent[] = [];
    for (const [to, actor, key] of outs) {
      const lane = `${from}>${to} ${actor}`;
      const one: Sent = { key, serial, perhaps: false };
      all.push(one);
      const queue = this.#lanes.get(lane);
      if (queue) queue.push(one);
      else this.#lanes.set(lane, [one]);
      const actorKey = `${to} ${actor}`;
      const known = this.#toActor.get(actorKey);
      if (known) known.add(lane);
      else this.#toActor.set(actorKey, new Set([lane]));
    }
    if (all.length > 0) this.#sent.set(serial, all);
  }

  /** It was decided and committed. @throws AssertionError when nothing caused it, or it was used before */
  use(partition: number, actor: string, key: string): Cause {
    if (take(this.#own.get(partition) ?? new Map(), key)) return { kind: 'own', key };
    for (const lane of this.#toActor.get(`${partition} ${actor}`) ?? []) {
      const queue = this.#lanes.get(lane) ?? [];
      const first = queue.findIndex((one) => one.key === key);
      // The same message may have been sent by a decision that was lost, and by the one made in its place.
      const sure = queue.findIndex((one) => one.key === key && !one.perhaps);
      const at = queue.slice(0, Math.max(sure, 0)).every(({ perhaps }) => perhaps) && sure >= 0 ? sure : first;
      if (at < 0 || !queue.slice(0, at).every(({ perhaps }) => perhaps)) continue;
      const [sent] = queue.splice(at, 1) as [Sent];
      return { kind: 'lane', key, lane, sent };
    }
    if (take(this.#asked, `${partition} ${key}`)) return { kind: 'asked', key };
    const lanes = [...(this.#toActor.get(`${partition} ${actor}`) ?? [])];
    const older = lanes.flatMap((lane) => {
      const queue = this.#lanes.get(lane) ?? [];
      const at = queue.findIndex((one) => one.key === key);
      return at < 0 ? [] : queue.slice(0, at).map((one) => `${lane} ${one.key}`);
    });
    return assert.fail(
      older.length > 0
        ? `partition ${partition} decided a delivery before an older one of its lane: ${key} before ${older[0]}`
        : `partition ${partition} decided what nothing caused, or decided it twice: ${key}`,
    );
  }

  /** A notice comes in its place. @returns whether it is missing there */
  replace(from: number, to: number, actor: string, key: string): boolean {
    const found = this.#lanes.get(`${from}>${to} ${actor}`)?.find((one) => one.key === key && !one.perhaps);
    if (found) Object.assign(found, { perhaps: true, replaced: true });
    return found !== undefined;
  }

  /** A client's request that nothing has used since. */
  isOpen(partition: number, key: string): boolean {
    return this.#asked.has(`${partition} ${key}`);
  }

  /** A partition went back: `lost` are its decisions since, in their order, and `own` what it had to itself then. */
  rewind(partition: number, lost: readonly { serial: number; cause: Cause }[], own: ReadonlyMap<string, number>): void {
    this.#own.set(partition, new Map(own));
    for (const { serial, cause } of lost.toReversed()) {
      if (cause.kind === 'asked') add(this.#asked, `${partition} ${cause.key}`);
      if (cause.lane !== undefined && cause.sent) this.#lanes.get(cause.lane)?.unshift(cause.sent);
      for (const one of this.#sent.get(serial) ?? []) one.perhaps = true;
    }
  }

  /** Messages from inside that were never decided, but those that `may`. */
  left(may: (key: string) => boolean): string[] {
    const own = [...this.#own].flatMap(([partition, bag]) => [...bag.keys()].map((key) => `${partition} ${key}`));
    const lanes = [...this.#lanes].flatMap(([lane, queue]) =>
      queue.filter(({ perhaps }) => !perhaps).map(({ key }) => `${lane} ${key}`),
    );
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
