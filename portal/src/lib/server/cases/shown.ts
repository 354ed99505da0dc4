import type { FileOf } from '#lib/server/hub/files.ts';

/** What the address of a shown file seals: on that host there is no cookie. */
export interface Shown {
  secret: string;
  organisation: string;
  file: FileOf;
  type: string;
}
