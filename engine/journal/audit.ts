import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { Expected, type Kind } from './expected.ts';
import type { CommitLog } from './log.ts';
import type { TurnRecord } from './record.ts';

/** Elements compared by one call: bounds how long Redis serves nobody else. */
const ELEMENTS_PER_CALL = 1_000;
const WRITE: Record<Kind, string> = { s: 'S', z: 'Z', h: 'H', x: 'M', l: 'Y' };
const REMOVE: Record<Kind, string> = { s: 'D', z: 'R', h: 'X', x: 'J', l: 'V' };

interface Element {
  kind: Kind;
  key: string;
  element: string;
  expected: string;
}

interface Asked {
  partition: number;
  mark: string;
  resolve: (expected: Expected) => void;
  reject: (error: unknown) => void;
}

/**
 * Compares what a server was started with, or a replica was promoted with, with the last commits of this process, and
 * puts right what differs: a flipped bit in a name of the append-only file leaves the older record in place, sound as it
 * is. As far as the journals of this machine reach back without a gap.
 */
export class Auditor {
  readonly #journal: CommitLog;
  readonly #calls: Calls;
  readonly #reads: Reads;
  #asked: Asked[] = [];
  #reading: Promise<void> | undefined;

  constructor(journal: CommitLog, calls: Calls, reads: Reads) {
    this.#journal = journal;
    this.#calls = calls;
    this.#reads = reads;
  }

  /**
   * @param mark of the partition's last commit
   * @param token of the lease under which it is put right
   * @returns how many elements differed
   */
  async audit(partition: number, mark: string, token: string): Promise<number> {
    if (mark === '') return 0;
    const expected = await this.#expected(partition, mark);
    const wrong: Element[] = [];
    for (const some of chunks(expected)) wrong.push(...(await this.#differing(some)));
    const found = await this.#withoutFired(partition, wrong);
    if (found.length > 0) await this.#heal(partition, mark, token, found);
    return found.length;
  }

  /** One reading of the journal for all partitions taken together. */
  #expected(partition: number, mark: string): Promise<Expected> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ partition, mark, resolve, reject });
      this.#reading ??= this.#read();
    });
  }

  async #read(): Promise<void> {
    await Promise.resolve();
    while (this.#asked.length > 0) {
      const asked = this.#asked;
      this.#asked = [];
      const found = new Map(asked.map(({ partition }) => [partition, new Expected(partition)]));
      try {
        const marks = new Map(asked.map(({ partition, mark }) => [partition, mark]));
        await this.#journal.walk(marks, (record) => found.get(record.partition)?.add(record));
        for (const { partition, resolve } of asked) resolve(found.get(partition) as Expected);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#reading = undefined;
  }

  async #differing(elements: readonly Element[]): Promise<Element[]> {
    const byKey = Map.groupBy(elements, ({ key }) => key);
    const ordered = [...byKey.values()].flat();
    const args = [...byKey.values()].flatMap((list) => [
      list[0]?.kind as string,
      list.length,
      ...list.flatMap(({ element, expected }) => [element, expected]),
    ]);
    const numbers = (await this.#calls.call('differs', [...byKey.keys()], args)) as number[];
    return numbers.map((number) => ordered[number - 1] as Element);
  }

  /** Timers may have become entries since the last commit. */
  async #withoutFired(partition: number, wrong: readonly Element[]): Promise<Element[]> {
    const { in: mailbox, due, timers } = keysOf(partition);
    if (!wrong.some(({ key }) => key === due || key === timers)) return [...wrong];
    const entries = await this.#reads.client.xrange(mailbox, '-', '+');
    const fired = new Set(entries.map(([, fields]) => fields[3] ?? ''));
    return wrong.filter(({ key, element }) => (key !== due && key !== timers) || !fired.has(`^${element}`));
  }

  async #heal(partition: number, mark: string, token: string, wrong: readonly Element[]): Promise<void> {
    const nameOf = (kind: Kind, key: string, element: string): string => `${kind} ${key} ${element}`;
    const wanted = new Map(wrong.map((one) => [nameOf(one.kind, one.key, one.element), one]));
    const keys = [keysOf(partition).lease];
    const args: string[] = [token, mark];
    const again = new Expected(partition);
    const collect = (record: TurnRecord): void =>
      again.each(record, (kind, key, element, expected, values) => {
        if (!wanted.delete(nameOf(kind, key, element))) return;
        keys.push(key);
        args.push(expected === '' ? REMOVE[kind] : WRITE[kind], String(keys.length), String(values.length), ...values);
      });
    await this.#journal.walk(new Map([[partition, mark]]), collect);
    await this.#calls.call('heal', keys, args);
  }
}

function* chunks({ keys }: Expected): Generator<Element[]> {
  let chunk: Element[] = [];
  for (const [key, { kind, elements }] of keys) {
    for (const [element, expected] of elements) {
      chunk.push({ kind, key, element, expected });
      if (chunk.length < ELEMENTS_PER_CALL) continue;
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
