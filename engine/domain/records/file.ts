import { hash } from 'node:crypto';
import { type Id, idOfHash, KIND } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import { partitionOf } from '../placement.ts';

/**
 * A file sent before the folder it is for. It never changes, and serves one folder only: that one then owns the bytes.
 * The record stays as long as the bytes do, because their place in the blob store names it and nothing else.
 */
export interface FileState {
  org: OrgKey;
  /** SHA-256, base64, 44 characters */
  sha256: string;
  /** bytes */
  size: number;
  mimeType: string;
  /** name of the bytes in the blob store */
  blob: string;
  /** the folder that took it; null: none yet */
  folder: Id | null;
  /** when that folder's deposit asked for it last, ms; null: never, or before this was noted */
  claimed: number | null;
}

const DAY_MS = 24 * 3_600_000;
/** A file that no folder takes, or that was taken for a deposit that never came, is deleted after this time, ms. */
export const FILE_LIFE_MS = DAY_MS;
/** How often a file that was taken is asked after, so that its record goes when its bytes have gone, ms. */
export const FILE_CHECK_MS = 30 * DAY_MS;

/**
 * Id of a file inside the hub, and of its bytes in the blob store: of the organisation and the name it gave the file.
 * @param name as the organisation knows it
 */
export function fileId(org: OrgKey, name: string): Id {
  const digest = hash('sha256', `${org}\0${name}`, 'buffer');
  return idOfHash(KIND.file, partitionOf(digest.toString('base64url')), digest);
}
