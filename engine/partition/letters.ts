import { keysOf, parkKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { Entry } from './attempt.ts';
import type { DeadLetter, ParkNote } from './batch.ts';

/** Dead letters and waiting deliveries as Redis keeps them. */
type Fields = [id: string, fields: string[]];

/** Streams of numbered letters: `[id, ['a', actor, 'k', kind, 'e', error, 'm', payload, 'i', entry, 't', ms]]`. */
export function parseLetter([id, fields]: Fields): DeadLetter {
  const named = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) named.set(fields[i] as string, fields[i + 1] as string);
  const text = (name: string): string => named.get(name) ?? '';
  return {
    number: Number.parseInt(id, 10),
    entry: text('i'),
    actor: text('a'),
    kind: text('k'),
    error: text('e'),
    at: Number(text('t')),
    payload: text('m'),
  };
}

/** `<letter> <since>` */
export function parseNote(text: string): ParkNote {
  const [letter, since] = text.split(' ');
  return { letter: Number(letter), since: Number(since) };
}

export async function readLetter(reads: Reads, partition: number, number: number): Promise<DeadLetter | undefined> {
  const id = `${number}-0`;
  const [found] = await reads.client.xrange(keysOf(partition).dead, id, id);
  return found && parseLetter(found as Fields);
}

export async function readDelayed(reads: Reads, partition: number, actor: string, count: number): Promise<Entry[]> {
  const list = await reads.client.xrange(parkKey(partition, actor), '-', '+', 'COUNT', count);
  return list.map(([id, fields]) => ({ id, payload: fields[1] as string }));
}
