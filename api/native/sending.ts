import { isLate } from '#api/blobs/sweep.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request } from '#api/server/types.ts';
import { fromUuid, parts } from '#engine/domain/ids.ts';
import { fileId } from '#engine/domain/records/file.ts';

/** Bytes of one file: what HubEE promises, and what one request can carry in a reasonable time. */
export const FILE_BYTES = 1024 * 1024 * 1024;
const DEFAULT_TYPE = 'application/octet-stream';
const TYPE_LENGTH = 255;
/** The member of a Content-Digest (RFC 9530, a dictionary of RFC 8941) we can check. */
const SHA256 = /(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*(?:$|[,;])/;
const WANTED = { 'Want-Content-Digest': 'sha-256=10' } as const;
const LENGTH = /^\d{1,15}$/;

/** The SHA-256 announced; undefined when nothing was. @throws Problem */
function announced(header: string): string | undefined {
  if (header === '') return undefined;
  const digest = SHA256.exec(header)?.[1];
  if (digest === undefined)
    throw new Problem('form-invalid', 'Content-Digest : sha-256=:<base64>: est attendu (RFC 9530).', {
      headers: WANTED,
    });
  return digest;
}

/** PUT /relais/v1/files/{id}: the name is the sender's, within its organisation. */
export async function sendFile({ hub, intake, blobs, counts }: ApiDeps, request: Request): Promise<Reply> {
  const name = request.param('id').toLowerCase();
  if (fromUuid(name) === undefined) throw new Problem('form-invalid', 'L’identifiant d’un fichier est un UUID.');
  const digest = announced(request.header('content-digest'));
  const type = request.header('content-type') || DEFAULT_TYPE;
  if (type.length > TYPE_LENGTH) throw new Problem('form-invalid', `Content-Type : ${TYPE_LENGTH} caractères au plus.`);
  const only = request.header('if-none-match');
  if (only !== '' && only !== '*') throw new Problem('form-invalid', 'If-None-Match : seul * a un sens ici.');
  const length = request.header('content-length');
  if (LENGTH.test(length) && Number(length) > FILE_BYTES) throw tooLarge();

  const { org } = request.caller;
  const file = fileId(org, name);
  const expected = { id: file, mimeType: type, size: undefined, maxBytes: FILE_BYTES, digest };
  const { upload, bytes, sha256, at } = await intake.take(request.chunks(), expected);
  if (bytes > FILE_BYTES) throw tooLarge();
  if (upload.status === 'CORRUPTED') throw new Problem('file-unusable', 'Un virus a été trouvé dans le fichier.');
  if (upload.blob === null) {
    if (digest !== undefined && digest !== sha256) throw new Problem('digest-mismatch');
    throw new Problem('file-unusable', `Le contenu n’est pas du ${type}.`);
  }
  const sent = { org, sha256, size: bytes, mimeType: type, blob: upload.blob };
  if (isLate(at)) throw new Problem('busy');
  const answer = await hub.ask(parts(file).home, { kind: 'file.put', file, sent, fresh: only === '*' });
  if (answer.status >= 400) {
    if (answer.status < 500) await blobs.remove([upload.blob]);
    throw answer.status === 409 ? new Problem('file-exists') : refused(answer);
  }
  counts.native.files.inc();
  counts.native.fileBytes.inc(bytes);
  const json = { id: name, size: bytes, mimeType: type, digest: `sha-256=:${sha256}:` };
  return { status: answer.status, json };
}

const tooLarge = (): Problem => new Problem('too-large', `Un fichier a ${FILE_BYTES} octets au plus.`);
