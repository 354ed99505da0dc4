import type { FileState } from '../file.ts';
import type { KeyBookState, KeyState } from '../key.ts';
import type { TombState } from '../tomb.ts';
import { orNull, packOrg, type Row, trim, unpackOrg } from './field.ts';

export const encodeKey = (state: KeyState): Row => [state.digest, state.folder];
export const decodeKey = (row: Row): KeyState => ({
  digest: row[0] as string,
  folder: row[1] as KeyState['folder'],
});

export const encodeKeyBook = (state: KeyBookState): Row => [state.armed];
export const decodeKeyBook = (row: Row): KeyBookState => ({ armed: row[0] as number });

export const encodeFile = (state: FileState): Row =>
  trim([packOrg(state.org), state.sha256, state.size, state.mimeType, state.blob, state.folder, state.claimed]);
export const decodeFile = (row: Row): FileState => ({
  org: unpackOrg(row[0]),
  sha256: row[1] as string,
  size: row[2] as number,
  mimeType: row[3] as string,
  blob: row[4] as string,
  folder: orNull(row[5]),
  claimed: orNull(row[6]),
});

export const encodeTomb = (_state: TombState): Row => [];
export const decodeTomb = (_row: Row): TombState => ({});
