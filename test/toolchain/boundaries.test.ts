import { deepEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais-boundaries-'));
after(() => rmSync(scratch, { recursive: true }));

/** The import, and the rule that must refuse it; no rule: it must pass. */
const cases: [file: string, source: string, rule?: string][] = [
  ['engine/domain/a.ts', `import { x } from '#engine/redis/x.ts'; export const a = x;`, 'domain-is-pure'],
  ['engine/domain/b.ts', `import { readFileSync } from 'node:fs'; export const b = readFileSync;`, 'domain-is-pure'],
  ['engine/domain/c.ts', `import pino from 'pino'; export const c = pino;`, 'domain-is-pure'],
  ['engine/domain/d.ts', `import { n } from '#engine/domain/n.ts'; export const d = n;`],
  ['engine/cluster/a.ts', `import { x } from '#api/routes/x.ts'; export const a = x;`, 'engine-stands-alone'],
  ['engine/cluster/b.ts', `import type { X } from '#ops/x.ts'; export type B = X;`, 'engine-stands-alone'],
  [
    'api/routes/a.ts',
    `import { x } from '#engine/partition/x.ts'; export const a = x;`,
    'api-sees-the-engine-through-its-client',
  ],
  ['api/routes/b.ts', `import { x } from '#engine/client/x.ts'; export const b = x;`],
  ['api/routes/c.ts', `import { App } from 'uWebSockets.js'; export const c = App;`, 'uwebsockets-in-one-adapter'],
  ['api/server/a.ts', `import { App } from 'uWebSockets.js'; export const a = App;`],
  ['api/routes/d.ts', `import { Redis } from 'ioredis'; export const d = Redis;`, 'redis-client-in-one-folder'],
  ['engine/redis/a.ts', `import { Redis } from 'ioredis'; export const a = Redis;`],
  [
    'api/index/a.ts',
    `import { DatabaseSync } from 'node:sqlite'; export const a = DatabaseSync;`,
    'sqlite-in-one-adapter',
  ],
  ['engine/sqlite.ts', `import { DatabaseSync } from 'node:sqlite'; export const a = DatabaseSync;`],
  [
    'engine/cluster/c.ts',
    `import { container } from 'tsyringe'; export const c = container;`,
    'composition-roots-only',
  ],
  ['engine/container.ts', `import { container } from 'tsyringe'; export const c = container;`],
  ['api/routes/e.ts', `import fc from 'fast-check'; export const e = fc;`, 'product-without-development-packages'],
  ['portal/src/a.ts', `import { x } from '#engine/redis/x.ts'; export const a = x;`, 'portal-stands-alone'],
  [
    'portal/src/lib/ui/a.ts',
    `import { x } from '#lib/server/x.ts'; export const a = x;`,
    'portal-server-stays-on-the-server',
  ],
  ['portal/src/lib/ui/b.ts', `import type { X } from '#lib/server/t.ts'; export type B = X;`],
  [
    'portal/src/lib/server/b.ts',
    `import { x } from '#lib/server/hub/portal.ts'; export const b = x;`,
    'portal-calls-in-one-folder',
  ],
  ['ops/b.ts', `import { x } from '#lib/server/x.ts'; export const b = x;`, 'nobody-imports-the-portal'],
  ['ops/a.ts', `import { x } from '#test/x.ts'; export const a = x;`, 'operations-import-no-test'],
  ['engine/cluster/d.ts', `import { f } from './e.ts'; export const d = () => f;`, 'no-circle'],
  ['engine/cluster/f.ts', `import { x } from './absent.ts'; export const f = x;`, 'resolvable'],
];

const imported: Record<string, string> = {
  'engine/cluster/e.ts': `import { d } from './d.ts'; export const f = () => d;`,
  'engine/domain/n.ts': 'export const n = 1;',
  'ops/x.ts': 'export type X = string;',
  'portal/src/lib/server/t.ts': 'export type X = string;',
};
for (const path of [
  'engine/redis/x.ts',
  'engine/partition/x.ts',
  'engine/client/x.ts',
  'api/routes/x.ts',
  'test/x.ts',
  'portal/src/lib/server/x.ts',
  'portal/src/lib/server/hub/portal.ts',
]) {
  imported[path] = 'export const x = 1;';
}

/** The rules broken by each file, as dependency-cruiser sees the scratch project. */
function violations(): Map<string, string[]> {
  for (const [path, source] of [...cases.map(([file, text]) => [file, text] as const), ...Object.entries(imported)]) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), source);
  }
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
    cpSync(join(projectFolder, file), join(scratch, file));
  symlinkSync(join(projectFolder, 'node_modules'), join(scratch, 'node_modules'));
  const tool = join(projectFolder, 'node_modules/.bin/depcruise');
  const { stdout } = spawnSync(tool, ['-T', 'json', 'engine', 'api', 'ops', 'portal'], {
    cwd: scratch,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const found = new Map<string, string[]>();
  for (const { from, rule } of JSON.parse(stdout).summary.violations) {
    found.set(from, [...(found.get(from) ?? []), rule.name]);
  }
  return found;
}

describe('import boundaries', () => {
  const found = violations();
  for (const [file, source, rule] of cases) {
    it(`${rule ? 'refuse' : 'allow'} in ${file}: ${source.split(';')[0]}`, () => {
      deepEqual(found.get(file) ?? [], rule ? [rule] : []);
    });
  }
});
