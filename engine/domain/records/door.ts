/**
 * Whether a mailbox takes native deposits of a démarche, as one number: which change of its subscription said so, then
 * one bit, 1 when that made it Actif. A higher change is the newer word.
 */
export type DoorWord = number;

export const doorWord = (open: boolean, version: number): DoorWord => version * 2 + (open ? 1 : 0);
export const isOpen = (word: DoorWord): boolean => word % 2 === 1;
/** Of the same change, the word known first stays. */
export const isNewer = (word: DoorWord, than: DoorWord): boolean => Math.floor(word / 2) > Math.floor(than / 2);

/** What a mailbox knows of one démarche, and how many cases wait there for its subscription. */
export interface Door {
  word: DoorWord;
  /** cases in the set `heldSet(box)` */
  held: number;
  /** last place given there, dense from 1; 0 when nothing is held */
  last: number;
}

/**
 * The doors of a mailbox as they are stored, since each notification writes them: pairs of box and word, then box, number
 * and last place of those where cases are held.
 */
export interface Doors {
  words: readonly number[];
  queues: readonly number[];
}

export const NO_DOORS: Doors = { words: [], queues: [] };

const PAIR = 2;
const TRIPLE = 3;

function placeOf(flat: readonly number[], size: number, box: number): number {
  for (let at = 0; at < flat.length; at += size) if (flat[at] === box) return at;
  return -1;
}

/** undefined: nothing was heard of that box's subscription yet */
export function doorOf({ words, queues }: Doors, box: number): Door | undefined {
  const at = placeOf(words, PAIR, box);
  if (at < 0) return undefined;
  const queue = placeOf(queues, TRIPLE, box);
  const word = words[at + 1] as number;
  if (queue < 0) return { word, held: 0, last: 0 };
  return { word, held: queues[queue + 1] as number, last: queues[queue + 2] as number };
}

/** The row with these numbers in place of those that begin with the same box, or after all others. */
function replaced(flat: readonly number[], size: number, box: number, row: readonly number[]): readonly number[] {
  const at = placeOf(flat, size, box);
  if (at < 0) return row.length === 0 ? flat : [...flat, ...row];
  return [...flat.slice(0, at), ...row, ...flat.slice(at + size)];
}

export function withDoorOf(doors: Doors, box: number, { word, held, last }: Door): Doors {
  const known = doorOf(doors, box);
  return {
    words: known?.word === word ? doors.words : replaced(doors.words, PAIR, box, [box, word]),
    queues: replaced(doors.queues, TRIPLE, box, held > 0 ? [box, held, last] : []),
  };
}
