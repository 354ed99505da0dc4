import { deepEqual, ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { complete, type Lock } from '#ops/complete-lock.ts';
import { projectFolder } from '#ops/place.ts';

const read = (path: string) => JSON.parse(readFileSync(join(projectFolder, path), 'utf8'));

for (const file of ['package-lock.json', 'ops/runtime/package-lock.json']) {
  describe(file, () => {
    const lock: Lock = read(file);
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

    it('names no registry', () => {
      ok(packages.length > 0);
      deepEqual(
        packages.filter(([, entry]) => 'resolved' in entry).map(([path]) => path),
        [],
      );
    });

    it('has the integrity of every package that this or another platform must install', () => {
      const without = packages.filter(([, entry]) => !('integrity' in entry));
      deepEqual(
        without.filter(([, entry]) => !entry.optional).map(([path]) => path),
        [],
      );
    });

    it('has every platform of every package, so that npm ci accepts it everywhere', () => {
      deepEqual(complete(structuredClone(lock)), []);
    });
  });
}

describe('package.json', () => {
  it('asks for exact versions only', () => {
    for (const file of ['package.json', 'ops/runtime/package.json']) {
      const { dependencies, devDependencies, optionalDependencies } = read(file);
      const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
        ([, version]) => !/^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+$/.test(String(version)),
      );
      deepEqual(ranges, []);
    }
  });

  it('runs ./hub for npm start and npm test', () => {
    deepEqual(read('package.json').scripts, { start: './hub demo', test: './hub test' });
  });
});

describe('complete', () => {
  const lock = (name: string, version: string): Lock => ({
    packages: { '': {}, 'node_modules/a': { version: '1.0.0', optionalDependencies: { [name]: version } } },
  });

  it('adds a missing build with the platform its name says', () => {
    const missing = lock('@a/linux-arm64-musl', '1.0.0');
    deepEqual(complete(missing), ['@a/linux-arm64-musl@1.0.0']);
    deepEqual(missing.packages['node_modules/@a/linux-arm64-musl'], {
      version: '1.0.0',
      optional: true,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
    });
    deepEqual(complete(missing), []);
  });

  it('refuses what is not one build for one platform', () => {
    throws(() => complete(lock('fsevents', '2.3.3')), /fsevents/);
    throws(() => complete(lock('@a/linux-x64', '^1.0.0')), /linux-x64/);
  });
});
