import { folderAttachmentId } from '#api/answers/attachment.ts';
import type { Intake } from '#api/blobs/intake.ts';
import type { BlobStore } from '#api/blobs/store.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Chunks } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Upload } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { FileState } from '#engine/domain/records/file.ts';
import type { Plan, Planned } from './plan.ts';

type Attachment = CommandOf<'folder.deposit'>['attachments'][0];

/** Bytes at hand, as an upload. */
class Whole implements Chunks, AsyncIterator<Uint8Array, undefined> {
  readonly kept = true;
  readonly whole: Uint8Array;
  #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.whole = bytes;
    this.#bytes = bytes.byteLength > 0 ? bytes : undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = this.#bytes;
    this.#bytes = undefined;
    return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value });
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#bytes = undefined;
    return Promise.resolve({ done: true, value: undefined });
  }
}

const attachmentOf = ({ described, mimeType, size }: Planned, upload: Upload): Attachment => ({
  ...described,
  size,
  mimeType,
  ...upload,
});

/** Places of a deposit's files in the store. */
export class Files {
  readonly #hub: Hub;
  readonly #intake: Intake;
  readonly #blobs: BlobStore;

  constructor(hub: Hub, intake: Intake, blobs: BlobStore) {
    this.#hub = hub;
    this.#intake = intake;
    this.#blobs = blobs;
  }

  /** Puts the bytes of a request on disk, synced, under ids of the folder they are for. Throws: none of them stays. */
  async store({ files }: Plan, folder: Id): Promise<(Upload | null)[]> {
    const [first] = files;
    if (first !== undefined && files.length === 1) return [await this.#storeOne(first, folder, 0)];
    const settled = await Promise.allSettled(files.map((file, index) => this.#storeOne(file, folder, index)));
    const uploads = settled.map((one) => (one.status === 'fulfilled' ? one.value : null));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed === undefined) return uploads;
    await this.discard(uploads);
    throw failed.reason;
  }

  async #storeOne({ source, mimeType, size }: Planned, folder: Id, index: number): Promise<Upload | null> {
    if ('file' in source) return null;
    const expected = { id: folderAttachmentId(folder, index), mimeType, size, maxBytes: size, digest: undefined };
    return (await this.#intake.take(new Whole(source.bytes), expected)).upload;
  }

  /** Bytes that no command was sent for, or whose command was refused. */
  async discard(uploads: readonly (Upload | null)[]): Promise<void> {
    const names = uploads.flatMap((upload) => upload?.blob ?? []);
    if (names.length > 0) await this.#blobs.remove(names);
  }

  /** The attachments as they are deposited: what was sent before is taken over by the folder. @throws Problem */
  attachments(plan: Plan, folder: Id, uploads: readonly (Upload | null)[]): Attachment[] | Promise<Attachment[]> {
    const placed: Attachment[] = [];
    for (const [index, file] of plan.files.entries()) {
      if ('file' in file.source) return this.#claimed(plan, folder, uploads);
      placed.push(attachmentOf(file, uploads[index] as Upload));
    }
    return placed;
  }

  async #claimed({ files, org }: Plan, folder: Id, uploads: readonly (Upload | null)[]): Promise<Attachment[]> {
    const attachments: Attachment[] = [];
    for (const [index, file] of files.entries()) {
      const { source } = file;
      let upload = uploads[index];
      if ('file' in source) {
        const { sha256, blob } = await this.#claim(source.file, org, folder, index);
        upload = { status: 'RECEIVED', sha256, blob };
      }
      attachments.push(attachmentOf(file, upload as Upload));
    }
    return attachments;
  }

  /** The same of a folder that has its files already. */
  held({ files }: Plan): Attachment[] {
    return files.map((file) => attachmentOf(file, { status: 'RECEIVED', sha256: null, blob: null }));
  }

  async #claim(file: Id, org: string, folder: Id, index: number): Promise<FileState> {
    const answer = await this.#hub.ask(parts(file).home, { kind: 'file.claim', file, org, folder });
    const pointer = `/attachments/${index}/file`;
    if (answer.status === 404)
      throw new Problem('file-unusable', undefined, { errors: [{ pointer, detail: 'n’est plus gardé' }] });
    if (answer.status === 409)
      throw new Problem('file-unusable', undefined, { errors: [{ pointer, detail: 'sert à un autre télédossier' }] });
    if (answer.status >= 400) throw refused(answer);
    return answer.body as FileState;
  }
}
