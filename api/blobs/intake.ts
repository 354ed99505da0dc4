import { formError } from '#api/server/errors.ts';
import type { Chunks, Request } from '#api/server/types.ts';
import type { Upload } from '#engine/domain/commands/contents.ts';
import { ERRORS } from '#engine/domain/errors.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { Scan, Scanner } from './scanner.ts';
import { contradicts } from './signature.ts';
import type { BlobStore, Facts } from './store.ts';

/** What the attachment's description announces. */
export interface Announced {
  /** of the attachment of a folder, or of the case of an event: leads to the record that will name the blob */
  id: Id;
  /** bytes */
  size: number;
  mimeType: string;
}

/** The same, of bytes that come by themselves. */
export interface Expected extends Omit<Announced, 'size'> {
  /** bytes; undefined: not known before they came */
  size: number | undefined;
  /** bytes read at most */
  maxBytes: number;
  /** SHA-256 in base64; undefined: nothing was said */
  digest: string | undefined;
}

export interface Received {
  /** for the command `folder.upload` or `case.event.upload` */
  upload: Upload;
  /** sentence of the 400 to give once the command is committed; null: 204 */
  refusal: string | null;
  /** ms since 1970: when all bytes had come */
  at: number;
}

export interface Intake {
  /**
   * Takes the body of a `stream` route that declares the header `digest`; bytes that are kept are on disk, synced.
   * @throws HttpError 400 (digest malformed), 408, 503; ClientGone. None leaves bytes behind.
   */
  receive(request: Request, announced: Announced): Promise<Received>;
  /** The same of bytes wherever they come from, with what was found of them. */
  take(chunks: Chunks, expected: Expected): Promise<Taken>;
}

export interface Taken extends Received {
  /** bytes that came: all of them, unless they are more than `maxBytes` */
  bytes: number;
  /** SHA-256 of what came, base64 */
  sha256: string;
}

/** SHA-256 in base64, with or without the prefix some clients add (contract §2). */
const DIGEST = /^(?:sha-256=)?([A-Za-z0-9+/]{43}=)$/i;

type Judged = Omit<Received, 'at'>;

const rejected = (refusal: string): Judged => ({ upload: { status: 'REJECTED', sha256: null, blob: null }, refusal });

/** The digest announced. @throws HttpError 400 when it is none: a matter of form, so before existence (contract §1) */
export function digestOf(request: Request): string | undefined {
  const text = request.header('digest');
  if (text === '') return undefined;
  const digest = DIGEST.exec(text)?.[1];
  if (digest === undefined) throw formError(request, 'header.digest', 'not a SHA-256 in base64 of 44 characters');
  return digest;
}

/** Without overflow: a scan takes the time it takes. */
async function* scanned(chunks: Chunks, scan: Scan): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await scan.update(chunk);
    yield chunk;
  }
}

export class Uploads implements Intake {
  readonly #blobs: BlobStore;
  readonly #scanner: Scanner | undefined;
  readonly #onKept: ((bytes: number) => void) | undefined;

  /** Without a scanner nothing is scanned, and nothing claims it was. */
  constructor(blobs: BlobStore, scanner?: Scanner, onKept?: (bytes: number) => void) {
    this.#onKept = onKept;
    this.#blobs = blobs;
    this.#scanner = scanner;
  }

  async receive(request: Request, announced: Announced): Promise<Received> {
    const expected = { ...announced, maxBytes: announced.size, digest: digestOf(request) };
    const { upload, refusal, at } = await this.take(request.chunks(), expected);
    return { upload, refusal, at };
  }

  async take(source: Chunks, expected: Expected): Promise<Taken> {
    const scan = this.#scanner?.begin();
    const chunks = scan ? scanned(source, scan) : source;
    let received: Judged | undefined;
    let [sha256, bytes, at] = ['', 0, 0];
    const blob = await this.#blobs.write(expected.id, chunks, expected.maxBytes, async (facts) => {
      ({ sha256, bytes } = facts);
      at = Date.now();
      received = refused(facts, expected);
      if (!received && (await scan?.finding()) === 'infected') {
        received = { upload: { status: 'CORRUPTED', sha256: null, blob: null }, refusal: null };
      }
      return received === undefined;
    });
    if (received) return { ...received, at, bytes, sha256 };
    if (blob === undefined) throw new Error('bytes neither refused nor kept');
    this.#onKept?.(bytes);
    return { upload: { status: 'RECEIVED', sha256, blob }, refusal: null, at, bytes, sha256 };
  }
}

/** The findings of contract §6, in its order. */
function refused(facts: Facts, { size, maxBytes, mimeType, digest }: Expected): Judged | undefined {
  if (facts.bytes !== (size ?? Math.min(facts.bytes, maxBytes))) return rejected(ERRORS.sizeMismatch[1]);
  if (contradicts(mimeType, facts.head)) {
    return rejected(`Content does not match with mimeType ${mimeType} of attachment meta-data`);
  }
  if (digest !== undefined && digest !== facts.sha256) return rejected('Digest does not match with attachment content');
  return undefined;
}
