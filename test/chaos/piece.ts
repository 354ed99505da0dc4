import { HEADER_BYTES } from '#api/blobs/pack.ts';

/** A file in a pack, found by the headers alone: what a run needs to know of the product's own form. */
export interface FoundPiece {
  /** where its header begins */
  from: number;
  /** id of what will name it */
  id: string;
}

const MAGIC = Buffer.from('RBL2');
const LENGTH_AT = 4;
const ID_AT = 8;
const ID_END = 24;

/** The piece that has this byte; undefined: it is in none, as where one was erased. */
export function pieceAt(pack: Buffer, at: number): FoundPiece | undefined {
  for (let from = pack.indexOf(MAGIC); from >= 0 && from <= at; ) {
    const end = from + HEADER_BYTES + pack.readUInt32LE(from + LENGTH_AT);
    if (at < end) return { from, id: pack.toString('base64url', from + ID_AT, from + ID_END) };
    from = pack.indexOf(MAGIC, end);
  }
  return undefined;
}

/** Whether that byte of a piece is read by whoever reads the file: seal and id are the sweep's. */
export const isServed = (into: number): boolean => into < ID_AT || into >= HEADER_BYTES;
