import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The append-only file that Redis was writing: the newest increment. */
export function newest(redisDir: string): { path: string; size: number } {
  const number = (path: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(path)?.[1]);
  const files = globSync(join(redisDir, 'appendonlydir', '*.incr.aof')).sort((a, b) => number(a) - number(b));
  const path = files.at(-1);
  if (path === undefined) throw new Error(`no append-only file in ${redisDir}`);
  return { path, size: statSync(path).size };
}
