import { decodeNotification } from '../domain/records/codec.ts';
import { boxSet } from '../domain/records/names.ts';
import { overlayPage, PAGE_SIZE, type PageState } from '../domain/records/page.ts';
import { hashKey, recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { Batch } from './batch.ts';
import { type Cells, Unreadable } from './cells.ts';

/** Activates records: reads them from their partition's master, all in one round trip. */
export async function load(reads: Reads, partition: number, names: readonly string[], cells: Cells): Promise<void> {
  const strings: string[] = [];
  const keys: string[] = [];
  const others: Promise<void>[] = [];
  for (const name of names) {
    const kind = name[0] as string;
    if (kind === 'i') keys.push(name);
    else if (kind === 'x') others.push(loadNotification(reads, partition, name, cells));
    else if (kind >= 'A' && kind <= 'Z') others.push(loadField(reads, partition, name, cells));
    else strings.push(name);
  }
  if (keys.length > 0) others.push(loadKeys(reads, partition, keys, cells));
  others.push(loadTexts(reads, partition, strings, cells));
  // All at once: one that fails while another is awaited would be nobody's, and end the process.
  await Promise.all(others);
}

async function loadTexts(reads: Reads, partition: number, names: readonly string[], cells: Cells): Promise<void> {
  const texts = await reads.all(names.map((name) => recordKey(partition, name)));
  for (const [index, name] of names.entries()) cells.load(name, texts[index] ?? null);
}

/** One command for the keys of a week. */
async function loadKeys(reads: Reads, partition: number, names: readonly string[], cells: Cells): Promise<void> {
  const weeks = Map.groupBy(names, (name) => name.slice(0, name.indexOf('.')));
  await Promise.all(
    Array.from(weeks, async ([week, found]) => {
      const fields = found.map((name) => name.slice(week.length + 1));
      const texts = await reads.client.hmget(recordKey(partition, week), ...fields);
      for (const [index, name] of found.entries()) cells.load(name, texts[index] ?? null);
    }),
  );
}

async function loadField(reads: Reads, partition: number, name: string, cells: Cells): Promise<void> {
  cells.load(name, await reads.client.hget(hashKey(partition, name[0] as string), name.slice(1)));
}

async function loadNotification(reads: Reads, partition: number, name: string, cells: Cells): Promise<void> {
  const dot = name.indexOf('.');
  const box = Number(name.slice(1, dot));
  const sequence = Number(name.slice(dot + 1));
  const [member] = await reads.client.zrangebyscore(recordKey(partition, boxSet(box)), sequence, sequence);
  let state: unknown;
  try {
    state = member === undefined ? undefined : decodeNotification(partition, box, sequence, member, '', '');
  } catch (error) {
    state = new Unreadable(error);
  }
  cells.set(name, state, member ?? '');
}

/** The first entries of a sorted set, with what the turn under way has already changed in it. */
export async function loadPage(reads: Reads, partition: number, name: string, batch: Batch): Promise<PageState> {
  const set = name.slice(1);
  const key = recordKey(partition, set);
  const committed = await reads.client.zrange(key, '0', String(PAGE_SIZE - 1), 'WITHSCORES');
  return overlayPage(committed, batch.sets.get(set));
}
