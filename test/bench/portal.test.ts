import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '#ops/place.ts';

/** So few that it ends within a minute; long enough for some pages where each takes seconds. What it says of speed is not looked at. */
const SMALL = ['--towns=20', '--agents=40', '--open=60', '--cases=2', '--rate=5', '--deposits=5', '--lists=5'];

test('the bench of the portal asks for pages of signed-in agents beside deposits, without one error', () => {
  const words = [join(projectFolder, 'bench/portal.bench.ts'), ...SMALL, '--seconds=8', '--warm-up=1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /\| pages refused or failed \| 0\.00 {2}\| ≤ 0 {2}\| met \|/);
  for (const kind of ['list', 'case']) assert.match(stdout, new RegExp(`${kind} [1-9]\\d*: p50 `));
});
