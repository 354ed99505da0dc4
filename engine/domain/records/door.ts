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
