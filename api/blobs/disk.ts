import { hash } from 'node:crypto';
import { access, constants, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Budget } from '#api/server/budget.ts';
import { overloaded } from '#api/server/errors.ts';
import type { Chunks } from '#api/server/types.ts';
import type { Id } from '#engine/domain/ids.ts';
import { roomOf } from '#engine/telemetry/room.ts';
import { erase, type Gone } from './erase.ts';
import { headOf, readFile, writeFile } from './file.ts';
import { type FolderRegistry, Marker } from './marker.ts';
import { fileName, minuteOf, type Place, pathOf, placeOf } from './names.ts';
import { HEADER_BYTES, isHeader, PACK_MS, PackWriter } from './pack.ts';
import type { BlobStore, Range, Stored, Verdict } from './store.ts';
import { isFull, isMissing, openIfThere, syncFolder } from './sync.ts';

/** Larger blobs get a file of their own, written as they come; smaller ones wait in memory to share a pack. */
export const PACKED_BYTES = 256 * 1024;
/** After this no process can still append to a pack: its age limit, and a margin for a slow disk or clock, ms. */
const SEALED_MS = 10 * PACK_MS;
/** The folder is looked at again after this long: what is written to a wrong one would be lost to the others. ms */
const SURE_MS = 1_000;
/** Free bytes under which the store says it is full, before it is. */
const FREE_BYTES = 256 * 1024 * 1024;

const NO_PARTS: readonly Uint8Array[] = [];

export interface DiskOptions {
  folder: string;
  /** the machine's own data folder */
  data: string;
  masterKey: Buffer;
  registry: FolderRegistry;
  /** bytes of uploads in flight, shared with the server */
  budget: Budget;
  /** ms since 1970 */
  clock: () => number;
}

/** Blobs in a folder, shared by the processes and machines of one hub. */
export async function openDisk(options: DiskOptions): Promise<BlobStore> {
  const marker = new Marker(options.folder, options.masterKey, options.registry);
  await marker.claim(options.data);
  return new DiskStore(options, marker);
}

class DiskStore implements BlobStore {
  readonly #root: string;
  readonly #marker: Marker;
  readonly #budget: Budget;
  readonly #clock: () => number;
  readonly #packs: PackWriter;
  #sureUntil = 0;

  constructor({ folder, budget, clock }: DiskOptions, marker: Marker) {
    this.#root = folder;
    this.#marker = marker;
    this.#budget = budget;
    this.#clock = clock;
    this.#packs = new PackWriter(folder, clock);
  }

  async write(id: Id, source: Chunks, maxBytes: number, keep: Verdict): Promise<string | undefined> {
    if (this.#budget.full) throw overloaded('uploads');
    await this.#sure();
    const { whole } = source;
    if (whole !== undefined && whole.byteLength <= Math.min(PACKED_BYTES, maxBytes))
      return this.#writeWhole(id, whole, keep);
    const chunks = source[Symbol.asyncIterator]();
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      while (length <= Math.min(PACKED_BYTES, maxBytes)) {
        const { done, value } = await chunks.next();
        if (done) return await this.#pack(id, parts, length, keep);
        parts.push(source.kept === true ? value : value.slice());
        length += value.byteLength;
        this.#budget.take(value.byteLength);
      }
      if (length > maxBytes) return await this.#pack(id, parts, length, keep);
      const name = fileName(id, this.#clock());
      return (await writeFile(this.#path(placeOf(name) as Place), parts, { source, chunks }, maxBytes, keep))
        ? name
        : undefined;
    } catch (error) {
      // the sender repeats its upload; what is there is read all the while
      throw isFull(error) ? overloaded('no room for files') : error;
    } finally {
      this.#budget.give(length);
      await chunks.return?.();
    }
  }

  /** Bytes that are all here. */
  async #writeWhole(id: Id, whole: Uint8Array, keep: Verdict): Promise<string | undefined> {
    const { byteLength } = whole;
    this.#budget.take(byteLength);
    try {
      return await this.#pack(id, byteLength === 0 ? NO_PARTS : [whole], byteLength, keep);
    } catch (error) {
      throw isFull(error) ? overloaded('no room for files') : error;
    } finally {
      this.#budget.give(byteLength);
    }
  }

  async find(name: string): Promise<Stored | undefined> {
    const place = placeOf(name);
    if (place === undefined) return undefined;
    await this.#sure();
    const path = this.#path(place);
    if (place.kind === 'piece') return piece(path, place.offset, place.length);
    try {
      const { size } = await stat(path);
      return { size, read: (range = { from: 0, length: size }) => readFile(path, range) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    // Not as it was a moment ago: what is missing in another folder is not erased in the hub's.
    const stranger = await this.#marker.stranger();
    if (stranger !== undefined) throw new Error(stranger);
    const packs = new Map<string, { minute: number; pieces: Gone[] }>();
    const folders = new Set<string>();
    for (const name of names) {
      const place = placeOf(name);
      if (place === undefined) continue;
      const path = this.#path(place);
      if (place.kind === 'file') {
        await rm(path, { force: true });
        folders.add(dirname(path));
        continue;
      }
      const pack = packs.get(path) ?? { minute: place.minute, pieces: [] };
      pack.pieces.push({ offset: place.offset, length: place.length });
      packs.set(path, pack);
    }
    const sealed = minuteOf(this.#clock() - SEALED_MS);
    for (const [path, { minute, pieces }] of packs) await erase(path, pieces, minute < sealed);
    for (const folder of folders) await syncFolder(folder).catch(ignoreMissing);
  }

  async check(): Promise<string[]> {
    try {
      const stranger = await this.#marker.stranger();
      if (stranger !== undefined) return [stranger];
      await access(this.#root, constants.W_OK | constants.X_OK);
      const { free } = await roomOf(this.#root);
      return free < FREE_BYTES ? ['the disk of the blob folder is full'] : [];
    } catch (error) {
      return [`the blob folder cannot be used: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`];
    }
  }

  close(): Promise<void> {
    return this.#packs.close();
  }

  /** @throws HttpError 503 when the folder is not the hub's: neither its files nor their absence mean anything */
  async #sure(): Promise<void> {
    const now = performance.now();
    if (now < this.#sureUntil) return;
    if ((await this.#marker.stranger()) !== undefined) throw overloaded('blob folder');
    this.#sureUntil = now + SURE_MS;
  }

  #path(place: Place): string {
    return pathOf(this.#root, place.minute, place.kind === 'piece' ? place.pack : place.file);
  }

  /** A small blob is judged before a byte of it reaches the disk. */
  async #pack(id: Id, parts: readonly Uint8Array[], length: number, keep: Verdict): Promise<string | undefined> {
    const whole = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    const sha256 = hash('sha256', whole, 'base64');
    if (!(await keep({ bytes: length, sha256, head: headOf([whole]) }))) return undefined;
    return this.#packs.append({ id, parts: [whole], length, sha256: Buffer.from(sha256, 'base64') });
  }
}

async function piece(path: string, offset: number, length: number): Promise<Stored | undefined> {
  const handle = await openIfThere(path, 'r');
  if (handle === undefined) return undefined;
  try {
    const bytes = Buffer.allocUnsafe(HEADER_BYTES + length);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
    if (bytesRead !== bytes.length || !isHeader(bytes, length)) return undefined;
    const content = bytes.subarray(HEADER_BYTES);
    return {
      size: length,
      async *read({ from, length: wanted }: Range = { from: 0, length }) {
        yield content.subarray(from, from + wanted);
      },
    };
  } finally {
    await handle.close();
  }
}

const ignoreMissing = (error: unknown): void => {
  if (!isMissing(error)) throw error;
};
