import { decode, decodeNotification } from '../domain/records/codec.ts';
import { boxSet } from '../domain/records/names.ts';
import { overlayPage, PAGE_SIZE, type PageState } from '../domain/records/page.ts';
import { hashKey, recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { Batch } from './batch.ts';
import { type Cells, Unreadable } from './cells.ts';

/** Activates records: reads them from their partition's master and decodes them, all in one round trip. */
export async function load(reads: Reads, partition: number, names: readonly string[], cells: Cells): Promise<void> {
  await Promise.all(names.map((name) => loadOne(reads, partition, name, cells)));
}

async function loadOne(reads: Reads, partition: number, name: string, cells: Cells): Promise<void> {
  const kind = name[0] as string;
  if (kind === 'x') {
    const dot = name.indexOf('.');
    const box = Number(name.slice(1, dot));
    const sequence = Number(name.slice(dot + 1));
    const [member] = await reads.client.zrangebyscore(recordKey(partition, boxSet(box)), sequence, sequence);
    if (member === undefined) cells.set(name, undefined, 0);
    else decodeInto(cells, name, member, () => decodeNotification(partition, box, sequence, member, '', ''));
    return;
  }
  const text =
    kind >= 'A' && kind <= 'Z'
      ? await reads.client.hget(hashKey(partition, kind), name.slice(1))
      : await reads.get(recordKey(partition, name));
  if (text === null) cells.set(name, undefined, 0);
  else decodeInto(cells, name, text, () => decode(name, text));
}

function decodeInto(cells: Cells, name: string, text: string, decoded: () => unknown): void {
  let state: unknown;
  try {
    state = decoded();
  } catch (error) {
    state = new Unreadable(error);
  }
  cells.set(name, state, text.length);
}

/** The first entries of a sorted set, with what the turn under way has already changed in it. */
export async function loadPage(reads: Reads, partition: number, name: string, batch: Batch): Promise<PageState> {
  const set = name.slice(1);
  const key = recordKey(partition, set);
  const committed = await reads.client.zrange(key, '0', String(PAGE_SIZE - 1), 'WITHSCORES');
  return overlayPage(committed, batch.sets.get(set));
}
