/** The portal's build: made again when one of its sources changed, some seconds. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { dirname, join, relative } from 'node:path';
import { hubFolder, projectFolder } from '#ops/place.ts';

const stamp = join(projectFolder, 'portal/build/.stamp');
const lockFolder = join(hubFolder, 'portal.lock');
/** A build that was killed leaves its lock. */
const LEFT_BEHIND_MS = 180_000;
const AGAIN_MS = 200;

/** Not built for want of something this machine has not. */
export class PortalNotBuilt extends Error {
  override name = 'PortalNotBuilt';
}

/** Digest of all the build is made of. */
export function sourcesDigest(): string {
  const files = ['portal/src/**/*', 'portal/static/**/*', 'portal/*.{ts,json}'].flatMap((pattern) =>
    globSync(pattern, { cwd: projectFolder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(projectFolder, join(entry.parentPath, entry.name))),
  );
  const hash = createHash('sha256');
  for (const file of [...files, 'package-lock.json'].sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(projectFolder, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether what is there was built from the sources as they are. */
export const isPortalBuilt = (): boolean => isBuilt(sourcesDigest());

/** Whether it had to be built. */
export function buildPortal(say: (line: string) => void): boolean {
  const digest = sourcesDigest();
  if (isBuilt(digest)) return false;
  const release = lock();
  try {
    if (isBuilt(digest)) return false;
    say('building the portal');
    build(digest);
    return true;
  } finally {
    release();
  }
}

const isBuilt = (digest: string): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;

/** Two starts at once must not build over each other. @returns what gives it back */
function lock(): () => void {
  mkdirSync(hubFolder, { recursive: true });
  for (;;) {
    try {
      mkdirSync(lockFolder);
      return () => rmdirSync(lockFolder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (Date.now() - (statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LEFT_BEHIND_MS)
        rmSync(lockFolder, { recursive: true, force: true });
      // Synchronous, as the build itself.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}

function build(digest: string): void {
  const bin = join(projectFolder, 'node_modules/.bin');
  const tools: [string, string[]][] = [
    [join(bin, 'svelte-kit'), ['sync', '--config', 'portal/vite.config.ts']],
    [join(bin, 'vite'), ['build', 'portal', '--logLevel', 'error']],
  ];
  for (const [command, args] of tools) {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: projectFolder, encoding: 'utf8' });
    if (status !== 0) throw new PortalNotBuilt(`the portal does not build:\n${stdout}${stderr}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** What answers requests; the environment must be set before. */
export async function portalHandler(): Promise<RequestListener> {
  const { handler } = await import(new URL('../../portal/build/handler.js', import.meta.url).href);
  return handler as RequestListener;
}
