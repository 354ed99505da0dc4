/** Files of a case or of one of its events, as streams. */
import { call, open, start } from './call.ts';

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

function pathOf({ caseId, attachmentId, eventId }: FileOf): string {
  const event = eventId ? `/events/${encodeURIComponent(eventId)}` : '';
  return `/teledossiers/v1/cases/${encodeURIComponent(caseId)}${event}/attachments/${encodeURIComponent(attachmentId)}`;
}

export async function openFile(token: string, file: FileOf): Promise<OpenFile> {
  const answer = await open(pathOf(file), { token, signal: AbortSignal.timeout(FILE_MS) });
  const length = answer.headers.get('content-length');
  return {
    stream: answer.body ?? new Blob([]).stream(),
    digest: answer.headers.get('digest'),
    length: length === null ? null : Number(length),
  };
}

/** The first bytes of a file, and whether there are more. */
export const readStart = (token: string, file: FileOf, most: number): Promise<{ bytes: Buffer; more: boolean }> =>
  start(pathOf(file), { token, signal: AbortSignal.timeout(FILE_MS) }, most);

export interface Digest {
  attachmentId: string;
  /** null: of the deposit */
  eventId: string | null;
  /** hexadecimal */
  sha256: string;
}

/** Digests of all files of a case that are there, without the files. */
export const digestsOf = async (token: string, caseId: string): Promise<Digest[]> =>
  (await call<{ items: Digest[] }>(`/relais/v1/cases/${encodeURIComponent(caseId)}/digests`, { token })).items;
