import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { share } from '#ops/checks/sample.ts';
import { startRedis } from '#ops/redis/server.ts';
import { CLIENT, Issuer } from '#test/agents/issuer.ts';
import { type AgentCaller, Portal } from '#test/agents/portal.ts';
import { Member } from '#test/chaos/member.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit, drain, enrol, notifications, type World } from '#test/contract/hub.ts';
import { startMails } from '#test/contract/mails.ts';
import { type Json, Partner } from '#test/contract/wire.ts';

/**
 * The whole product, killed without a word while decisions wait and a lot is under way, and started again: what was answered
 * leaves once, what was undone never, and each line of the lot is done once and says so.
 */
/** Kills, spread over that time; more by RELAIS_KILLS. */
const KILLS = Number(process.env['RELAIS_KILLS'] ?? share(2, 1));
/** More than one chunk of the runner's. */
const LINES = 130;
const AT_ONCE = 26;
const UNDO_S = 2;
/** From the lot's acceptance to the kill, ms: some of it is done, or all waits to leave. */
const [EARLIEST_MS, LATEST_MS] = [60, 800];
const [ADMIN_ID, ADMIN_SECRET] = ['killed-admin', 'secret of the tests that kill'];
const DESK = '/relais/v1/cases';
const BULK = '/relais/v1/bulk';
const PLAN = [{ processCode: 'CERTDC', status: 'HUBEE_NOTIFIED', to: ['DONE'] }];

const dir = mkdtempSync(join(tmpdir(), 'relais-killed-'));
let member: Member;
let portal: Portal;
let ada: AgentCaller;
const stops: (() => Promise<void> | void)[] = [() => rmSync(dir, { recursive: true, force: true })];

before(async () => {
  const redis = await startRedis({ dir: join(dir, 'redis') });
  stops.push(() => redis.stop());
  const issuer = await Issuer.start();
  stops.push(() => issuer.stop());
  const mails = await startMails();
  stops.push(() => mails.stop());
  const env = {
    ...process.env,
    HUB_REDIS_URL: redis.url,
    HUB_ADMIN_CLIENT_ID: ADMIN_ID,
    HUB_ADMIN_CLIENT_SECRET: ADMIN_SECRET,
    HUB_SMTP_URL: mails.url,
    HUB_OIDC_ISSUER: issuer.url,
    HUB_OIDC_CLIENT_ID: CLIENT,
    HUB_LOG_LEVEL: 'error',
  };
  member = await Member.start({ dir, data: join(dir, 'data'), env }, 'killed', 'all');
  stops.push(async () => void (await member.stop()));
  const { url } = member;
  const admin = await new Partner(url, 'ADMIN', ADMIN_ID, ADMIN_SECRET).login();
  const country = await enrol(admin);
  const world: World = {
    url,
    metrics: [url],
    redisUrl: redis.url,
    data: join(dir, 'data'),
    admin,
    mails,
    ...country,
    stop: () => Promise.resolve(),
  };
  portal = await Portal.at(world, issuer);
  ada = await portal.hired('ada@orly.test', ORLY, { processCodes: ['CERTDC'], quality: 'adjointe' });
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
});

async function cases(count: number): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count) {
    const some = Math.min(AT_ONCE, count - made.length);
    const folders = await Promise.all(Array.from({ length: some }, () => deposit(portal.world.dgs, {})));
    made.push(...folders.map((folder) => folder.cases[0].id));
  }
  return made;
}

const decide = async (id: string): Promise<string> => {
  const answer = await ada.post(`${DESK}/${id}/decisions`, { statuses: ['IN_PROGRESS', 'DONE'], undoSeconds: UNDO_S });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.id;
};
const seen = async (id: string): Promise<Json> => (await portal.world.dgs.get(`/teledossiers/v1/cases/${id}`)).json;
const statusesOf = ({ events }: Json): string[] => events.map(({ caseNewStatus }: Json) => caseNewStatus);

/** Asked until it is so: a process that has just started answers 503 at first. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let n = 0; n < 600; n += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(100);
  }
  return assert.fail(`${what}: not after a minute`);
}

const waitsNoMore = (id: string): Promise<true> =>
  until('the decision leaves', async () => {
    const { json, status } = await ada.get(`${DESK}/${id}/desk`);
    return status === 200 && json.pending === null ? true : undefined;
  });

async function round(killAt: number): Promise<void> {
  const { dgs, orly } = portal.world;
  await ada.login();
  await Promise.all([dgs.login(), orly.login()]);
  const [waiting, undone, ...many] = (await cases(LINES + 2)) as [string, string, ...string[]];
  await drain(dgs);
  await ada.login();
  const decision = await decide(waiting);
  const taken = await decide(undone);
  assert.equal((await ada.call('DELETE', `${DESK}/${undone}/decisions/${taken}`)).status, 204);
  const asked = await ada.post(BULK, { plan: PLAN, cases: many, undoSeconds: UNDO_S });
  assert.deepEqual([asked.status, asked.json.total], [202, LINES], asked.text);
  await delay(killAt);
  await member.kill();
  await member.bringUp();
  await until('an agent is served again', async () => {
    const answer = await portal.client.post('/relais/v1/sessions/token', { session: ada.session });
    return answer.status === 200 ? true : undefined;
  });
  await ada.login();
  const job = await until('the lot is done', async () => {
    const { json, status } = await ada.get(`${BULK}/${asked.json.id}?limit=100`);
    return status === 200 && json.state === 'done' ? (json as Json) : undefined;
  });
  assert.deepEqual(job.counts, { waiting: 0, done: LINES, excluded: 0, moved: 0, refused: 0, undone: 0, left: 0 });
  for (const id of [waiting, undone, ...many]) await waitsNoMore(id);
  const [sent, kept, ...lines] = await Promise.all([waiting, undone, ...many].map(seen));
  assert.deepEqual(statusesOf(sent), ['IN_PROGRESS', 'DONE']);
  assert.equal(sent.events[0].id, decision);
  assert.deepEqual([kept.status, kept.events], ['HUBEE_NOTIFIED', []]);
  for (const line of lines) assert.deepEqual(statusesOf(line), ['DONE'], `case ${line.id} is decided once`);
  const told = (await notifications(dgs)).map(({ caseId, eventId }: Json) => `${caseId} ${eventId}`).sort();
  const events = [sent, ...lines].flatMap(({ id, events: some }: Json) => some.map((one: Json) => `${id} ${one.id}`));
  assert.deepEqual(told, events.sort(), 'each is told once');
}

describe('the product killed beside agents at work', () => {
  for (let n = 0; n < KILLS; n += 1) {
    const killAt = Math.round(EARLIEST_MS + ((LATEST_MS - EARLIEST_MS) * n) / Math.max(KILLS - 1, 1));
    it(`${killAt} ms after a lot was accepted: each decision leaves once`, () => round(killAt));
  }
});
