import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { CLOSE } from '#api/push/codes.ts';
import { projectFolder } from '#ops/place.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { Line } from './line.ts';

/** Two API processes on one hub: one pushes to a reader at a time. And what each says of who reads. */

const PRESENCE = '/relais/v1/feed/presence';
let world: World;
let other: ChildProcess;
let otherUrl: string;
before(async () => {
  world = await startHub();
  const env = { ...process.env, HUB_REDIS_URL: world.redisUrl, HUB_LOG_LEVEL: 'error' };
  const words = ['start', '--role=api', `--data=${world.data}`, '--port=0'];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  other = spawn(join(projectFolder, 'hub'), words, { cwd: projectFolder, env, stdio: [...stdio] });
  otherUrl = await new Promise((resolve, reject) => {
    createInterface({ input: other.stdout as Readable }).once('line', resolve);
    other.once('exit', (code) => reject(new Error(`hub start ended with ${code}`)));
  });
});
after(async () => {
  await end();
  await world.stop();
});

async function end(): Promise<void> {
  if (other.exitCode !== null || other.signalCode !== null) return;
  const ended = once(other, 'exit');
  other.kill('SIGTERM');
  await ended;
}

const presence = async (query = ''): Promise<Json> => (await world.orly.get(`${PRESENCE}${query}`)).json;

test('a reader is held by one process; it goes on at the other as soon as it left', async () => {
  const folder = await deposit(world.dgs, { to: [ORLY] });
  const here = await Line.open(world.url, world.orly.token, { consumer: 'seul' });
  await here.got(1);
  const there = await Line.open(otherUrl, world.orly.token, { consumer: 'seul' });
  assert.equal((await there.end()).code, CLOSE.elsewhere.code);
  const shown = await presence();
  assert.deepEqual([shown.live, shown.unread], [1, 1]);
  assert.deepEqual(
    shown.consumers.map(({ consumer, live, unread }: Json) => [consumer, live, unread]),
    [['seul', true, 1]],
  );
  assert.ok(Date.parse(shown.oldestUnread) > 0);
  await here.acknowledge(here.sequences[0] as number);
  await here.close();
  const until = performance.now() + 20_000;
  let moved = await Line.open(otherUrl, world.orly.token, { consumer: 'seul' });
  while (moved.closed !== undefined && performance.now() < until)
    moved = await Line.open(otherUrl, world.orly.token, { consumer: 'seul' });
  assert.equal(moved.one('opened')?.position, here.sequences[0]);
  assert.equal(folder.cases[0].id, here.cases[0]);
  // The process ends: it says so, waits for nobody, and leaves the reader free.
  const begun = performance.now();
  await end();
  assert.ok(performance.now() - begun < 10_000);
  assert.equal((await moved.end()).code, CLOSE.ending.code);
  const back = await Line.open(world.url, world.orly.token, { consumer: 'seul' });
  assert.equal(back.one('opened')?.position, here.sequences[0]);
  await back.close();
});

test('an administrator sees anybody’s presence, others their own', async () => {
  const orly = `SI-${ORLY.companyRegister}-${ORLY.branchCode}`;
  const asked = await world.admin.get(`${PRESENCE}?organization=${orly}`);
  assert.equal(asked.json.organization, orly);
  assert.equal((await world.admin.get(`${PRESENCE}?organization=SI-0-0`)).status, 404);
  assert.equal((await world.meaux.get(`${PRESENCE}?organization=${orly}`)).json.unread, 0);
  const metrics = (await world.admin.get('/metrics')).text;
  for (const name of ['push_connections', 'push_consumers', 'push_unread_entries', 'push_closed_total'])
    assert.match(metrics, new RegExp(`^${name}\\{[^}]*\\} \\d`, 'm'));
  assert.doesNotMatch(metrics, new RegExp(ORLY.companyRegister));
});
