import type { Demarche } from '../france/demarche.ts';
import type { Recipient } from '../france/recipients.ts';
import type { Random } from '../random.ts';
import type { Applicant } from '../wire.ts';

/** One file of a folder. */
export interface Piece {
  type: string;
  fileName: string;
  mimeType: string;
  bytes: Buffer;
  /** Indexes of the cases that receive it; absent: all of them. */
  cases?: readonly number[];
}

export interface Payload {
  applicant: Applicant;
  pieces: Piece[];
}

/** What a generator knows: everything it writes follows from it. */
export interface Occasion {
  random: Random;
  /** Date of the deposit. */
  on: Date;
  demarche: Demarche;
  /** One per case, in the order of the cases. */
  recipients: readonly Recipient[];
  externalId: string;
}

export type Generator = (occasion: Occasion) => Payload;

export function xmlPiece(type: string, fileName: string, text: string): Piece {
  return { type, fileName, mimeType: 'application/xml', bytes: Buffer.from(text, 'utf8') };
}

export function pdfPiece(type: string, fileName: string, bytes: Buffer): Piece {
  return { type, fileName, mimeType: 'application/pdf', bytes };
}
