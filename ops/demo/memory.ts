import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Treatment } from './traffic/desk.ts';

/** What the simulated actors remember from one run to the next; a crash loses at most the last minute of it. */
export interface Memory {
  /** Number of the next deposit. */
  serial: number;
  treatments: Treatment[];
  /** Open cases of the senders and the folder of each. */
  filing: [caseId: string, folderId: string][];
}

export const noMemory: Memory = { serial: 0, treatments: [], filing: [] };

export function readMemory(path: string): Memory {
  if (!existsSync(path)) return noMemory;
  return JSON.parse(readFileSync(path, 'utf8')) as Memory;
}

/** Written whole, then renamed: a crash leaves the old one or the new one. */
export function writeMemory(path: string, memory: Memory): void {
  writeFileSync(`${path}.new`, JSON.stringify(memory), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
