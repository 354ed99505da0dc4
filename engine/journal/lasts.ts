import type { Last } from './log.ts';
import { encodeVoid, live, partitionOf, type TurnRecord } from './record.ts';
import { type OnDamage, readSegment } from './segment.ts';

/** `L <partition> <turn> <epoch> <mark>`: the partition goes on from there, whatever was written before. */
const LAST = 'L ';
const HEAD = 'H ';

/** Turns told as lost: they never happened, and the partition goes on from `last`, also for who opens the journal later. */
export const encodeForgotten = (partition: number, lost: readonly TurnRecord[], { turn, mark, epoch }: Last): string =>
  lost.map((record) => encodeVoid(partition, record.turn, record.epoch)).join('') +
  `${LAST}${partition} ${turn} ${epoch} ${mark || '-'}\n`;

/** What a segment begins with. */
export const encodeHead = (last: ReadonlyMap<number, Last>): string =>
  `${HEAD}${JSON.stringify([...last].map(([partition, { turn, mark, epoch }]) => [partition, turn, mark, epoch]))}\n`;

/** The last turn of each partition behind lines, from what it was before them. */
export function lastsBehind(before: ReadonlyMap<number, Last>, lines: readonly string[]): Map<number, Last> {
  const last = new Map(before);
  /** partition → line that says where it goes on from */
  const told = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith(LAST)) continue;
    const [, partition, turn, epoch, mark] = line.split(' ') as [string, string, string, string, string];
    last.set(Number(partition), { turn: Number(turn), mark: mark === '-' ? '' : mark, epoch: Number(epoch) });
    told.set(Number(partition), index);
  }
  const later = told.size === 0 ? lines : lines.filter((line, at) => at > (told.get(partitionOf(line) ?? -1) ?? -1));
  for (const { partition, turn, mark, epoch } of live(later)) last.set(partition, { turn, mark, epoch });
  return last;
}

/**
 * The last turn of each partition: what the newest sound segment begins with, and what it and later ones hold. One that
 * was cut before its first line was sealed says nothing.
 */
export async function readLasts(
  folder: string,
  names: readonly string[],
  onDamage: OnDamage,
): Promise<Map<number, Last>> {
  let lines: string[] = [];
  for (const name of names.toReversed()) {
    lines = [...(await readSegment(folder, name, onDamage)), ...lines];
    if (lines[0]?.startsWith(HEAD)) break;
  }
  const [head] = lines;
  const before = new Map<number, Last>();
  if (head?.startsWith(HEAD)) {
    for (const [partition, turn, mark, epoch] of JSON.parse(head.slice(HEAD.length)) as [
      number,
      number,
      string,
      number,
    ][])
      before.set(partition, { turn, mark, epoch });
  }
  return lastsBehind(before, lines);
}
