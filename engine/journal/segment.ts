import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionOf } from './record.ts';

/**
 * Files of a journal: lines, in groups; each group ends with `# <SHA-256>` over the seal before and the group, so that
 * nothing in the file can be changed, left out or put in without it showing. A group without its seal, at the end, was
 * cut by a crash: nothing in it was answered.
 */
const NAME = /^\d{15}\.log$/;
const DIGITS = 15;
/** A write returns once it is on disk: one call a group instead of two. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_DSYNC;
const MODE = 0o640;
const SEAL = '# ';

/** Seal of a group behind the seal `before`. */
export const sealOf = (before: string, group: string): string =>
  createHash('sha256').update(before).update(group).digest('base64');

/** Names of the segments of a folder, oldest first. */
export async function segmentsOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => NAME.test(name)).sort();
}

/** A name after `last`, in time's order even when the clock went back. */
export function nextName(last: string | undefined, now: number): string {
  const after = last === undefined ? 0 : Number.parseInt(last, 10) + 1;
  return `${String(Math.max(now, after)).padStart(DIGITS, '0')}.log`;
}

export class Segment {
  readonly name: string;
  readonly #handle: FileHandle;
  #seal = '';
  #bytes = 0;

  private constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  static async create(folder: string, name: string): Promise<Segment> {
    return new Segment(name, await open(join(folder, name), FLAGS, MODE));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends a group; on disk when it resolves. @throws when the disk takes it not: nothing may follow in this file */
  async append(group: string): Promise<void> {
    const seal = sealOf(this.#seal, group);
    const bytes = Buffer.from(`${group}${SEAL}${seal}\n`);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at);
      if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
      at += bytesWritten;
    }
    this.#seal = seal;
    this.#bytes += bytes.length;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What is wrong with a segment, told with its name and the line. */
export type OnDamage = (segment: string, line: number) => void;

/**
 * Sealed lines of a segment. A group whose seal is wrong is told and left out, and so is what follows: no seal after it
 * can be right. An unsealed end is left out without a word.
 */
export async function readSegment(folder: string, name: string, onDamage: OnDamage): Promise<string[]> {
  // what follows the last line break is nothing, or a line cut short
  const lines = (await readFile(join(folder, name), 'utf8')).split('\n').slice(0, -1);
  const sealed: string[] = [];
  let seal = '';
  let from = 0;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith(SEAL)) continue;
    const group = lines.slice(from, index);
    const right = sealOf(seal, group.map((one) => `${one}\n`).join(''));
    if (right !== line.slice(SEAL.length)) {
      onDamage(name, from + 1);
      return sealed;
    }
    sealed.push(...group);
    seal = right;
    from = index + 1;
  }
  return sealed;
}

/** Lines about each partition, in order: its turns, and those that never happened. */
export function byPartition(lines: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const line of lines) {
    const partition = partitionOf(line);
    if (partition === undefined) continue;
    const known = found.get(partition);
    if (known) known.push(line);
    else found.set(partition, [line]);
  }
  return found;
}
