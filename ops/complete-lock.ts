/**
 * Adds to package-lock.json the optional packages of other platforms that the registry in use did not serve.
 *
 * npm leaves them out of the lock it writes, and `npm ci` then refuses that lock (« Missing: x from lock file »), on this
 * platform and on theirs. The version is the exact one the parent pins; os, cpu and libc come from the name. They carry no
 * integrity, having never been seen: npm fills nothing in and checks nothing, so each is listed by name when it is added.
 *
 * Run after each change of dependencies: `./hub exec node ops/complete-lock.ts`. Idempotent.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Entry = {
  version?: string;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
};
export type Lock = { packages: Record<string, Entry> };

const systems = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const processors = new Set(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']);
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** The names of the packages that `lock` misses and that were added to it, in the order of the lock. */
export function complete(lock: Lock): string[] {
  const added: string[] = [];
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (lock.packages[`${parent}/node_modules/${name}`] || lock.packages[`node_modules/${name}`]) continue;
      const os = words(name).filter((word) => systems.has(word));
      const cpu = words(name).filter((word) => processors.has(word));
      if (os.length === 0 || !exact.test(version)) {
        throw new Error(`${parent} wants ${name}@${version}: neither in the lock nor an exact build for one platform`);
      }
      const libc = os.includes('linux') ? (words(name).includes('musl') ? ['musl'] : ['glibc']) : undefined;
      lock.packages[`node_modules/${name}`] = { version, optional: true, os, cpu, ...(libc && { libc }) };
      added.push(`${name}@${version}`);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return added;
}

function words(name: string): string[] {
  return name.split(/[/-]/);
}

if (import.meta.main) {
  for (const file of ['package-lock.json']) {
    const lock: Lock = JSON.parse(readFileSync(file, 'utf8'));
    const added = complete(lock);
    if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    for (const name of added) console.log(`${file}: added ${name}`);
    if (added.length === 0) console.log(`${file}: complete`);
  }
}
