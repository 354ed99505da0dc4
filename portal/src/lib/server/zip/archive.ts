/** Everything of a case in one file: its pieces, those of its events, a slip and a manifest with their SHA-256. */
import { createHash } from 'node:crypto';
import { piecesOf, slipOf } from '#lib/server/bordereau/content.ts';
import { pressed } from '#lib/server/bordereau/press.ts';
import { openFile } from '#lib/server/hub/files.ts';
import type { Attachment, Case } from '#lib/server/hub/types.ts';
import { archiveText } from '#lib/text/case.ts';
import { archiveName, plain } from './names.ts';
import { type Entry, zip } from './zip.ts';

export interface Maker {
  token: string;
  one: Case;
  /** name of the démarche */
  process: string;
  /** who asks for it */
  by: string;
  organisation: string;
  /** of the case in the portal */
  address: string;
}

interface Line {
  name: string;
  origin: string;
  attachment: Attachment;
  sha256: string;
  there: boolean;
}

const applicantOf = ({ applicant }: Case): string => `${applicant.lastName} ${applicant.firstName}`;
export const archiveFileName = (one: Case): string => `${plain(one.externalId).slice(0, 80) || one.id}.zip`;

export const archive = (maker: Maker): AsyncGenerator<Uint8Array> => zip(entries(maker));

async function* entries(maker: Maker): AsyncGenerator<Entry> {
  const { one } = maker;
  const lines: Line[] = [];
  const date = new Date();
  for (const { attachment, origin, eventId } of piecesOf(one)) {
    const line: Line = {
      name: nameOf(one, attachment, lines.length + 1),
      origin,
      attachment,
      sha256: '',
      there: false,
    };
    lines.push(line);
    if (attachment.status !== 'RECEIVED') continue;
    const file = { caseId: one.id, attachmentId: attachment.id, eventId };
    const opened = await openFile(maker.token, file).catch(() => undefined);
    if (opened) yield { name: line.name, date, content: hashed(opened.stream as AsyncIterable<Uint8Array>, line) };
  }
  yield { name: 'manifeste.csv', date, content: [Buffer.from(manifest(lines))] };
  yield { name: 'bordereau.pdf', date, content: [await slip(maker, lines, date)] };
}

const nameOf = (one: Case, { type, fileName, mimeType }: Attachment, place: number): string =>
  archiveName({ number: one.externalId, applicant: applicantOf(one), type, fileName, mimeType, place });

async function* hashed(stream: AsyncIterable<Uint8Array>, line: Line): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of stream) {
    hash.update(piece);
    yield piece;
  }
  line.sha256 = hash.digest('hex');
  line.there = true;
}

/** A text of others must not become a formula in a spreadsheet. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[;"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function manifest(lines: Line[]): string {
  const rows = lines.map(({ name, origin, attachment, sha256, there }) =>
    [
      name,
      origin,
      attachment.type,
      attachment.mimeType,
      String(attachment.size),
      sha256,
      there ? archiveText.fine : archiveText.absent,
    ]
      .map(cell)
      .join(';'),
  );
  return `\ufeff${[archiveText.columns, ...rows].join('\r\n')}\r\n`;
}

/** With the digests of what is in the archive: computed here, from the bytes that went into it. */
function slip({ by, ...of }: Maker, lines: Line[], at: Date): Promise<Uint8Array> {
  const pieces = lines.map(({ attachment, origin, sha256, there, name }) => ({
    attachment,
    origin,
    sha256: there ? sha256 : undefined,
    ...(there && { archived: name }),
  }));
  return pressed({ slips: [slipOf({ ...of, pieces })], by, at });
}
