import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDisk } from '#api/blobs/disk.ts';
import type { BlobStore, Verdict } from '#api/blobs/store.ts';
import { Budget } from '#api/server/budget.ts';
import { type Id, KIND, newId } from '#engine/domain/ids.ts';
import { chunksOf } from '../transport/request.ts';

const MB = 1024 * 1024;
export const KEY = Buffer.alloc(32, 7);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
export const yes: Verdict = () => true;
export const attachment = (ms: number): Id => newId(KIND.attachment, 3, ms);

/** What a hub remembers of its folder. */
export class MemoryRegistry {
  name: string | undefined;
  known = async (): Promise<string | undefined> => this.name;
  register = async (name: string): Promise<string> => {
    this.name ??= name;
    return this.name;
  };
}

/** A blob folder of its own, with a clock that a test moves. */
export class Folder {
  readonly root: string;
  readonly budget = new Budget(256 * MB);
  now = Date.UTC(2026, 10, 23, 18, 30);
  readonly registry: MemoryRegistry;
  #store: BlobStore | undefined;

  private constructor(root: string, registry: MemoryRegistry) {
    this.root = root;
    this.registry = registry;
  }

  /** @param registry of a hub that has a folder already */
  static async make(registry = new MemoryRegistry()): Promise<Folder> {
    const folder = new Folder(await mkdtemp(join(tmpdir(), 'relais-blobs-')), registry);
    await folder.reopen();
    return folder;
  }

  get store(): BlobStore {
    if (this.#store === undefined) throw new Error('the folder is not open');
    return this.#store;
  }

  get blobs(): string {
    return join(this.root, 'blobs');
  }

  async reopen(masterKey = KEY): Promise<void> {
    await this.#store?.close();
    const { blobs: folder, root: data, budget, registry } = this;
    this.#store = await openDisk({ folder, data, masterKey, registry, budget, clock: () => this.now });
  }

  /** Name of a blob just written. */
  async put(...chunks: Uint8Array[]): Promise<string> {
    const name = await this.store.write(attachment(this.now), chunksOf(chunks), Number.MAX_SAFE_INTEGER, yes);
    if (name === undefined) throw new Error('not kept');
    return name;
  }

  /** Bytes of a blob, undefined when there is none. */
  async get(name: string): Promise<Buffer | undefined> {
    const stored = await this.store.find(name);
    if (stored === undefined) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of stored.read()) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }

  /** Files but the marker, by path inside the folder. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.blobs, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name !== 'hub.id');
    return files.map(({ parentPath, name }) => join(parentPath, name).slice(this.blobs.length + 1)).sort();
  }

  async drop(): Promise<void> {
    await this.#store?.close();
    await rm(this.root, { recursive: true, force: true });
  }
}
