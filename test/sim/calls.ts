import type { Heard } from '#engine/partition/heard.ts';
import { keysOf, partitionOfKey, recordKey } from '#engine/redis/keys.ts';
import { JOURNAL } from './journal.ts';
import type { Reply } from './wire.ts';

/** Function calls as Redis executed them: what the simulation's checkers learn of the product. */
export interface Call {
  name: string;
  keys: readonly string[];
  args: readonly string[];
  reply: Reply;
}

/** What one executed turn did, as far as checkers care. */
export interface Turn {
  partition: number;
  token: string;
  /** serials of the decisions it committed, in their order */
  serials: number[];
  /** dead letters it made: number and message */
  letters: [number: number, payload: string][];
  /** what it sent to other partitions, and the place in that lane */
  sent: { to: number; sequence: number; epoch: number; payload: string }[];
  /** it looked at timers */
  timers: boolean;
  /** actors whose messages were given up, or whose deliveries wait from now on */
  supervised: string[];
  /** Redis time, ms */
  now: number;
}

/** What a commit done again did. */
export interface Redo extends Pick<Turn, 'partition' | 'serials' | 'supervised' | 'letters' | 'sent'> {
  /** timers */
  promoted: string[];
  /** entries that were timers: name, and the server's time when they became entries, ms */
  fired: [name: string, ms: number][];
}

const NAME = /^relais_(.*)_[0-9a-f]+$/;
const HEAD = 11;
/** Of a call that does a commit again: number, mark before, mark, epoch. */
const REDO_HEAD = 4;
/** … then of each entry covered: id, origin, checksum; of each source heard: source, epoch, sequence. */
const COVERED = 3;
const HEARD = 3;
/** Of a dead letter's fields: number, 'a', actor. */
const ACTOR = 2;
/** Of a message delivered: epoch, sequence, message. */
const DELIVERED = 3;
/** Of a message for another partition: number, destination, sequence, epoch, message. */
const OUT = 5;

/** The calls of one FCALL, those of a batch one by one. `args` are the command's after its name. */
export function callsOf(args: readonly (string | number)[], reply: Reply): Call[] {
  const name = NAME.exec(String(args[0]))?.[1] ?? '';
  const count = Number(args[1]);
  const texts = args.slice(2).map(String);
  const [keys, rest] = [texts.slice(0, count), texts.slice(count)];
  if (name !== 'batch' && name !== 'accepts') return [{ name, keys, args: rest, reply }];
  // A batch refused as a whole did nothing.
  if (!Array.isArray(reply)) return [];
  const calls: Call[] = [];
  for (let key = 0, at = 0; at < rest.length; ) {
    const [nkeys, nargs] = [Number(rest[at + 1]), Number(rest[at + 2])];
    const from = at + 3;
    calls.push({
      name: rest[at] as string,
      keys: keys.slice(key, key + nkeys),
      args: rest.slice(from, from + nargs),
      reply: reply[calls.length] as Reply,
    });
    key += nkeys;
    at = from + nargs;
  }
  return calls;
}

/** @returns undefined for a turn that was refused */
export function turnOf({ keys, args, reply }: Call): Turn | undefined {
  if (!Array.isArray(reply)) return undefined;
  const partition = partitionOfKey(keys[0] as string);
  const done = operationsOf(partition, keys, args.slice(HEAD));
  return { partition, token: args[0] as string, ...done, timers: args[4] === '1', now: Number(reply[0]) };
}

/** Messages on their way to a partition, and the last one it has from their source then. */
export function deliveryOf({ args: [source, ...rest], reply }: Call): {
  source: string;
  messages: { sequence: number; payload: string }[];
  heard: Heard;
} {
  const messages: { sequence: number; payload: string }[] = [];
  // What goes before the first one is told, or is not.
  for (let at = rest.length % DELIVERED; at < rest.length; at += DELIVERED)
    messages.push({ sequence: Number(rest[at + 1]), payload: rest[at + 2] as string });
  const [epoch, sequence] = (reply as Reply[]).map(Number) as [number, number];
  return { source: source as string, messages, heard: { epoch, sequence } };
}

/** A commit done again. @returns undefined when it was not */
export function redoOf({ keys, args, reply }: Call): Redo | undefined {
  if (!Array.isArray(reply) || reply[0] !== 1) return undefined;
  const partition = partitionOfKey(keys[0] as string);
  let at = REDO_HEAD;
  const list = (step: number): string[] => {
    const from = at + 1;
    at = from + Number(args[at]) * step;
    return args.slice(from, at);
  };
  const covered = list(COVERED);
  const promoted = list(1);
  list(HEARD);
  const fired: Redo['fired'] = [];
  for (let i = 0; i < covered.length; i += COVERED)
    if (covered[i + 1]?.startsWith('^'))
      fired.push([covered[i + 1]?.slice(1) as string, Number.parseInt(covered[i] as string, 10)]);
  return { partition, promoted, fired, ...operationsOf(partition, keys, args.slice(at)) };
}

export function operationsOf(
  partition: number,
  keys: readonly string[],
  args: readonly string[],
): Pick<Turn, 'serials' | 'supervised' | 'letters' | 'sent'> {
  const journal = recordKey(partition, JOURNAL);
  const { parked, dead } = keysOf(partition);
  const serials: number[] = [];
  const supervised: string[] = [];
  const letters: Turn['letters'] = [];
  const sent: Turn['sent'] = [];
  for (let i = 0; i < args.length; ) {
    const count = Number(args[i + 2]);
    const key = keys[Number(args[i + 1]) - 1];
    if (args[i] === 'H' && key === parked)
      for (let n = 0; n < count; n += 2) supervised.push(args[i + 3 + n] as string);
    if (args[i] === 'X' && key === parked) supervised.push(...args.slice(i + 3, i + 3 + count));
    if (args[i] === 'L' && key === dead) {
      supervised.push(args[i + 3 + ACTOR] as string);
      const at = args.indexOf('m', i + 3 + ACTOR);
      letters.push([Number(args[i + 3]), args[at + 1] as string]);
    }
    if (args[i] === 'O')
      for (let n = i + 3; n < i + 3 + count; n += OUT)
        sent.push({
          to: Number(args[n + 1]),
          sequence: Number(args[n + 2]),
          epoch: Number(args[n + 3]),
          payload: args[n + OUT - 1] as string,
        });
    if (args[i] === 'Z' && key === journal) for (let n = 0; n < count; n += 2) serials.push(Number(args[i + 3 + n]));
    i += 3 + count;
  }
  serials.sort((a, b) => a - b);
  return { serials, supervised, letters, sent };
}
