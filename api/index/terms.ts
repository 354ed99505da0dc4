import { folded } from './row.ts';

const WORD = /[\p{L}\p{N}]+/gu;
const BASE = 36;

/** Words of a text as it is searched: no accents, no capitals. */
export const wordsIn = (text: string): string[] => folded(text).match(WORD) ?? [];

/**
 * A word as the index has it: behind its organisation's number, so that looking for what begins so reads the words of
 * that organisation and no other's. The number's length comes first: no number is the beginning of another.
 */
export function termOf(org: number, word: string): string {
  const number = Math.max(org, 0).toString(BASE);
  return `${number.length}${number}${word}`;
}

/** All that a row is found by, each term once. */
export const termsOf = (org: number, texts: readonly string[]): string =>
  [...new Set(texts.flatMap(wordsIn))].map((word) => termOf(org, word)).join(' ');
