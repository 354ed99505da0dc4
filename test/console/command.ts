import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

export interface Ended {
  status: number | null;
  out: string;
  said: string;
}

/** What a login shell gives, and nothing of this test's own environment. */
const BARE = { HOME: process.env['HOME'] ?? '/', PATH: '/usr/local/bin:/usr/bin:/bin' };

/** `./hub NAME WORDS…` without what `./hub` fetches first. */
export async function command(name: string, words: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(projectFolder, 'ops/commands', `${name}.ts`), ...words], {
    env: { ...BARE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, out, said };
}
