/**
 * Hot: status events per second of which one sender receives 95 %: its mailbox is one actor in one partition.
 *
 * `--connections=N --cases=N --towns=N --seconds=S --warm-up=S --rate=N`. Towns POST events that change their cases' statuses, each
 * case on one connection; the rest go to another sender. At the end both mailboxes are read: each answered event must be there
 * once, those of a case in order. `--rate`: an open loop.
 */
import { derive, KIND, toUuid } from '#engine/domain/ids.ts';
import { type OrganizationId, orgKey } from '#engine/domain/organization.ts';
import { compare, readBox } from './delivered.ts';
import { drive } from './load.ts';
import { option, progress, spread } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { townTokens } from './tokens.ts';
import { type Country, FIRST, folderCommands, settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const lanes = option('connections', 1_000);
const cases = option('cases', 50_000);
const townCount = option('towns', 2_000);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const rate = option('rate', 0);
/** One case in so many is another sender's. */
const COLD = 20;
const AT_ONCE = 1_000;
const SHOWN = 200;
const OTHER: OrganizationId = { type: 'OSL', companyRegister: '13000000000024', branchCode: '00000' };
const SECOND: Country = { sender: OTHER, process: 'BENCH2', from: townCount };
const STATUSES = ['IN_PROGRESS', 'DONE'] as const;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { towns: hot } = await settle(hub, stage.config.masterKey, townCount, true);
  const { towns: cold } = await settle(hub, stage.config.masterKey, Math.ceil(townCount / COLD), true, SECOND);
  const tokens = { hot: await townTokens(product.url, hot), cold: await townTokens(product.url, cold) };
  const ids: { id: string; token: string }[] = [];
  const shown = progress('cases', cases);
  let made = 0;
  await spread(cases, AT_ONCE, async (index) => {
    const isCold = index % COLD === 0;
    const [towns, theirs, country] = isCold ? [cold, tokens.cold, SECOND] : [hot, tokens.hot, FIRST];
    const town = index % towns.length;
    const folder = folderCommands(hub, (towns[town] as Town).key, index, country);
    for (const command of [folder.create, folder.upload, folder.complete]) await hub.ask(folder.home, command);
    const id = toUuid(derive(folder.folder, KIND.case, folder.home, 0));
    ids[index] = { id, token: theirs[town] as string };
    made += 1;
    shown(made);
  });
  const wires = await Promise.all(Array.from({ length: lanes }, () => Wire.open(product.url)));
  const next = wires.map((_, lane) => lane % cases);
  const round = new Uint8Array(cases);
  const answered = new Map<number, string[]>();
  const tell = async (lane: number): Promise<boolean> => {
    const index = next[lane] as number;
    next[lane] = index + lanes < cases ? index + lanes : lane % cases;
    const { id, token } = ids[index] as { id: string; token: string };
    const [from, to] = [
      round[index] === 0 ? 'SENT' : STATUSES[(round[index] as number) % 2],
      STATUSES[((round[index] as number) + 1) % 2],
    ];
    const body = `{"actionType":"STATUS_UPDATE","notification":true,"caseCurrentStatus":"${from}","caseNewStatus":"${to}"}`;
    const headers = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    const answer = await (wires[lane] as Wire).send('POST', `/teledossiers/v1/cases/${id}/events`, headers, body);
    if (answer.status !== 201) {
      console.error(`${answer.status} ${answer.body.toString().slice(0, SHOWN)}`);
      return false;
    }
    round[index] = ((round[index] as number) % 2) + 1;
    const { id: event } = JSON.parse(answer.body.toString()) as { id: string };
    const told = answered.get(index);
    if (told) told.push(event);
    else answered.set(index, [event]);
    return true;
  };
  const run = await drive({ lanes, seconds, warmUp, rate }, tell, { product: product.pids, redis: stage.redisPids });
  for (const wire of wires) wire.close();
  const places = new Map(ids.map(({ id }, index) => [id, index]));
  const found: string[][] = ids.map(() => []);
  for (const { sender, process } of [FIRST, SECOND])
    for (const { case: id, event } of await readBox(hub, orgKey(sender), process))
      if (event !== null) found[places.get(toUuid(id)) as number]?.push(toUuid(event));
  const { lost, doubled, reordered, delivered } = compare(answered, found, true);
  const part = [...answered].reduce((sum, [index, events]) => sum + (index % COLD === 0 ? 0 : events.length), 0);
  report(
    'hot',
    `${run.words} for ${seconds} s after ${warmUp} s of warm-up, POST of events by ${townCount} towns over ${cases} cases; ${((part / delivered) * 100).toFixed(0)} % to one sender; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${delivered} read back: ${lost} lost, ${doubled} doubled, ${reordered} cases out of order; ${run.errors} errors. Processor time of one event: ${run.spent}.`,
    [
      { name: 'status events delivered', value: run.perSecond, unit: '/s', aim: { atLeast: 8_000 } },
      { name: 'p50', value: run.latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99', value: run.latencies.percentile(0.99), unit: 'ms' },
      { name: 'backlog at the end', value: run.backlog, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    run.series,
  );
  if (lost + doubled + reordered > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
