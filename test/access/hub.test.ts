import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accessFolder, dayOf, nameOf } from '#api/access/days.ts';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { projectFolder } from '#ops/place.ts';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { Things } from '#test/security/things.ts';

/** What agents read through a hub is in its files, and administrators are told. */

const T = '/teledossiers/v1';

let portal: Portal;
let world: World;
let things: Things;
let agent: AgentCaller;
let administrator: AgentCaller;
let folder: string;
before(async () => {
  portal = await Portal.open();
  world = portal.world;
  things = new Things(world);
  folder = accessFolder(world.data);
  administrator = await portal.hired('admin@orly.test', ORLY, { role: 'administrator' });
  agent = await portal.hired('agent@orly.test', ORLY, { processCodes: ['CERTDC'] });
});
after(() => portal.stop());

const logs = (): string[] => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  } catch {
    return [];
  }
};
/** All entries so far, without the heads of files. */
const entries = (): Json[] =>
  logs().flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line)),
  );
const file = ({ caseId, attachmentId }: { caseId: string; attachmentId: string }): string =>
  `${T}/cases/${caseId}/attachments/${attachmentId}`;

it('every reading that agents can do declares itself, or shows nothing of a citizen', () => {
  const routes = allRoutes({ auth: {} } as unknown as ApiDeps);
  const silent = routes.filter(
    ({ method, scopes, reads }) => method === 'GET' && scopes !== 'public' && scopes.includes('AGENT') && !reads,
  );
  assert.deepEqual(silent.map(({ path }) => path).sort(), [
    '/referential/v1/processes/{code}',
    '/relais/v1/agent',
    '/relais/v1/agent/notices',
    '/relais/v1/agent/passkeys',
    '/relais/v1/agents',
    '/relais/v1/cases/count',
    '/relais/v1/cases/counters',
    '/relais/v1/cases/{caseId}/accesses',
    '/relais/v1/cases/{caseId}/desk',
    '/relais/v1/cases/{caseId}/digests',
    '/relais/v1/cases/{caseId}/neighbours',
    '/relais/v1/cases/{caseId}/notifications',
    '/relais/v1/cases/{caseId}/routing',
    '/relais/v1/colleagues',
    '/relais/v1/exports',
    '/relais/v1/exports/{exportId}',
    '/relais/v1/subscriptions',
    '/relais/v1/templates',
    '/relais/v1/views',
    '/teledossiers/v1/notifications',
  ]);
});

it('writes nothing for software, administrators of the platform, and readings that are refused', async () => {
  const answered = await things.answered();
  const { caseId, eventId, attachmentId } = answered;
  const first = await things.delivered();
  for (const path of [
    `${T}/cases/${caseId}`,
    `${T}/cases/${caseId}/events/${eventId}`,
    `${T}/cases/${caseId}/events/${eventId}/attachments/${attachmentId}`,
    file(first),
  ])
    for (const who of [world.dgs, world.orly, world.admin]) assert.equal((await who.get(path)).status, 200, path);
  assert.equal((await world.orly.get('/relais/v1/cases')).status, 200);
  const stranger = await portal.hired('agent@meaux.test', MEAUX);
  assert.equal((await stranger.get(`${T}/cases/${caseId}`)).status, 403);
  assert.equal((await agent.get(`${T}/cases/01890a5d-ac96-7b06-8000-000000000000`)).status, 404);
  assert.equal((await stranger.get('/relais/v1/cases')).json.items.length, 0);
  await agent.get('/relais/v1/cases/counters');
  assert.deepEqual(logs(), []);
});

describe('a disk that is full', () => {
  it('refuses what agents read, says so, and lets software go on; then goes on', async () => {
    const { caseId } = await things.delivered();
    mkdirSync(folder, { recursive: true });
    const path = join(folder, nameOf(dayOf(Date.now()), '1'));
    symlinkSync('/dev/full', path);
    try {
      const refused = await agent.get(`${T}/cases/${caseId}`);
      assert.equal(refused.status, 503);
      assert.ok(refused.headers['retry-after']);
      assert.match(refused.json.errors[0].message, /access log/);
      const list = await agent.get('/relais/v1/cases');
      isProblem(list, 503, 'access-unlogged');
      assert.ok(list.headers['retry-after']);
      assert.equal((await world.orly.get(`${T}/cases/${caseId}`)).status, 200);
      assert.equal((await deposit(world.dgs)).globalStatus, 'HUBEE_NOTIFIED');
    } finally {
      rmSync(path);
    }
    assert.equal((await agent.get(`${T}/cases/${caseId}`)).status, 200);
    assert.equal(entries().length, 1);
  });
});

it('has one entry for each kind of reading, with who and what, and no word of a citizen', async () => {
  const first = await things.delivered();
  const answered = await things.answered();
  const event = `${T}/cases/${answered.caseId}/events/${answered.eventId}`;
  const done = async (path: string, kind: string, route: string, part?: string): Promise<Json> => {
    const before = entries().length;
    const answer = await agent.get(path);
    assert.equal(answer.status, 200, answer.text);
    const [entry, ...more] = entries().slice(before);
    assert.deepEqual(more, []);
    const { kind: read, org, part: named } = entry;
    assert.deepEqual([read, entry.route, org, named], [kind, route, keyOf(ORLY), part]);
    assert.equal(entry.request, answer.headers['x-request-id']);
    assert.equal(entry.session.length, 12);
    return entry;
  };
  const one = `${T}/cases/{caseId}`;
  const opened = await done(`${T}/cases/${first.caseId.toUpperCase()}`, 'case', `GET ${one}`);
  assert.deepEqual(opened.cases, [first.caseId]);
  await done(file(first), 'file', `GET ${one}/attachments/{attachmentId}`, first.attachmentId);
  await done(event, 'event', `GET ${one}/events/{eventId}`, answered.eventId);
  const sent = `${event}/attachments/${answered.attachmentId}`;
  await done(sent, 'file', `GET ${one}/events/{eventId}/attachments/{attachmentId}`, answered.attachmentId);
  const list = await done('/relais/v1/cases?limit=3', 'list', 'GET /relais/v1/cases');
  assert.equal(list.cases.length, 3);
  const people = (await world.admin.get(`${T}/cases/${first.caseId}`)).json.applicant;
  const text = logs()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  for (const word of [people.lastName, people.firstName, 'réponse.pdf', 'agent@orly.test'])
    assert.ok(word && !text.includes(word), word);
});

it('tells administrators of the organisation, and of the platform, who read a case', async () => {
  const { caseId, attachmentId } = await things.delivered();
  for (let n = 0; n < 3; n += 1) await agent.get(`${T}/cases/${caseId}`);
  await administrator.get(file({ caseId, attachmentId }));
  const path = `/relais/v1/cases/${caseId}/accesses`;
  const told = await administrator.get(path);
  assert.equal(told.status, 200, told.text);
  assert.deepEqual(
    told.json.items.map(({ kind }: Json) => kind),
    ['file', 'case', 'case', 'case'],
  );
  assert.equal(told.json.items[0].agent, 'admin@orly.test');
  assert.equal(told.json.items[0].partId, attachmentId);
  assert.deepEqual(told.json.items[0].organization, ORLY);
  assert.equal(told.json.next, null);
  assert.deepEqual((await world.admin.get(path)).json, told.json);
  const page = (await administrator.get(`${path}?limit=1`)).json;
  assert.equal(page.items.length, 1);
  const rest = (await administrator.get(`${path}?before=${encodeURIComponent(page.next)}`)).json;
  assert.deepEqual([...page.items, ...rest.items], told.json.items);
  isProblem(await agent.get(path), 403, 'forbidden');
  isProblem(await administrator.get(`${path}?before=hier`), 400, 'form-invalid');
  const other = await portal.hired('admin@meaux.test', MEAUX, { role: 'administrator' });
  isProblem(await other.get(path), 403, 'forbidden');
  isProblem(
    await administrator.get('/relais/v1/cases/01890a5d-ac96-7b06-8000-000000000000/accesses'),
    404,
    'not-found',
  );
});

it('./hub access --verify finds a changed line, with the hub’s own key', () => {
  const run = () =>
    spawnSync(process.execPath, ['ops/commands/access.ts', '--verify', `--data=${world.data}`], {
      cwd: projectFolder,
      encoding: 'utf8',
    });
  const good = run();
  assert.equal(good.status, 0, good.stdout + good.stderr);
  assert.match(good.stdout, /1 files, \d+ entries that are right, 0 damages/);
  const path = join(folder, logs()[0] as string);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"kind":"case"', '"kind":"list"'));
  const bad = run();
  writeFileSync(path, text);
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /ndjson:2 this line/);
});
