import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Id } from '#engine/domain/ids.ts';

/**
 * Names of blobs on disk. Small ones: `p<minute>-<nonce>.<offset>.<length>`, a piece of a pack. Others:
 * `f<minute>-<nonce>.<attachment id>`, a file. Minute (of Unix time), nonce, offset and length in base 36, so that the
 * name is short where the record keeps it. One folder per hour.
 */
export type Place =
  | { kind: 'piece'; minute: number; pack: string; offset: number; length: number }
  | { kind: 'file'; minute: number; file: string };

const RADIX = 36;
const MINUTE_MS = 60_000;
const NONCE_LIMIT = RADIX ** 5;
const HOUR_CHARACTERS = '2026-11-23T18'.length;
const PIECE = /^(p([0-9a-z]{1,6})-[0-9a-z]{1,5})\.([0-9a-z]{1,8})\.([0-9a-z]{1,5})$/;
const FILE = /^f([0-9a-z]{1,6})-[0-9a-z]{1,5}\.[A-Za-z0-9_-]{22}$/;

const stem = (kind: 'p' | 'f', ms: number): string =>
  `${kind}${Math.floor(ms / MINUTE_MS).toString(RADIX)}-${randomInt(NONCE_LIMIT).toString(RADIX)}`;

/** Name of a new pack, or of a new file. */
export const packName = (ms: number): string => stem('p', ms);
export const fileName = (id: Id, ms: number): string => `${stem('f', ms)}.${id}`;
export const pieceName = (pack: string, offset: number, length: number): string =>
  `${pack}.${offset.toString(RADIX)}.${length.toString(RADIX)}`;

/** Where a name points; undefined when no store can have given it. */
export function placeOf(name: string): Place | undefined {
  const piece = PIECE.exec(name);
  if (piece) {
    const [, pack, minute, offset, length] = piece as unknown as [string, string, string, string, string];
    const numbers = [minute, offset, length].map((text) => Number.parseInt(text, RADIX)) as [number, number, number];
    return { kind: 'piece', minute: numbers[0], pack, offset: numbers[1], length: numbers[2] };
  }
  const file = FILE.exec(name);
  return file ? { kind: 'file', minute: Number.parseInt(file[1] as string, RADIX), file: name } : undefined;
}

/** Folder of a minute, by the hour: `2026-11-23T18`. */
export const hourOf = (minute: number): string => new Date(minute * MINUTE_MS).toISOString().slice(0, HOUR_CHARACTERS);

export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

export const pathOf = (root: string, minute: number, file: string): string => join(root, hourOf(minute), file);
