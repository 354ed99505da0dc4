import { Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import { digestOf } from '#engine/domain/records/key.ts';
import { formed, readJson } from './form.ts';
import { type Part, partsOf } from './multipart.ts';
import { NewDeposit } from './schema.ts';

/** A deposit as it was asked for. */
export interface Asked {
  deposit: NewDeposit;
  /** files of a multipart body, by their names */
  parts: ReadonlyMap<string, Part>;
  /** tells it from any other asked under the same key */
  digest: string;
}

export const NO_PARTS: ReadonlyMap<string, Part> = new Map();
/** The part of a multipart body that describes the folder. */
const FOLDER_PART = 'folder';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
const MULTIPART_TYPE = /^multipart\/form-data\b/i;

/** @throws Problem, or what reading a body throws */
export async function readDeposit(request: Request): Promise<Asked> {
  const type = request.header('content-type');
  const body = await request.whole();
  if (typeof body === 'string') {
    if (type !== '' && !JSON_TYPE.test(type)) throw new Problem('media-type-unsupported');
    return {
      deposit: formed(NewDeposit, readJson(request, body), body.length),
      parts: NO_PARTS,
      digest: digestOf(body),
    };
  }
  if (!MULTIPART_TYPE.test(type)) throw new Problem('media-type-unsupported');
  const parts = new Map<string, Part>();
  for (const part of partsOf(type, body)) {
    if (parts.has(part.name)) throw new Problem('form-invalid', `Deux parties portent le nom ${part.name}.`);
    parts.set(part.name, part);
  }
  const folder = parts.get(FOLDER_PART);
  if (folder === undefined) throw new Problem('form-invalid', `La partie « ${FOLDER_PART} », en JSON, manque.`);
  parts.delete(FOLDER_PART);
  const deposit = formed(NewDeposit, readJson(request, folder.bytes.toString('utf8')), folder.bytes.length);
  return { deposit, parts, digest: digestOfParts(folder, parts) };
}

/** The boundary is the client's whim: it is another one each time the same is sent. */
function digestOfParts(folder: Part, parts: ReadonlyMap<string, Part>): string {
  const digests = [...parts.values()].map(({ name, contentType, bytes }) => [name, contentType, digestOf(bytes)]);
  return digestOf(JSON.stringify([digestOf(folder.bytes), ...digests.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))]));
}
