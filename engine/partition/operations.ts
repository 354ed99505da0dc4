import { encode } from '../domain/records/codec.ts';
import { hashKey, keysOf, parkKey, recordKey, replyChannel } from '../redis/keys.ts';
import { type Batch, Unwritable } from './batch.ts';
import type { Cells } from './cells.ts';
import { encodeJob } from './jobs.ts';
import type { Tally } from './tally.ts';

/**
 * A batch as the flat arguments of one `turn` call. Records of the referential are fields of one hash per kind, so
 * that an API process reads them all without scanning; its every change is also listed under the next version.
 */
export interface Operations {
  keys: string[];
  args: (string | number)[];
}

/** Capital letters are the referential's, `x` lies in its box's sorted set (records/names.ts). */
const isReferential = (kind: string): boolean => kind >= 'A' && kind <= 'Z';
const NOTIFICATION = 'x';
/** An idempotency key is a field of the hash of its week. */
const KEY = 'i';
/** Changes of the referential that stay known: a process further behind reads everything again. */
export const CHANGES_KEPT = 10_000;
/** First part of the ids of what waits, before the commit's number: above all ids made of a time, as they were once. */
const WAITING_FROM = 10_000_000_000_000;

export class OperationList implements Operations {
  readonly keys: string[];
  readonly args: (string | number)[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(partition: number) {
    const keys = keysOf(partition);
    this.keys = [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent];
    for (const [index, key] of this.keys.entries()) this.#numbers.set(key, index + 1);
  }

  push(code: string, key: string, values: readonly (string | number)[]): void {
    if (values.length === 0) return;
    this.args.push(code, this.#number(key), values.length);
    for (const value of values) this.args.push(value);
  }

  /** Keys in a row, one value each. */
  pushRow(code: string, keys: readonly string[], values: readonly string[]): void {
    if (keys.length === 0) return;
    const first = this.keys.length + 1;
    for (const key of keys) this.keys.push(key);
    this.args.push(code, first, keys.length);
    for (const value of values) this.args.push(value);
  }

  #number(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.keys.push(key);
    this.#numbers.set(key, this.keys.length);
    return this.keys.length;
  }
}

/**
 * Records go to the cells here, not after the commit: without it the cells end with their partition, and a decided
 * state that waits for the disk would be copied by each garbage collection meanwhile.
 * @param version of the referential before this batch
 * @param turn number of the commit, which what it goes on with bears as its origin
 * @param after whether an API process gets its answers from this process, after the commit, and not with it
 * @returns the version after it
 * @throws Unwritable
 */
export function writeBatch(...given: Parameters<typeof write>): number {
  try {
    return write(...given);
  } catch (cause) {
    throw new Unwritable(cause);
  }
}

function write(
  list: OperationList,
  partition: number,
  batch: Batch,
  version: number,
  turn: number,
  cells: Cells,
  tally: Tally,
  after: (api: string) => boolean,
): number {
  const keys = keysOf(partition);
  const puts: string[] = [];
  const values: string[] = [];
  const removed: string[] = [];
  const changed: string[] = [];
  for (const [name, state] of batch.records) {
    const kind = name[0] as string;
    if (kind === NOTIFICATION) {
      cells.forget(name);
      continue;
    }
    if (kind === KEY) {
      writeKey(list, partition, name, state);
      continue;
    }
    const text = state === undefined ? '' : encode(name, state);
    if (batch.brief.has(name)) cells.forget(name);
    else cells.set(name, state, text);
    if (isReferential(kind)) {
      changed.push(name);
      if (state === undefined) list.push('X', hashKey(partition, kind), [name.slice(1)]);
      else list.push('H', hashKey(partition, kind), [name.slice(1), text]);
    } else if (state === undefined) removed.push(recordKey(partition, name));
    else {
      puts.push(recordKey(partition, name));
      values.push(text);
    }
  }
  batch.records.clear();
  batch.brief.clear();
  list.pushRow('S', puts, values);
  list.pushRow(
    'D',
    removed,
    removed.map(() => ''),
  );
  for (const [set, members] of batch.sets) {
    const added: (string | number)[] = [];
    const dropped: string[] = [];
    for (const [member, score] of members) {
      if (score === null) dropped.push(member);
      else added.push(score, member);
    }
    list.push('Z', recordKey(partition, set), added);
    list.push('R', recordKey(partition, set), dropped);
  }
  writeLists(list, partition, batch);
  writeTimers(list, partition, batch);
  list.push(
    'O',
    keys.out,
    batch.outs.flatMap((out) => [out.number, out.to, out.sequence, out.epoch, out.payload]),
  );
  list.push(
    'A',
    keys.in,
    batch.again.flatMap((payload, place) => [`@${turn}.${place}`, payload]),
  );
  list.push(
    'N',
    keys.jobs,
    batch.jobs.flatMap((record) => [record.number, encodeJob(record.job)]),
  );
  list.push('J', keys.dead, [...batch.settled]);
  for (const letter of batch.dead) {
    list.push('L', keys.dead, [
      letter.number,
      'a',
      letter.actor,
      'k',
      letter.kind,
      'e',
      letter.error,
      'm',
      letter.payload,
      'i',
      letter.entry,
      't',
      letter.at,
    ]);
  }
  writeParks(list, partition, batch, turn);
  list.push('H', keys.counters, tally.add(batch.counts));
  for (const [api, items] of batch.replies.all()) {
    if (!after(api)) list.push('P', replyChannel(partition, api), [JSON.stringify(items)]);
  }
  if (changed.length === 0) return version;
  list.push('N', keys.changes, [version + 1, JSON.stringify(changed)]);
  if (version >= CHANGES_KEPT) list.push('T', keys.changes, [`${version + 2 - CHANGES_KEPT}-0`]);
  list.pushRow('S', [keys.version], [String(version + 1)]);
  return version + 1;
}

/** Whoever watches a feed is told which ones grew, with the commit. */
function writeLists(list: OperationList, partition: number, batch: Batch): void {
  const grown: string[] = [];
  for (const [name, { pushed, shifted }] of batch.lists) {
    const key = recordKey(partition, name);
    list.push('Q', key, pushed);
    if (shifted > 0) list.push('V', key, [shifted]);
    if (pushed.length > 0) grown.push(name.slice(1));
  }
  if (grown.length > 0) list.push('P', keysOf(partition).news, [grown.join(' ')]);
}

/** Not kept in memory: it is looked at once. The name of a week alone removes all of it. */
function writeKey(list: OperationList, partition: number, name: string, state: unknown): void {
  const dot = name.indexOf('.');
  const week = recordKey(partition, name.slice(0, dot));
  const field = name.slice(dot + 1);
  if (state !== undefined) list.push('H', week, [field, encode(name, state)]);
  else if (field === '') list.pushRow('D', [week], ['']);
  else list.push('X', week, [field]);
}

/** What waits bears the number of the commit and its place in it, so that a commit done again gives the same ids. */
function writeParks(list: OperationList, partition: number, batch: Batch, turn: number): void {
  const { parked } = keysOf(partition);
  for (const [actor, last] of batch.drained) {
    if (batch.parks.get(actor) === null) list.pushRow('D', [parkKey(partition, actor)], ['']);
    else if (last !== '') list.push('T', parkKey(partition, actor), [after(last)]);
  }
  for (const [actor, note] of batch.parks) {
    if (note === null) list.push('X', parked, [actor]);
    else list.push('H', parked, [actor, `${note.letter} ${note.since}`]);
  }
  for (const [actor, payloads] of batch.delayed) {
    list.push(
      'W',
      parkKey(partition, actor),
      payloads.flatMap((payload, place) => [`${WAITING_FROM + turn}-${place}`, payload]),
    );
  }
}

/** The stream id that follows. */
function after(id: string): string {
  const [ms, sequence] = id.split('-');
  return `${ms}-${BigInt(sequence as string) + 1n}`;
}

function writeTimers(list: OperationList, partition: number, batch: Batch): void {
  const keys = keysOf(partition);
  const due: (string | number)[] = [];
  const bodies: string[] = [];
  const cancelled: string[] = [];
  for (const [name, timer] of batch.timers) {
    if (timer === null) cancelled.push(name);
    else {
      due.push(timer.due, name);
      bodies.push(name, timer.payload);
    }
  }
  list.push('Z', keys.due, due);
  list.push('H', keys.timers, bodies);
  list.push('R', keys.due, cancelled);
  list.push('X', keys.timers, cancelled);
}
