import type { KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, nameOf } from './days.ts';
import { chained, chainOf, type Entry, type Head } from './entry.ts';

/** A write returns once it is on disk: one call a group instead of two. */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC;
const MODE = 0o600;
/** More than the longest line: a list page of 200 cases has 8 KB. */
const TAIL_BYTES = 1024 * 1024;
const LINE_END = 10;

/** Whole lines of a file end there, and with this one; what follows was cut by a crash, and answered to nobody. */
async function endOf(handle: FileHandle): Promise<{ size: number; line: string | undefined }> {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await handle.read(bytes, 0, bytes.length, size - bytes.length);
  const end = bytes.lastIndexOf(LINE_END);
  if (end < 0) return { size: 0, line: undefined };
  const from = end === 0 ? -1 : bytes.lastIndexOf(LINE_END, end - 1);
  return { size: size - bytes.length + end + 1, line: bytes.toString('utf8', from + 1, end) };
}

/** Chain of the last line; '': there is none. */
async function lastChain(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { line } = await endOf(handle);
    return chainOf(line ?? '') ?? '';
  } finally {
    await handle.close();
  }
}

/** The file of a day, at its end. */
export class DayFile {
  readonly day: string;
  readonly #handle: FileHandle;
  readonly #key: KeyObject;
  #chain: string;

  private constructor(day: string, handle: FileHandle, key: KeyObject, chain: string) {
    this.day = day;
    this.#handle = handle;
    this.#key = key;
    this.#chain = chain;
  }

  /** Goes on where the member's last file ends; with a clock that went back, in that file. */
  static async open(folder: string, member: string, today: string, key: KeyObject): Promise<DayFile> {
    const own = (await filesOf(folder)).filter((file) => file.member === member);
    const day = [today, own.at(-1)?.day ?? ''].sort().at(-1) as string;
    const name = nameOf(day, member);
    const before = own.findLast((file) => file.name !== name);
    const handle = await open(join(folder, name), FLAGS, MODE);
    try {
      const { size, line } = await endOf(handle);
      if (size < (await handle.stat()).size) await handle.truncate(size);
      const file = new DayFile(day, handle, key, chainOf(line ?? '') ?? '');
      if (line !== undefined) return file;
      const from = before === undefined ? '' : await lastChain(join(folder, before.name));
      await file.#begin({ file: name, after: before?.name ?? null, from });
      await syncFolder(folder);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** On disk when it resolves. @throws when the disk takes it not: this file is to be opened anew */
  append(entries: readonly Entry[]): Promise<void> {
    return this.#write(entries);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #begin(head: Head): Promise<void> {
    this.#chain = head.from;
    return this.#write([head]);
  }

  async #write(contents: readonly (Entry | Head)[]): Promise<void> {
    let text = '';
    for (const content of contents) {
      const { line, chain } = chained(this.#key, this.#chain, content);
      text += line;
      this.#chain = chain;
    }
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at);
      if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
      at += bytesWritten;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
