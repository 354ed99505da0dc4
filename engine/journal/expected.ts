import { hash } from 'node:crypto';
import { sequenceOf } from '../domain/records/codec.ts';
import { keysOf } from '../redis/keys.ts';
import type { TurnRecord } from './record.ts';

/** Digits of their SHA-1 by which texts are compared: audit.lua. No secret, and no enemy: damage. */
const COMPARED = 16;
const PAIR = 2;
const OUT_FIELDS = 5;
const GONE = '';
const THERE = '1';

/** s string · z member of a sorted set · h field of a hash · x entry of a stream · l entry of a feed, by its sequence */
export type Kind = 's' | 'z' | 'h' | 'x' | 'l';

/** Told of each element a commit wrote, the last write first: `operation` as turn.lua takes it, '' texts deleted. */
type Tell = (kind: Kind, key: string, element: string, expected: string, operation: readonly string[]) => void;

/**
 * What the last commits of a partition left in Redis, element by element. Commits are given newest first: what was
 * written later counts.
 */
export class Expected {
  readonly partition: number;
  /** key → kind and elements with what they hold: a score, or the digest of a text */
  readonly keys = new Map<string, { kind: Kind; elements: Map<string, string> }>();
  /** timers that became entries: whether they are still there, nobody can say */
  readonly #fired = new Set<string>();
  /** stream → lowest number that was kept */
  readonly #floors = new Map<string, number>();
  /** entries come by themselves, too */
  readonly #mailbox: string;

  constructor(partition: number) {
    this.partition = partition;
    this.#mailbox = keysOf(partition).in;
  }

  add(record: TurnRecord): void {
    this.each(record, (kind, key, element, expected) => {
      const known = this.keys.get(key);
      if (known === undefined) this.keys.set(key, { kind, elements: new Map([[element, expected]]) });
      else if (known.kind === kind && !known.elements.has(element)) known.elements.set(element, expected);
    });
  }

  /** Each write of a commit that no later commit undid, the last one first. */
  each({ done }: TurnRecord, tell: Tell): void {
    const { due, timers, sent } = keysOf(this.partition);
    const operations = [...operationsOf(done.operations.map(String))].reverse();
    for (const { code, key, values } of operations) {
      const name = done.keys[key - 1] as string;
      if (name === this.#mailbox || name.includes(':park:')) continue;
      const timed = name === due || name === timers;
      const pair = (kind: Kind, element: string, value: string, operation: readonly string[]): void => {
        if (!timed || !this.#fired.has(element))
          tell(kind, name, element, kind === 'h' ? digest(value) : value, operation);
      };
      if (code === 'S' || code === 'D') {
        for (const [place, value] of values.entries()) {
          const row = done.keys[key - 1 + place] as string;
          if (!row.includes(':park:')) tell('s', row, '', digest(value), [value]);
        }
      }
      if (code === 'Z') for (const [score, member] of pairs(values)) pair('z', member, score, [score, member]);
      if (code === 'H') for (const [field, value] of pairs(values)) pair('h', field, value, [field, value]);
      if (code === 'R') for (const member of values) pair('z', member, GONE, [member]);
      if (code === 'X') for (const field of values) pair('h', field, GONE, [field]);
      if (code === 'T')
        this.#floors.set(name, Math.max(this.#floors.get(name) ?? 0, Number.parseInt(values[0] ?? '', 10)));
      if (code === 'V') this.#floors.set(name, Math.max(this.#floors.get(name) ?? 0, Number(values[0])));
      if (code === 'Q') for (const entry of [...values].reverse()) this.#told(tell, name, entry);
      if (code === 'J') for (const number of values) tell('x', name, number, GONE, [number]);
      if (code === 'N') for (const [number, message] of pairs(values)) this.#entry(tell, name, number, ['m', message]);
      if (code === 'L') this.#entry(tell, name, values[0] as string, values.slice(1));
      if (code === 'O') {
        for (let i = values.length - OUT_FIELDS; i >= 0; i -= OUT_FIELDS) {
          const [number, to, sequence, epoch, message] = values.slice(i, i + OUT_FIELDS) as [
            string,
            string,
            string,
            string,
            string,
          ];
          tell('h', sent, to, digest(sequence), [to, sequence]);
          this.#entry(tell, name, number, ['d', to, 's', sequence, 'e', epoch, 'm', message]);
        }
      }
    }
    for (const name of done.promoted) this.#fired.add(name);
    for (const [, origin] of done.covered) if (origin.startsWith('^')) this.#fired.add(origin.slice(1));
  }

  #told(tell: Tell, name: string, entry: string): void {
    const sequence = sequenceOf(entry);
    if (sequence < (this.#floors.get(name) ?? 0)) return;
    tell('l', name, String(sequence), digest(entry), [entry]);
  }

  #entry(tell: Tell, name: string, number: string, fields: readonly string[]): void {
    if (Number(number) < (this.#floors.get(name) ?? 0)) return;
    tell('x', name, number, THERE, [number, String(fields.length), ...fields]);
  }
}

const digest = (text: string): string => (text === '' ? GONE : hash('sha1', text).slice(0, COMPARED));

const pairs = (values: readonly string[]): [string, string][] =>
  Array.from({ length: values.length / PAIR }, (_, n): [string, string] => [
    values[n * PAIR] as string,
    values[n * PAIR + 1] as string,
  ]).reverse();

function* operationsOf(
  operations: readonly string[],
): Generator<{ code: string; key: number; values: readonly string[] }> {
  for (let at = 0; at < operations.length; ) {
    const count = Number(operations[at + 2]);
    const values = operations.slice(at + 3, at + 3 + count);
    yield { code: operations[at] as string, key: Number(operations[at + 1]), values };
    at += 3 + count;
  }
}
