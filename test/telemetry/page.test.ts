import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, it } from 'node:test';
import { stateOf, summed } from '#api/feed/health.ts';
import { projectFolder } from '#ops/place.ts';
import { supervisionBinary } from '#ops/supervision/binaries.ts';
import { keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';
import { call, type Json } from '#test/contract/wire.ts';
import { Collector } from './collector.ts';

/** `/metrics` of every kind of process, docs/metrics.md and Prometheus' own rules say the same. */

let world: World;
let collector: Collector;
const running: ChildProcess[] = [];
const texts: Record<string, string> = {};
let recipients: Json;
/** address of a process that serves the API, and is asked for its figures only */
let idle: string;
before(async () => {
  collector = await Collector.start();
  world = await startHub({ HUB_OTLP_ENDPOINT: collector.url });
  await deposit(world.dgs, { to: [MEAUX] });
  await world.meaux.get('/relais/v1/feed?after=0');
  // Before anybody asks for figures, which look at the country once a minute.
  const { clientId } = (await world.admin.get('/admin/v1/clients')).json.find(({ scope }: Json) => scope === 'OSL');
  assert.equal((await world.admin.post(`/admin/v1/clients/${clientId}/rotate`, {})).status, 200);
  recipients = (await world.admin.get('/admin/v1/recipients/health')).json;
  const urls = await Promise.all((['api', 'engine', 'portal'] as const).map(start));
  const [api, , portal] = urls as [string, string, string];
  idle = api;
  assert.equal((await call(portal, 'GET', '/aide')).status, 200);
  for (const [role, url] of Object.entries({ all: world.url, api: urls[0], engine: urls[1], portal }))
    texts[role] = (await call(url as string, 'GET', '/metrics')).text;
});
after(async () => {
  for (const child of running) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  await world.stop();
  await collector.stop();
});

/** A process of its own of the same hub. @returns where it serves its figures */
async function start(role: 'api' | 'engine' | 'portal'): Promise<string> {
  const { HOME = '/', PATH = '' } = process.env;
  const portal = {
    ...{ HUB_API_URL: world.url, HUB_PORTAL_CLIENT_ID: 'x', HUB_PORTAL_CLIENT_SECRET: 'x', HUB_PORTAL_PORT: '0' },
    ...{ HUB_PORTAL_FILES_PORT: '0', HUB_OIDC_CLIENT_ID: 'x', HUB_OIDC_CLIENT_SECRET: 'x' },
    HUB_OIDC_ISSUER: 'http://localhost:1',
  };
  const env = { HOME, PATH, HUB_LOG_LEVEL: 'error', HUB_OTLP_ENDPOINT: collector.url, HUB_REDIS_URL: world.redisUrl };
  const child = spawn(join(projectFolder, 'hub'), ['start', `--role=${role}`, `--data=${world.data}`, '--port=0'], {
    env: { ...env, ...(role === 'portal' && portal) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const url = /^(?:health and metrics on )?(http\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the ${role} ended with ${code}`)));
  });
}

const HOUR_MS = 3_600_000;
const MS_PER_S = 1_000;
const LIBRARY = /^(?:process|nodejs)_/;
const PAGE = readFileSync(join(projectFolder, 'docs/metrics.md'), 'utf8');
const namesIn = (text: string): string[] => [...text.matchAll(/^# HELP (\S+) /gm)].map(([, name]) => name as string);
const shown = (): Set<string> =>
  new Set(
    Object.values(texts)
      .flatMap(namesIn)
      .filter((name) => !LIBRARY.test(name)),
  );
/** Names in the first cell of a row, and labels in its second. */
const rows = PAGE.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1))
  .map(([names = '', ...cells]) => ({
    names: [...names.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name as string),
    labels: cells.length > 1 ? (cells[0] as string) : '',
  }));

it('tells an administrator of each recipient how it is, which figures only count', async () => {
  const all: Json[] = recipients.map(({ key, state, unread, unacknowledged, consumersLive }: Json) => [
    key,
    ...[state, unread, unacknowledged, consumersLive],
  ]);
  const [meaux, orly] = [MEAUX, ORLY].map(keyOf);
  assert.deepEqual(
    all.filter(([key]) => key === meaux || key === orly).sort(([, , a], [, , b]) => b - a),
    [
      [meaux, 'ok', 1, 0, 0],
      [orly, 'ok', 0, 0, 0],
    ],
  );
  assert.deepEqual(
    all.map(([key]) => key),
    all.map(([key]) => key).sort(),
  );
  const found = recipients.find(({ key }: Json) => key === meaux);
  assert.ok(Date.parse(found.oldestUnread) <= Date.parse(found.lastPull), 'it came after the case did');
  const health = (query: string): Promise<Json> => world.admin.get(`/admin/v1/recipients/health?${query}`);
  assert.deepEqual((await health('state=silent')).json, []);
  assert.deepEqual(
    (await health(`limit=1&after=${all[0]?.[0]}`)).json.map(({ key }: Json) => key),
    [all[1]?.[0]],
  );
  assert.equal((await health('state=away')).status, 400);
});

it('counts as silent who has taken nothing for a day, and late what waits for two', () => {
  const now = 1_000 * HOUR_MS;
  const since = (hours: number | undefined) => ({ since: hours === undefined ? undefined : now - hours * HOUR_MS });
  assert.deepEqual(
    [undefined, 1, 2, 23, 24, 200].map((hours) => stateOf(since(hours), now)),
    ['ok', 'ok', 'behind', 'behind', 'silent', 'silent'],
  );
  const one = { org: 'x', acknowledged: 0, live: 0, pulled: undefined };
  const all = [23, 24, 80, 200].map((hours, late) => ({ ...one, ...since(hours), late }));
  assert.deepEqual(summed(all, now), { silent: [3, 2, 1], late: 6 });
});

it('tells of a secret that another process replaced, to who scrapes one that nobody else asks', async () => {
  const { clientId } = (await world.admin.get('/admin/v1/clients')).json.find(({ scope }: Json) => scope === 'SI');
  const rotation = { overlapSeconds: 60 };
  const { json } = await world.admin.post(`/admin/v1/clients/${clientId}/rotate`, rotation);
  const { text } = await call(idle, 'GET', '/metrics');
  const shown = /^relais_secret_expiry_timestamp_seconds\{.*kind="client".*\} (\S+)$/m.exec(text)?.[1];
  assert.equal(Number(shown) * MS_PER_S, Date.parse(json.previousSecretValidUntil));
});

it('tells of a portal’s pages by their template', () => {
  assert.match(texts['portal'] as string, /portal_request_seconds_count\{.*route="\/\(public\)\/aide",status="200"/);
  assert.match(texts['portal'] as string, /^process_resident_memory_bytes\{role="portal",thread="portal"\} \d/m);
});

it('is what docs/metrics.md says, name by name', () => {
  const documented = new Set(rows.flatMap(({ names }) => names));
  assert.deepEqual(
    [...shown()].filter((name) => !documented.has(name)),
    [],
  );
  assert.deepEqual(
    [...documented].filter((name) => !shown().has(name)),
    [],
  );
});

it('bears the labels it says, and none that names anybody', () => {
  const labels = new Map<string, Set<string>>();
  for (const [, name, list] of Object.values(texts)
    .join('\n')
    .matchAll(/^([a-z_]+)\{([^}]*)\} /gm)) {
    const known = labels.get(name as string) ?? new Set();
    for (const [, label] of (list as string).matchAll(/([a-z_]+)="/g)) known.add(label as string);
    labels.set(name as string, known);
  }
  for (const [series, found] of labels) {
    const name = series.replace(/_(?:bucket|sum|count)$/, '');
    if (LIBRARY.test(name)) continue;
    const row = rows.find(({ names }) => names.includes(name) || names.includes(series));
    for (const label of ['role', 'thread', 'le']) found.delete(label);
    for (const label of found) assert.match(row?.labels ?? '', new RegExp(`\\b${label}\\b`), `${series} ${label}`);
  }
  assert.doesNotMatch(Object.values(texts).join('\n'), /="[^"]*\d{14}/);
});

it('passes promtool check metrics, of each process', () => {
  const promtool = supervisionBinary('promtool');
  for (const [role, text] of Object.entries(texts)) {
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
    const ours = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !LIBRARY.test(line));
    assert.deepEqual([ours, status === 0 || ours.length === 0], [[], true], role);
  }
});
