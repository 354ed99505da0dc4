import type { FolderCase } from './folder.ts';

/** Cases number CASES_INLINE + n·CASES_PER_CHUNK and following of a folder; never changed after its creation. */
export interface CaseChunkState {
  cases: FolderCase[];
}
