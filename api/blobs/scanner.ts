/** What a scan says of a file; `unscanned`: nobody looked. */
export type Finding = 'clean' | 'infected' | 'unscanned';

/** One file being scanned as it comes. */
export interface Scan {
  update(chunk: Uint8Array): void | Promise<void>;
  finding(): Promise<Finding>;
}

/** Looks for viruses before an upload is answered (contract §6). */
export interface Scanner {
  begin(): Scan;
}
