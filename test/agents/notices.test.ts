import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Notices } from '#api/agents/notices.ts';
import { indexFolder } from '#api/index/file.ts';
import { Lists } from '#api/index/lists.ts';
import { Marks } from '#api/index/marks.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { dayStart } from '#engine/domain/calendar.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import { ListCounts } from '#engine/telemetry/lists.ts';
import { openLog } from '#engine/telemetry/log.ts';
import { threadMetrics } from '#engine/telemetry/metrics.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit } from '#test/contract/hub.ts';
import { type AgentCaller, isProblem, Portal } from './portal.ts';

const PATH = '/relais/v1/agent/notices';
const HOUR_MS = 3_600_000;

let portal: Portal;
let ada: AgentCaller;
let bob: AgentCaller;
let hub: Awaited<ReturnType<typeof openHub>>;
let lists: Lists;
let clock = 0;
let notices: Notices[];
before(async () => {
  portal = await Portal.open({ HUB_PORTAL_URL: 'https://portail.test' });
  ada = await portal.hired('ada@orly.test', ORLY);
  bob = await portal.hired('bob@orly.test', ORLY, { processCodes: ['CERTDC'] });
  const { data, redisUrl } = portal.world;
  const config = loadConfig({ HUB_REDIS_URL: redisUrl, HUB_LOG_LEVEL: 'error' }, { role: 'api', data });
  hub = await openHub(config, () => undefined);
  const log = openLog('error', 'test');
  const counts = ListCounts.of(threadMetrics('api').registry);
  // Another process of the same hub: it reads the index that the product writes.
  lists = new Lists({ hub, counts, log, folder: indexFolder(data) }, new Marks(config.masterKey));
  await lists.start();
  notices = [1, 2].map(() => new Notices(hub, lists, log, () => clock));
});
after(async () => {
  await lists.stop();
  await hub.close();
  await portal.stop();
});

/** Two processes look at the same moment. */
async function look(at: number): Promise<void> {
  clock = at;
  await hub.referential.fresh();
  await Promise.all(notices.map((one) => one.look()));
}

/** E-mails of an address so far, once one more for Eve has come: none is on its way any more. */
let asked = 0;
async function mailsOf(address: string): Promise<string[]> {
  asked += 1;
  await portal.invite(`eve-${asked}@orly.test`, ORLY);
  const { mails } = portal.world;
  while (!mails.received.includes(`eve-${asked}@orly.test`)) await mails.count(mails.received.length + 1);
  return mails.received.flatMap((to, index) => (to === address ? [textOf(mails.texts[index] as string)] : []));
}

/** Where the hub knows Bob by. */
const bobId = (): string =>
  toUuid([...hub.referential.agents()].find(({ email }) => email === 'bob@orly.test')?.id as Id);

/** Decoded as far as it is looked at: quoted-printable. */
const textOf = (mail: string): string =>
  Buffer.from(
    mail
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** Eight o'clock in Paris, of the next day from `from` on that is of the week. */
function morning(from: number, more = 0): number {
  for (let days = 1; ; days += 1) {
    const midnight = dayStart(from, days);
    const weekday = new Date(midnight + 12 * HOUR_MS).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && more-- === 0) return midnight + 8 * HOUR_MS;
  }
}

describe('an agent', () => {
  it('is told by e-mail of its invitation, with nothing but who invites', async () => {
    const [welcome, ...others] = await mailsOf('ada@orly.test');
    assert.equal(others.length, 0);
    assert.match(welcome as string, /Orly vous a ouvert un accès/);
  });

  it('wishes for each démarche how it is told', async () => {
    assert.deepEqual((await ada.get(PATH)).json, { notices: [] });
    const wish = { notices: [{ processCode: 'CERTDC', frequency: 'each' }] };
    assert.deepEqual((await ada.put(PATH, wish)).json, wish);
    assert.deepEqual((await ada.get(PATH)).json, wish);
    const unknown = { notices: [{ processCode: 'Nulle', frequency: 'each' }] };
    isProblem(await ada.put(PATH, unknown), 400, 'form-invalid');
    await bob.put(PATH, { notices: [{ processCode: 'CERTDC', frequency: 'digest' }] });
  });

  it('is told once of what came, and not at all of nothing', async () => {
    await look(Date.now() + HOUR_MS);
    assert.equal((await mailsOf('ada@orly.test')).length, 1);
    await deposit(portal.world.dgs, {});
    await deposit(portal.world.dgs, {});
    await lists.caught([`SI-${ORLY.companyRegister}-${ORLY.branchCode}`]);
    await look(Date.now() + HOUR_MS);
    await look(Date.now() + 2 * HOUR_MS);
    const mails = await mailsOf('ada@orly.test');
    assert.equal(mails.length, 2);
    assert.match(mails[1] as string, /: 2 dossiers/);
    assert.match(mails[1] as string, /aucune donnée des usagers/);
  });

  it('has one digest a working day, only when something waits', async () => {
    const first = morning(Date.now());
    await look(first - 2 * HOUR_MS);
    assert.equal((await mailsOf('bob@orly.test')).length, 1);
    await look(first);
    await look(first + HOUR_MS);
    const mails = await mailsOf('bob@orly.test');
    assert.equal(mails.length, 2);
    assert.match(mails[1] as string, /Ce matin, 2 dossiers vous attendent/);
    const { json } = await bob.get('/relais/v1/cases');
    for (const { caseId } of json.items) await bob.patch(`/teledossiers/v1/cases/${caseId}`, { status: 'DONE' });
    await lists.caught([`SI-${ORLY.companyRegister}-${ORLY.branchCode}`]);
    await look(morning(Date.now(), 1));
    assert.equal((await mailsOf('bob@orly.test')).length, 2);
  });

  it('stops all its e-mails by the link of one, without a session, and nobody else’s', async () => {
    const { texts, received } = portal.world.mails;
    const raw = texts[received.lastIndexOf('ada@orly.test')] as string;
    const header = raw.replace(/\r\n[ \t]+/g, ' ');
    assert.match(header, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const [, link = ''] =
      /^List-Unsubscribe: ?<https:\/\/portail\.test\/courriels\/arreter\/([^>]+)>\r$/m.exec(header) ?? [];
    assert.ok(textOf(raw).includes(`https://portail.test/courriels/arreter/${link}`), 'people click it too');
    const leave = (text: unknown) => portal.client.post('/relais/v1/notices/leave', { link: text });
    const flipped = link.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    const bobs = `${bobId().replaceAll('-', '')}${link.slice(32)}`;
    for (const wrong of [flipped, bobs, link.slice(1), 'x']) isProblem(await leave(wrong), 410, 'link-gone');
    for (const wrong of ['', 7, 'x'.repeat(101)]) isProblem(await leave(wrong), 400, 'form-invalid');
    assert.equal((await ada.get(PATH)).json.notices.length, 1);
    assert.equal((await leave(link)).status, 204);
    assert.deepEqual((await ada.get(PATH)).json, { notices: [] });
    assert.equal((await bob.get(PATH)).json.notices.length, 1);
    assert.equal((await leave(link)).status, 204, 'once more is no fault');
    await deposit(portal.world.dgs, {});
    await lists.caught([`SI-${ORLY.companyRegister}-${ORLY.branchCode}`]);
    const before = (await mailsOf('ada@orly.test')).length;
    await look(Date.now() + 3 * HOUR_MS);
    assert.equal((await mailsOf('ada@orly.test')).length, before);
  });

  it('is told nothing at the weekend', async () => {
    await deposit(portal.world.dgs, {});
    await lists.caught([`SI-${ORLY.companyRegister}-${ORLY.branchCode}`]);
    let sunday = dayStart(Date.now(), 8);
    while (new Date(sunday + 12 * HOUR_MS).getUTCDay() !== 0) sunday = dayStart(sunday, 1);
    await look(sunday + 8 * HOUR_MS);
    assert.equal((await mailsOf('bob@orly.test')).length, 2);
  });
});
