import { createHmac, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, makeFolder, syncFolder } from './sync.ts';

/**
 * The file that says whose blobs a folder holds: the hub's name for itself and, after a dot, the folder's own name,
 * random. Folders marked before folders had names bear the first part only: that is their name. A second file, in the
 * machine's own data folder, remembers that the first was seen: a share that is not mounted shows an empty folder,
 * which must not be taken for a new one.
 */
const MARKER = 'hub.id';
export const SEEN = 'blobs.seen';
const NAME_BYTES = 16;
const NAME = /^[\w-]{43}(?:\.[\w-]{22})?$/;

/** Which folder is the hub's, remembered with its records: a hub has one, and two processes may be given two. */
export interface FolderRegistry {
  /** name of the hub's folder; undefined: none was ever marked */
  known(): Promise<string | undefined>;
  /** Makes this folder the hub's unless it has one already. @returns the name of the one it has then */
  register(name: string): Promise<string>;
}

/** The hub's name for itself, the same in all its processes: they share the master key, and nothing tells it from this. */
const hubId = (masterKey: Buffer): string =>
  createHmac('sha256', masterKey).update('relais blob folder').digest('base64url');

/** A file's only line; undefined when it is not there, or not written to its end yet. */
async function read(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    return text.endsWith('\n') ? text.trim() : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A blob folder as one process sees it: whether it is its hub's. */
export class Marker {
  readonly #folder: string;
  readonly #hub: string;
  readonly #registry: FolderRegistry;
  /** name of the hub's folder, once known: it never changes */
  #name: string | undefined;

  constructor(folder: string, masterKey: Buffer, registry: FolderRegistry) {
    this.#folder = folder;
    this.#hub = hubId(masterKey);
    this.#registry = registry;
  }

  /** Marks the folder of a new hub; leaves one that holds anything, or was seen before, as it is. */
  async claim(data: string): Promise<void> {
    await makeFolder(this.#folder);
    const seen = (await read(join(data, SEEN))) === this.#folder;
    const marker = await read(join(this.#folder, MARKER));
    this.#name = await this.#registry.known();
    const fresh = marker === undefined && !seen && this.#name === undefined;
    if (fresh && (await readdir(this.#folder)).length === 0) await this.#mark();
    if (!seen && (await this.stranger()) === undefined) {
      await makeFolder(data);
      await writeFile(join(data, SEEN), `${this.#folder}\n`, { flush: true });
    }
  }

  async #mark(): Promise<void> {
    const name = `${this.#hub}.${randomBytes(NAME_BYTES).toString('base64url')}`;
    await writeFile(join(this.#folder, MARKER), `${name}\n`, { flag: 'wx', flush: true }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    await syncFolder(this.#folder);
  }

  /** Why the folder is not this hub's; undefined when it is. */
  async stranger(): Promise<string | undefined> {
    const marker = await read(join(this.#folder, MARKER));
    if (marker === undefined) {
      return this.#name === undefined
        ? `the blob folder bears no ${MARKER}: is it mounted?`
        : `the blob folder is not the one this hub keeps its files in, it bears no ${MARKER}: is it mounted, is HUB_BLOBS right?`;
    }
    if (!NAME.test(marker) || marker.split('.')[0] !== this.#hub) return 'the blob folder belongs to another hub';
    this.#name ??= await this.#registry.register(marker);
    return marker === this.#name
      ? undefined
      : 'the blob folder is not the one this hub keeps its files in: give every process the same HUB_BLOBS';
  }
}
