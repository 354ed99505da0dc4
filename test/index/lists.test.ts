import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { Registry } from 'prom-client';
import { Lists } from '#api/index/lists.ts';
import { Marks } from '#api/index/marks.ts';
import type { Question } from '#api/index/question.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { ListCounts } from '#engine/telemetry/lists.ts';
import { projectFolder } from '#ops/place.ts';
import { DGS, keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';

/** Indexes beside the hub's own, in folders of their own. */

let world: World;
let hub: Awaited<ReturnType<typeof openHub>>;
const scratch = mkdtempSync(join(tmpdir(), 'lists-'));
before(async () => {
  world = await startHub();
  const config = loadConfig({ HUB_REDIS_URL: world.redisUrl }, { role: 'api', data: world.data });
  hub = await openHub(config, () => undefined);
  for (let n = 0; n < 4; n += 1) await deposit(world.dgs, { to: [ORLY, MEAUX] });
});
after(async () => {
  await Promise.all(Array.from(opened, (lists) => lists.stop()));
  await hub?.close();
  await world?.stop();
  rmSync(scratch, { recursive: true });
});

const orgs = [ORLY, MEAUX].map(keyOf);
const everything: Question = {
  reaches: orgs.map((org) => ({ org, processes: null })),
  statuses: null,
  open: null,
  from: null,
  to: null,
  overdue: null,
  soon: null,
  unread: false,
  assignee: null,
  words: [],
  sort: 'number',
  descending: false,
};

const opened = new Set<Lists>();
/** Opens the index of a folder, and gives how often all was read, by reason. */
async function open(name: string, of: typeof hub = hub) {
  const counts = ListCounts.of(new Registry());
  const folder = join(scratch, name);
  // It reads and no more: Redis grows by nothing for it.
  const ask = () => Promise.reject(new Error('the index asks nothing of the hub'));
  const parts = { hub: { ...of, ask }, folder, counts, log: pino({ level: 'silent' }) };
  const lists = new Lists(parts, new Marks(Buffer.alloc(32)));
  opened.add(lists);
  await lists.start();
  const refills = async (reason: string): Promise<number> =>
    (await counts.refills.get()).values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
  return { lists, folder, refills };
}

/** What the index shows once it has all: each organisation's feed is read for itself, also where it is in no list here. */
async function shown(lists: Lists) {
  for (let tries = 0; tries < 20; tries += 1) {
    const { late } = await lists.caught(Array.from(hub.referential.organizations(), orgKey));
    if (!late) return lists.ask('page', everything, null, 100);
  }
  throw new Error('the index stays behind');
}

test('an index begun late has what was there before, and one begun again goes on from where it was', async () => {
  const first = await open('a');
  assert.equal((await shown(first.lists)).length, 8);
  assert.ok((await first.refills('new')) >= 3);
  await first.lists.stop();
  const folder = await deposit(world.dgs, { to: [ORLY] });
  await world.orly.patch(`/teledossiers/v1/cases/${folder.cases[0].id}`, { status: 'DONE' });
  const again = await open('a');
  const rows = await shown(again.lists);
  assert.equal(rows.length, 9);
  assert.equal(rows.find(({ id }) => id === fromUuid(folder.cases[0].id))?.status, 9);
  assert.equal(await again.refills('new'), 0);
  assert.equal(await again.refills('gone'), 0);
  await again.lists.stop();
});

test('a folder has one writer; who comes second reads what it writes, and takes its place', async () => {
  const first = await open('b');
  await shown(first.lists);
  const second = await open('b');
  assert.deepEqual([first.lists.writes, second.lists.writes], [true, false]);
  const { cases } = await deposit(world.dgs, { to: [MEAUX] });
  const rows = await shown(second.lists);
  assert.ok(rows.some(({ id }) => id === fromUuid(cases[0].id)));
  await first.lists.stop();
  const until = Date.now() + 15_000;
  while (!second.lists.writes && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(second.lists.writes);
  assert.equal((await shown(second.lists)).length, rows.length);
  await second.lists.stop();
});

test('a case touched is as its record is', async () => {
  const { lists } = await open('c');
  const [row] = await shown(lists);
  const id = row?.id as Id;
  await lists.touch(id);
  assert.deepEqual((await lists.ask('page', everything, null, 1))[0], row);
  await lists.stop();
});

test('an index whose place in a feed is gone reads that organisation again', async () => {
  const first = await open('d');
  const before = await shown(first.lists);
  await first.lists.stop();
  const { cases } = await deposit(world.dgs, { to: [ORLY] });
  // as if its retention had passed meanwhile
  const feeds = Object.create(hub.feeds);
  feeds.read = async (org: string, position: number, limit: number) => {
    const page = await hub.feeds.read(org, position, limit);
    return org === keyOf(ORLY) ? { ...page, kept: page.last + 1, entries: [], next: page.last } : page;
  };
  const again = await open('d', { ...hub, feeds });
  const rows = await shown(again.lists);
  assert.equal(rows.length, before.length + 1);
  assert.ok(rows.some(({ id }) => id === fromUuid(cases[0].id)));
  assert.equal(await again.refills('gone'), 1);
  await again.lists.stop();
});

test('an index that is behind answers what it has, and says so', async () => {
  const { lists, folder } = await open('g');
  await shown(lists);
  await lists.stop();
  // feeds that go on where nobody can read
  const feeds = Object.create(hub.feeds);
  feeds.read = async (org: string, position: number, limit: number) => {
    const page = await hub.feeds.read(org, position, limit);
    return { ...page, last: page.last + 1 };
  };
  const behind = await open('g', { ...hub, feeds });
  assert.equal(behind.folder, folder);
  const began = performance.now();
  const { asOf, late } = await behind.lists.caught(orgs);
  assert.equal(late, true);
  assert.ok((asOf as number) <= hub.now());
  assert.ok(performance.now() - began >= 450);
  assert.ok((await behind.lists.ask('page', everything, null, 100)).length > 0);
  await behind.lists.stop();
});

/** Runs `./hub index` on the folder of an index. */
function command(data: string, ...words: string[]): Promise<string> {
  // Whoever has an index made anew is written down, under the hub's key.
  const env = { ...process.env, HUB_MASTER_KEY: randomBytes(32).toString('hex') };
  const run = spawn(process.execPath, [join(projectFolder, 'ops/commands/index.ts'), `--data=${data}`, ...words], {
    env,
  });
  return new Promise((resolve) => {
    let said = '';
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (text) => (said += text));
    run.on('close', () => resolve(said));
  });
}

test('rebuilt by the command while it is read, it is what it was; without a hub it is thrown away', async () => {
  const own = await open('e/index');
  const before = await shown(own.lists);
  const counters = await own.lists.ask('counters', everything.reaches, 0);
  assert.match(await command(join(scratch, 'e'), '--rebuild'), /\d+ cases, \d+ unread, rebuilt .*, written by a hub/);
  assert.deepEqual(await shown(own.lists), before);
  assert.deepEqual(await own.lists.ask('counters', everything.reaches, 0), counters);
  assert.ok((await own.refills('asked')) >= 3);
  await own.lists.stop();
  assert.match(await command(join(scratch, 'e')), /nobody writes it/);
  assert.match(await command(join(scratch, 'e'), '--rebuild'), /thrown away/);
  const anew = await open('e/index');
  assert.deepEqual(await shown(anew.lists), before);
  await anew.lists.stop();
});

test('the sender’s own feed is no list of anybody', async () => {
  const { lists } = await open('f');
  await shown(lists);
  const own = { ...everything, reaches: [{ org: keyOf(DGS), processes: null }] };
  assert.deepEqual(await lists.ask('page', own, null, 10), []);
  await lists.stop();
});
