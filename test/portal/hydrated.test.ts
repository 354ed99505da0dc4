import { deepEqual, ok } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { HYDRATED } from '#lib/ui/hydrated.ts';
import { projectFolder } from '#ops/place.ts';

const routes = join(projectFolder, 'portal/src/routes');

it('pages have no client of Kit’s but those that say so: they bring themselves up to date', () => {
  const own = globSync('**/+page.ts', { cwd: routes });
  const withClient = own.filter((file) => /csr = true/.test(readFileSync(join(routes, file), 'utf8')));
  deepEqual(withClient.map((file) => `/${dirname(file)}`).sort(), [...HYDRATED].sort());
  ok(/csr = false/.test(readFileSync(join(routes, '+layout.ts'), 'utf8')));
});
