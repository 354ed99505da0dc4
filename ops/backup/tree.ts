import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry, Part } from './manifest.ts';

/**
 * A folder whose files only grow, copied while they do. What was copied once is never copied over: bytes that are
 * overwritten meanwhile (a piece of a pack erased) were wanted when the copy began, and are in it as they were.
 *
 * What has not changed since the last backup is linked to its copy there.
 */
export interface Source {
  part: Part;
  folder: string;
  /** a path under the folder is copied at all */
  wanted(path: string): boolean;
  /** … and may be new, or have grown, when the folder is looked at again */
  grows(path: string): boolean;
}

/** The backup before: what has not changed is not copied again. */
export interface Before {
  folder: string;
  /** by part and path */
  entries: ReadonlyMap<string, Entry>;
}

export const nameOf = ({ part, path }: Pick<Entry, 'part' | 'path'>): string => `${part}/${path}`;

interface Copied {
  bytes: number;
  changed: string;
  /** of the bytes so far; undefined: linked to the copy of before, whose digest is known */
  hash: Hash | undefined;
  sha256: string;
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE = 0o600;
const CHUNK = 1024 * 1024;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

export class Tree {
  readonly #source: Source;
  readonly #to: string;
  readonly #before: Before | undefined;
  readonly #files = new Map<string, Copied>();
  /** bytes written, not linked */
  written = 0;

  /** @param to folder of the backup, whose part's folder is made */
  constructor(source: Source, to: string, before: Before | undefined) {
    this.#source = source;
    this.#to = join(to, source.part);
    this.#before = before;
  }

  /** Copies what is there, or what has come since it was looked at before. */
  async copy(): Promise<void> {
    const again = this.#files.size > 0;
    await mkdir(this.#to, { recursive: true, mode: PRIVATE_FOLDER });
    for (const path of await this.#paths('')) {
      if (!this.#source.wanted(path) || (again && !this.#source.grows(path))) continue;
      await this.#file(path).catch((error: unknown) => {
        // Erased since the folder was read: what was copied of it before stays.
        if (!isMissing(error)) throw error;
      });
    }
  }

  /** Copies of one file the bytes up to a size, whatever it has by now. */
  async upTo(path: string, bytes: number): Promise<void> {
    await mkdir(dirname(join(this.#to, path)), { recursive: true, mode: PRIVATE_FOLDER });
    const { mtimeNs } = await stat(join(this.#source.folder, path), { bigint: true });
    await this.#append(path, bytes, String(mtimeNs));
  }

  entries(): Entry[] {
    return [...this.#files].map(([path, { bytes, changed, hash, sha256 }]) => ({
      part: this.#source.part,
      path,
      bytes,
      sha256: hash?.copy().digest('hex') ?? sha256,
      changed,
    }));
  }

  async #paths(under: string): Promise<string[]> {
    const found = await readdir(join(this.#source.folder, under), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const paths: string[] = [];
    for (const one of found) {
      const path = under === '' ? one.name : `${under}/${one.name}`;
      // What file systems keep for themselves is root's.
      if (one.name === 'lost+found') continue;
      if (one.isDirectory()) paths.push(...(await this.#paths(path)));
      else if (one.isFile()) paths.push(path);
    }
    return paths;
  }

  async #file(path: string): Promise<void> {
    const { size, mtimeNs } = await stat(join(this.#source.folder, path), { bigint: true });
    const [bytes, changed] = [Number(size), String(mtimeNs)];
    const known = this.#files.get(path);
    if (known !== undefined) {
      if (bytes > known.bytes) await this.#append(path, bytes, changed);
      return;
    }
    await mkdir(dirname(join(this.#to, path)), { recursive: true, mode: PRIVATE_FOLDER });
    const before = this.#before?.entries.get(nameOf({ part: this.#source.part, path }));
    if (before?.bytes === bytes && before.changed === changed && (await this.#link(path))) {
      this.#files.set(path, { bytes, changed, hash: undefined, sha256: before.sha256 });
      return;
    }
    await this.#append(path, bytes, changed);
  }

  async #link(path: string): Promise<boolean> {
    const { folder } = this.#before as Before;
    try {
      await link(join(folder, this.#source.part, path), join(this.#to, path));
      return true;
    } catch {
      // Another file system, too many links, or gone: it is copied.
      return false;
    }
  }

  async #append(path: string, bytes: number, changed: string): Promise<void> {
    const target = join(this.#to, path);
    const known = this.#files.get(path);
    const source = await open(join(this.#source.folder, path), 'r');
    let copy: FileHandle | undefined;
    try {
      const hash = known?.hash ?? createHash('sha256');
      let at = known?.bytes ?? 0;
      if (known !== undefined && known.hash === undefined) {
        // The copy of before is not ours to write to.
        await rm(target);
        copy = await open(target, 'wx', PRIVATE);
        for await (const chunk of createReadStream(join((this.#before as Before).folder, this.#source.part, path)))
          await write(copy, hash, chunk as Buffer);
      } else copy = await open(target, known === undefined ? 'wx' : 'a', PRIVATE);
      const buffer = Buffer.allocUnsafe(CHUNK);
      while (at < bytes) {
        const { bytesRead } = await source.read(buffer, 0, Math.min(CHUNK, bytes - at), at);
        if (bytesRead === 0) break;
        await write(copy, hash, buffer.subarray(0, bytesRead));
        at += bytesRead;
        this.written += bytesRead;
      }
      await copy.datasync();
      this.#files.set(path, { bytes: at, changed, hash, sha256: '' });
    } finally {
      await copy?.close();
      await source.close();
    }
  }
}

async function write(file: FileHandle, hash: Hash, chunk: Buffer): Promise<void> {
  hash.update(chunk);
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}
