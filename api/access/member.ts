import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hold } from '#engine/sqlite.ts';

/** API processes that share a data folder, at most. */
const MEMBERS = 64;
const PRIVATE_FOLDER = 0o700;

export interface Member {
  name: string;
  release(): void;
}

/** The first number nobody has: a lock of the operating system, which ends with its process; the next one goes on with its files. */
export function claimMember(folder: string): Member {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  for (let number = 1; number <= MEMBERS; number += 1) {
    const path = join(folder, `${number}.lock`);
    const held = hold(path);
    if (held !== undefined) return { name: String(number), release: () => held.close() };
  }
  throw new Error(`${MEMBERS} processes write ${folder} already`);
}
