import { statfs } from 'node:fs/promises';

/** What the disk of a folder has left, for this user. */
export interface Room {
  /** bytes */
  free: number;
  size: number;
  /** how many files it can still take, of how many; 0 of 0: its file system has no such bound */
  inodes: { free: number; all: number };
}

/**
 * The disk a folder lies on. How little is too little, and what a folder that is not there means, are the caller's to say.
 * @throws the system's error
 */
export async function roomOf(folder: string): Promise<Room> {
  const { bavail, blocks, bsize, ffree, files } = await statfs(folder);
  return { free: bavail * bsize, size: blocks * bsize, inodes: { free: ffree, all: files } };
}
