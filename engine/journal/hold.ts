import { Database, isBusy } from '../sqlite.ts';

/** Something held until it is let go, or its process is gone. */
export interface Held {
  release(): void;
}

/**
 * Holds a file against every process that sees it, those of other containers and of other namespaces too: a lock of the
 * kernel's (fcntl, which Node does not offer and SQLite takes), so that it ends with its process, however that ends.
 * On a file system that keeps no locks it holds nothing.
 * @returns undefined: somebody holds it
 */
export function hold(path: string): Held | undefined {
  const file = new Database(path, { busyMs: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    return { release: () => file.close() };
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}
