import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { executable } from '#ops/debian.ts';

/** A small disk of a run's own, mounted on a folder of the product: it can be filled to its last byte, and emptied. */
const SIZE = '160m';
const BALLAST = 'ballast';
const CHUNK_BYTES = 1024 * 1024;
/** The least that a disk gives. Bytes. */
const BLOCK_BYTES = 4096;

/** Why no small disk can be mounted here; undefined when it can. */
export const diskMissing = (): string | undefined =>
  process.getuid?.() === 0 && executable('mount') !== undefined
    ? undefined
    : 'a full disk is played on a small file system, which only root may mount';

export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static mount(folder: string): SmallDisk {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'relais-chaos', folder]);
    return new SmallDisk(folder);
  }

  /** Nothing more can be written; the next writes are cut where the disk ends. */
  fill(): void {
    const file = openSync(join(this.#folder, BALLAST), 'w');
    try {
      for (let bytes = CHUNK_BYTES; bytes >= BLOCK_BYTES; ) {
        try {
          writeSync(file, Buffer.alloc(bytes));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          bytes /= 2;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.#folder, BALLAST), { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.#folder]);
  }
}
