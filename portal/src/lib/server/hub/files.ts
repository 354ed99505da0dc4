/** Files of a case or of one of its events, as streams. */
import { open } from './call.ts';

export interface FileOf {
  caseId: string;
  attachmentId: string;
  eventId?: string | undefined;
}

const FILE_MS = 300_000;

export interface OpenFile {
  stream: ReadableStream<Uint8Array>;
  /** base64 of the SHA-256 the hub has of it */
  digest: string | null;
  length: number | null;
}

export async function openFile(token: string, { caseId, attachmentId, eventId }: FileOf): Promise<OpenFile> {
  const event = eventId ? `/events/${encodeURIComponent(eventId)}` : '';
  const path = `/teledossiers/v1/cases/${encodeURIComponent(caseId)}${event}/attachments/${encodeURIComponent(attachmentId)}`;
  const answer = await open(path, { token, signal: AbortSignal.timeout(FILE_MS) });
  const length = answer.headers.get('content-length');
  return {
    stream: answer.body ?? new Blob([]).stream(),
    digest: answer.headers.get('digest'),
    length: length === null ? null : Number(length),
  };
}

/** The first bytes of a file, and whether there are more. */
export async function readStart(token: string, file: FileOf, most: number): Promise<{ bytes: Buffer; more: boolean }> {
  const { stream } = await openFile(token, file);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Uint8Array>) {
    parts.push(part);
    size += part.byteLength;
    if (size > most) break;
  }
  return { bytes: Buffer.concat(parts).subarray(0, most), more: size > most };
}
