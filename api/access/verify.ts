import type { KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type DayName, filesOf, oldestDay, parseName } from './days.ts';
import { chainBehind, type Head } from './entry.ts';

const LINE_END = 10;

/** What is wrong with a file. */
export interface Damage {
  file: string;
  /** 0: the file as a whole */
  line: number;
  what: string;
}

export interface Verdict {
  files: number;
  entries: number;
  damages: Damage[];
}

/**
 * Reads all files of the log. A line changed, removed or put in is found, and so is an end that was cut, or a file that is
 * missing between two others; not the end of a member's newest file, nor all of its files at once.
 */
export async function verify(folder: string, key: KeyObject, now: number): Promise<Verdict> {
  const verdict: Verdict = { files: 0, entries: 0, damages: [] };
  const members = Map.groupBy(await filesOf(folder), ({ member }: DayName) => member);
  for (const files of members.values()) {
    let before: { name: string; chain: string | undefined } | undefined;
    for (const { name } of files) {
      const damaged = (line: number, what: string): void => void verdict.damages.push({ file: name, line, what });
      const read = await readChain(folder, name, key, damaged);
      verdict.files += 1;
      verdict.entries += read.entries;
      if (read.head !== undefined) {
        const fault = misplaced(read.head, name, before, oldestDay(now));
        if (fault !== undefined) damaged(0, fault);
      }
      before = { name, chain: read.chain };
    }
  }
  return verdict;
}

function misplaced(
  head: Head,
  name: string,
  before: { name: string; chain: string | undefined } | undefined,
  oldest: string,
): string | undefined {
  if (head.file !== name) return `it is ${head.file} under another name`;
  if (before === undefined) {
    // the first one left may follow a day that is over
    const day = head.after === null ? undefined : parseName(head.after)?.day;
    return day !== undefined && day >= oldest ? `${head.after}, before it, is missing` : undefined;
  }
  if (head.after !== before.name) return `it follows ${head.after ?? 'nothing'}, not ${before.name}`;
  // what is wrong within the one before has been told
  if (before.chain !== undefined && before.chain !== head.from) return `the end of ${before.name} was cut or changed`;
  return undefined;
}

/** @returns the head, entries that are right, and the last chain: undefined where a line is not right */
async function readChain(
  folder: string,
  name: string,
  key: KeyObject,
  damaged: (line: number, what: string) => void,
): Promise<{ head: Head | undefined; entries: number; chain: string | undefined }> {
  const path = join(folder, name);
  const { size, whole } = await endOf(path);
  let head: Head | undefined;
  let chain = '';
  let number = 0;
  let pending: string | undefined;
  /** @returns false: no line after it can be right */
  const take = (line: string): boolean => {
    number += 1;
    if (number === 1) head = headOf(line);
    const next =
      number === 1 && head === undefined ? undefined : chainBehind(key, head && number === 1 ? head.from : chain, line);
    if (next === undefined) {
      damaged(number, 'this line, or one before it, was changed, removed or put in');
      return false;
    }
    chain = next;
    return true;
  };
  const lines = createInterface({
    input: createReadStream(path, { end: Math.max(0, size - 1) }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    for await (const line of lines) {
      if (pending !== undefined && !take(pending)) return { head, entries: Math.max(0, number - 2), chain: undefined };
      pending = line;
    }
  } finally {
    lines.close();
  }
  // an end without its line break was cut by a crash, and answered to nobody
  if (whole && pending !== undefined && !take(pending))
    return { head, entries: Math.max(0, number - 2), chain: undefined };
  return { head, entries: Math.max(0, number - 1), chain };
}

function headOf(line: string): Head | undefined {
  try {
    const read = JSON.parse(line) as Partial<Head> | null;
    return typeof read?.file === 'string' && typeof read.from === 'string' ? (read as Head) : undefined;
  } catch {
    return undefined;
  }
}

/** A hub may write meanwhile: what it adds is left for the next time. */
async function endOf(path: string): Promise<{ size: number; whole: boolean }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, Math.max(0, size - 1));
    return { size, whole: last[0] === LINE_END };
  } finally {
    await handle.close();
  }
}
