import { contradicts } from '#api/blobs/signature.ts';
import { HEAD_BYTES } from '#api/blobs/store.ts';
import type { FaultAt } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { type FileState, fileId } from '#engine/domain/records/file.ts';
import { fileName } from '#engine/domain/records/names.ts';
import type { Part } from './multipart.ts';
import type { NewDepositAttachment } from './schema.ts';

/** Where an attachment's bytes are: in the request, or in the store already. */
export type Source = { bytes: Buffer } | { file: Id };

export interface Sourced {
  source: Source;
  mimeType: string;
  /** bytes */
  size: number;
}

type Found = Sourced | FaultAt;
export const isFault = (found: Found): found is FaultAt => 'pointer' in found;

/** Bytes of a base64 text, padded or not; undefined when it is none. */
function decoded(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = Buffer.from(text, 'base64');
  // what is no digit is passed over: then there are fewer bytes than the length says
  return digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}

/** Files a deposit names, by the names its sender gave them; read only when there are any. */
export async function filesOf(
  hub: Hub,
  org: OrgKey,
  attachments: readonly NewDepositAttachment[],
): Promise<ReadonlyMap<string, FileState>> {
  const found = new Map<string, FileState>();
  await Promise.all(
    attachments.map(async ({ file }) => {
      if (file === undefined) return;
      const id = fileId(org, file.toLowerCase());
      const [state] = await hub.read(parts(id).home, [fileName(id)]);
      if (state !== undefined) found.set(file, state);
    }),
  );
  return found;
}

/** The one source of an attachment, and what it turns out to be. */
export function sourceOf(
  attachment: NewDepositAttachment,
  at: number,
  org: OrgKey,
  given: ReadonlyMap<string, Part>,
  files: ReadonlyMap<string, FileState>,
): Found {
  const { content, part, file } = attachment;
  const pointer = `/attachments/${at}`;
  if (Number(content !== undefined) + Number(part !== undefined) + Number(file !== undefined) !== 1) {
    return { pointer, detail: 'un seul de content, part et file' };
  }
  if (file !== undefined) {
    const state = files.get(file);
    if (state === undefined)
      return { pointer: `${pointer}/file`, detail: 'aucun fichier envoyé ne porte cet identifiant' };
    const { mimeType, size } = state;
    return agreed(attachment, pointer, { source: { file: fileId(org, file.toLowerCase()) }, mimeType, size });
  }
  const found = part === undefined ? undefined : given.get(part);
  if (part !== undefined && found === undefined)
    return { pointer: `${pointer}/part`, detail: 'aucune partie de ce nom' };
  const bytes = found?.bytes ?? decoded(content as string);
  if (bytes === undefined) return { pointer: `${pointer}/content`, detail: 'n’est pas du base64' };
  const mimeType = attachment.mimeType ?? found?.contentType ?? '';
  if (mimeType === '') return { pointer: `${pointer}/mimeType`, detail: 'manque' };
  if (contradicts(mimeType, bytes.subarray(0, HEAD_BYTES)))
    return { pointer: `${pointer}/mimeType`, detail: `le contenu n’est pas du ${mimeType}` };
  return agreed(attachment, pointer, { source: { bytes }, mimeType, size: bytes.length });
}

/** What the description says of the file must be so. */
function agreed({ mimeType, size }: NewDepositAttachment, pointer: string, found: Sourced): Found {
  if (size !== undefined && size !== found.size)
    return { pointer: `${pointer}/size`, detail: `${found.size} octets reçus` };
  if (mimeType !== undefined && mimeType !== found.mimeType)
    return { pointer: `${pointer}/mimeType`, detail: `le fichier a été envoyé comme ${found.mimeType}` };
  return found;
}
