/**
 * The agents' portal: pages of 12,500 signed-in agents of 8,000 towns, beside deposits, driven by autocannon.
 *
 * `--rate=N` pages a second (two lists, two cases, one acknowledgement, and again), `--deposits=N` a second, `--seconds=S --warm-up=S`,
 * `--agents=N --towns=N --cases=N` of each town, `--open=N` of the largest one, `--lists=N` looks at that one's lists afterwards. The
 * portal is a process of its own; sessions are opened in the store the API reads, by what it does itself after a sign-in.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { signedIn } from './agents.ts';
import { Cpu, peakMemory } from './cpu.ts';
import { compare, readBack } from './delivered.ts';
import { Depositing } from './depositing.ts';
import { drive } from './load.ts';
import { Latencies, option } from './measure.ts';
import { KINDS, listPath, Pages } from './pages.ts';
import { report } from './results.ts';
import { ADMIN, openStage } from './stage.ts';
import { stock } from './stock.ts';
import { askToken, tokenOf } from './token.ts';
import { settle } from './town.ts';
import { Wire } from './wire.ts';

const rate = option('rate', 250);
const deposits = option('deposits', 500);
const seconds = option('seconds', 300);
const warmUp = option('warm-up', 10);
const agentCount = option('agents', 12_500);
const townCount = option('towns', 8_000);
const cases = option('cases', 4);
const open = option('open', 10_000);
const lists = option('lists', 200);
/** Connections of the depositors: each is used every other second, for one that is idle is closed. */
const lanes = Math.min(128, 2 * deposits);
/** One agent in so many works for the largest town. */
const LARGEST = 250;
const AIM_PAGE_MS = 500;
const AIM_LIST_MS = 200;
const AIM_MB = 512;
/** Of a rate that is offered, what must be done: the last second's is under way when the time is over. */
const NEARLY = 0.98;
const MIB = 1024 ** 2;
const CAUGHT_UP_TRIES = 300;
const LOOK_MS = 1_000;

// Nobody signs in while it runs: no provider is ever asked.
Object.assign(process.env, {
  HUB_OIDC_ISSUER: 'http://127.0.0.1:9',
  HUB_OIDC_CLIENT_ID: 'bench',
  HUB_OIDC_CLIENT_SECRET: 'a-secret-of-the-benchmarks-only',
});
const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, true);
  const token = await tokenOf(product.url, sender, 'OSL');
  const wire = await Wire.open(product.url);
  const admin = await askToken(wire, ADMIN, 'ADMIN');
  const json = `Authorization: Bearer ${admin}\r\nContent-Type: application/json\r\n`;
  const made = await wire.send('POST', '/admin/v1/clients', json, '{"scope":"PORTAL"}');
  if (made.status !== 201) throw new Error(`client of the portal: ${made.status} ${made.body}`);
  wire.close();
  const { clientId, clientSecret } = JSON.parse(made.body.toString()) as { clientId: string; clientSecret: string };
  const portal = await stage.start('portal', {
    HUB_API_URL: product.url,
    HUB_PORTAL_CLIENT_ID: clientId,
    HUB_PORTAL_CLIENT_SECRET: clientSecret,
    HUB_PORTAL_PORT: '0',
    HUB_PORTAL_FILES_PORT: '0',
    HUB_PORTAL_SPOOL: `${stage.folder}/spool`,
  });
  const answered = await stock({ url: product.url, token, towns, each: cases, largest: open });
  const agents = await signedIn(hub, towns, agentCount, (nth) => (nth % LARGEST === 0 ? 0 : nth % townCount));
  await caughtUp(open);

  const warming = new Pages(portal.url, agents, false);
  await warming.run(rate, warmUp);
  const depositing = await Depositing.open({ url: product.url, token, towns, lanes, fileBytes: 300 });
  const pages = new Pages(portal.url, agents, true);
  const cpu = new Cpu({ product: product.pids, portal: portal.pid, redis: stage.redisPids });
  const [perSecond, beside] = await Promise.all([
    pages.run(rate, seconds),
    drive({ lanes, rate: deposits, seconds, warmUp: 0 }, (lane) => depositing.one(lane), {}),
  ]);
  const spent = cpu.each(pages.all.count);
  depositing.close();

  const largest = new Latencies();
  const cookie = `relais-session=${agents.find(({ town }) => town === 0)?.secret}`;
  const own = await Wire.open(portal.url);
  for (let n = 0; n < lists; n += 1) {
    const began = performance.now();
    const { status } = await own.send('GET', listPath(n), `Cookie: ${cookie}\r\nAccept: text/html\r\n`);
    if (status !== 200) throw new Error(`${listPath(n)}: ${status}`);
    largest.add(performance.now() - began);
  }
  own.close();

  for (const [town, ids] of depositing.answered) answered.set(town, [...(answered.get(town) ?? []), ...ids]);
  const { lost, doubled } = compare(answered, await readBack(hub, towns), false);
  const conflicts = warming.conflicts + pages.conflicts;
  const kinds = KINDS.map((kind) => `${kind} ${pages.latencies[kind].count}: ${pages.latencies[kind]}`).join('; ');
  report(
    'portal',
    `${agentCount} agents with a session each, of ${townCount} towns with ${cases} cases each, the largest with ${open}; ${rate} pages a second from autocannon for ${seconds} s after ${warmUp} s of warm-up, in turn two lists, two cases, one acknowledgement, beside ${deposits} deposits a second, an open loop; one process \`hub start\`, one \`--role=portal\`, Redis and load generator on the same cores, ${stage.durability}. ${kinds}. ${conflicts} times a colleague had been quicker. Deposits: ${beside.latencies}, ${beside.errors} errors, ${lost} lost, ${doubled} doubled. Processor time of one page with what was deposited beside it: ${spent}.`,
    [
      { name: 'pages', value: perSecond, unit: '/s', aim: { atLeast: NEARLY * rate } },
      { name: 'p95 of a page', value: pages.all.percentile(0.95), unit: 'ms', aim: { atMost: AIM_PAGE_MS } },
      { name: 'p50 of a page', value: pages.all.percentile(0.5), unit: 'ms' },
      ...KINDS.map((kind) => ({
        ...{ name: `p95 of a ${kind}`, value: pages.latencies[kind].percentile(0.95), unit: 'ms' },
        aim: { atMost: AIM_PAGE_MS },
      })),
      { name: 'pages refused or failed', value: pages.errors, unit: '', aim: { atMost: 0 } },
      { name: 'deposits beside', value: beside.perSecond, unit: '/s', aim: { atLeast: NEARLY * deposits } },
      { name: 'backlog of deposits at the end', value: beside.backlog, unit: 's', aim: { atMost: 1 } },
      {
        ...{ name: `p95 of a list of the town with ${open} open cases, alone`, value: largest.percentile(0.95) },
        ...{ unit: 'ms', aim: { atMost: AIM_LIST_MS } },
      },
      memoryOf('the product’s process', product.pid),
      memoryOf('the portal’s process', portal.pid),
    ],
    stage.redisVersion,
    beside.series,
  );
  if (pages.errors + beside.errors + lost + doubled > 0) process.exitCode = 1;
  await portal.stop();
  await product.stop();

  /** The lists show what was deposited, by the software of the largest town and of the last one. */
  async function caughtUp(wanted: number): Promise<void> {
    // One that was idle for so long has been closed.
    const on = await Wire.open(product.url);
    for (const [town, count] of [
      [towns[0], wanted],
      [towns.at(-1), cases],
    ] as const) {
      const bearer = await askToken(on, town?.client as { id: string; secret: string }, 'SI');
      for (let tried = 0; ; tried += 1) {
        const { body } = await on.send('GET', '/relais/v1/cases?view=all', `Authorization: Bearer ${bearer}\r\n`);
        const { total } = JSON.parse(body.toString()) as { total?: { count: number } };
        if ((total?.count ?? 0) >= count) break;
        if (tried === CAUGHT_UP_TRIES) throw new Error(`the lists have ${total?.count} of ${count} cases: ${body}`);
        await pause(LOOK_MS);
      }
    }
    on.close();
  }
} finally {
  await stage.close();
}

function memoryOf(what: string, pid: number) {
  return { name: `most memory of ${what}`, value: peakMemory(pid) / MIB, unit: 'MB', aim: { atMost: AIM_MB } };
}
