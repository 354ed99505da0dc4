import { equal, notEqual, rejects } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { borrowPlace, claimPlace, identityOf, isFree } from '#engine/journal/place.ts';
import { projectFolder } from '#ops/place.ts';
import { journalFolder } from './world.ts';

/** Where /proc shows it to nobody here: dead, or alive in another container. */
const UNSEEN = '999999999 1';

let machine: ReturnType<typeof journalFolder>;
beforeEach(() => {
  machine = journalFolder();
});
afterEach(() => machine.remove());

/** A process of its own that takes a place and keeps it. */
async function keeper(): Promise<{ child: ChildProcess; folder: string }> {
  const code = `import { claimPlace } from '${projectFolder}/engine/journal/place.ts';
    const place = await claimPlace(${JSON.stringify(machine.folder)});
    console.log(place.folder); process.stdin.resume().on('end', () => place.release());`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, folder: String(line).trim() };
}

test('each has a place of its own; who comes after another goes on with what that one left', async () => {
  const [one, two] = [await claimPlace(machine.folder), await claimPlace(machine.folder)];
  notEqual(one.folder, two.folder);
  await one.release();
  equal((await claimPlace(machine.folder)).folder, one.folder);
  await two.release();
  writeFileSync(join(two.folder, 'owner'), UNSEEN);
  equal((await claimPlace(machine.folder)).folder, two.folder);
});

test('who is killed leaves its place to the next', async () => {
  const { child, folder } = await keeper();
  equal(await isFree(folder), false);
  equal(await borrowPlace(folder), undefined);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  equal(await isFree(folder), true);
  equal((await claimPlace(machine.folder)).folder, folder);
});

test('who lives where /proc shows nothing of it, as in another container, keeps its place', async () => {
  const { child, folder } = await keeper();
  writeFileSync(join(folder, 'owner'), UNSEEN);
  equal(await isFree(folder), false);
  equal(await borrowPlace(folder), undefined);
  notEqual((await claimPlace(machine.folder)).folder, folder);
  const gone = once(child, 'exit');
  child.stdin?.end();
  await gone;
  equal(await isFree(folder), true);
});

test('one of a version that takes no lock keeps its place too', async () => {
  const { folder, release } = await claimPlace(machine.folder);
  await release();
  writeFileSync(join(folder, 'owner'), identityOf(process.pid));
  equal(await isFree(folder), false);
  notEqual((await claimPlace(machine.folder)).folder, folder);
});

test('a name that cannot be written leaves the place to others', async () => {
  const { folder, release } = await claimPlace(machine.folder);
  await release();
  // a folder stands where the name is written first
  const first = join(folder, `owner.${process.pid}.0`);
  mkdirSync(first);
  await rejects(borrowPlace(folder));
  rmdirSync(first);
  equal((await claimPlace(machine.folder)).folder, folder);
});

test('a place that is borrowed is free again when it is given back', async () => {
  const { folder, release } = await claimPlace(machine.folder);
  await release();
  const borrowed = await borrowPlace(folder);
  equal(await isFree(folder), false);
  const claimed = claimPlace(machine.folder);
  await borrowed?.release();
  equal((await claimed).folder, folder);
});
