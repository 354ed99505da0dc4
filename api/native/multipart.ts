import { isUtf8 } from 'node:buffer';
import { Problem } from '#api/server/problems.ts';

/** One part of a `multipart/form-data` body (RFC 7578); `bytes` is a view of the body. */
export interface Part {
  name: string;
  /** '' when the part says none */
  contentType: string;
  bytes: Buffer;
}

/** Parts of one body: a folder's attachments and their description. */
const MAX_PARTS = 1001;
/** Bytes of a part's headers. */
const HEAD_BYTES = 4096;
/** RFC 2046 §5.1.1: 1 to 70 characters. */
const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i;
const NAME = /;\s*name="([^"\r\n]{1,255})"/i;
const TYPE = 'content-type:';
const DISPOSITION = 'content-disposition:';
const FORM_DATA = /^form-data\s*;/i;
const TYPE_LENGTH = 255;
const HEAD_END = Buffer.from('\r\n\r\n');
const DASHES = '--';

const wrong = (detail: string): Problem => new Problem('form-invalid', `Corps multipart/form-data : ${detail}.`);

/** @throws Problem form-invalid */
export function partsOf(contentType: string, body: Buffer): Part[] {
  const found = BOUNDARY.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw wrong('aucune limite (boundary) dans Content-Type');
  const first = Buffer.from(`${DASHES}${boundary}`);
  const between = Buffer.from(`\r\n${DASHES}${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(first);
  if (at !== 0 && (at < 0 || body.toString('latin1', at - 2, at) !== '\r\n')) throw wrong('aucune partie');
  at += first.length;
  for (;;) {
    const after = body.toString('latin1', at, at + 2);
    if (after === DASHES) return parts;
    if (after !== '\r\n') throw wrong('une limite est suivie d’autre chose que d’une partie');
    if (parts.length >= MAX_PARTS) throw new Problem('too-large', `Un dépôt a ${MAX_PARTS} parties au plus.`);
    const headEnd = body.indexOf(HEAD_END, at);
    const end = headEnd < 0 ? -1 : body.indexOf(between, headEnd + 2);
    if (end < 0 || headEnd - at > HEAD_BYTES) throw wrong('une partie n’est pas entière');
    parts.push(partOf(body.subarray(at + 2, headEnd), body.subarray(Math.min(headEnd + HEAD_END.length, end), end)));
    at = end + between.length;
  }
}

function partOf(head: Buffer, bytes: Buffer): Part {
  const lines = head.toString(isUtf8(head) ? 'utf8' : 'latin1').split('\r\n');
  const header = (name: string): string =>
    lines
      .find((line) => line.toLowerCase().startsWith(name))
      ?.slice(name.length)
      .trim() ?? '';
  const disposition = header(DISPOSITION);
  const name = FORM_DATA.test(disposition) ? NAME.exec(disposition)?.[1] : undefined;
  if (name === undefined) throw wrong('une partie n’a pas de nom');
  return { name, contentType: header(TYPE).slice(0, TYPE_LENGTH), bytes };
}
