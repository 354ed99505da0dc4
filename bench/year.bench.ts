/**
 * A year: 5,000,000 cases in batches to 9,200 recipients by population, read by feed and acknowledged by cursor.
 *
 * `--cases=N` a sample, `--contract=N` as many more by the contract's calls (a tenth), `--poll=S` seconds between two looks of a
 * town, `--towns=N --connections=N --window=LINES --file=BYTES --flows=N`. Timed from the first line sent to the last acknowledgement;
 * every case must be read once, in the order of its feed. The contract's part has a sender and towns of its own, and is
 * timed apart: POST, PUT, PATCH, list, file, event, DELETE of the notification.
 */
import { execFileSync } from 'node:child_process';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { Cpu, peakMemory } from './cpu.ts';
import { Filing, treat } from './filing.ts';
import { influx } from './influx.ts';
import { Ledger } from './ledger.ts';
import { repeatsOf } from './lot.ts';
import { option, progress, spread } from './measure.ts';
import { Patience } from './patience.ts';
import { Population } from './population.ts';
import { Readers } from './readers.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { Timeline } from './timeline.ts';
import { tokenOf } from './token.ts';
import { townTokens } from './tokens.ts';
import { type Country, settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const WHOLE = 5_000_000;
const cases = option('cases', WHOLE);
const filed = option('contract', Math.round(cases / 10));
const townCount = option('towns', 9_200);
const poll = option('poll', 30);
const connections = option('connections', 8);
const window = option('window', 500);
const fileBytes = option('file', 300);
const flows = option('flows', 192);
const READERS = 32;
const AIM_S = 360;
const AIM_BYTES = 2_000;
const AIM_MB = 512;
const MIB = 1024 ** 2;
const KIB = 1024;
const MS = 1_000;
const SECOND: Country = {
  sender: { type: 'OSL', companyRegister: '13000000000024', branchCode: '00000' },
  process: 'BENCH2',
  from: townCount,
};

const stage = await openStage();
const redis = connect(stage.redis.url, (error) => console.error(error.message));
const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
const onDisk = (): number => Number.parseInt(execFileSync('du', ['-sk', stage.folder], { encoding: 'utf8' }), 10) * KIB;
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, true);
  const others = await settle(hub, stage.config.masterKey, Math.ceil(townCount / 10), true, SECOND);
  const tokens = await townTokens(product.url, towns);
  const theirTokens = await townTokens(product.url, others.towns);
  const token = await tokenOf(product.url, sender, 'OSL');
  const [emptyMemory, emptyDisk] = [await used(), onDisk()];
  const ledger = new Ledger();
  const readers = await Readers.open(product.url, tokens, READERS, ledger);

  const population = new Population(townCount);
  const cpu = new Cpu({ product: product.pids, redis: stage.redisPids });
  const begun = performance.now();
  const timeline = new Timeline(begun);
  const reading = readers.run(poll);
  const { answered, refused, repeats } = await influx({
    name: 'year',
    url: product.url,
    token,
    connections,
    window,
    cases,
    fileBytes,
    towns,
    population,
    ledger,
    timeline,
  });
  const poured = (performance.now() - begun) / MS;
  readers.stop();
  await reading;
  await readers.drain();
  const seconds = (performance.now() - begun) / MS;
  const spent = cpu.each(answered);
  readers.close();
  const { lost, surplus, reordered } = ledger;
  const [memory, disk] = [await used(), onDisk()];

  const patience = new Patience();
  const filing = new Filing(await tokenOf(product.url, others.sender, 'OSL'), SECOND.process, patience);
  const theirs = new Population(others.towns.length);
  const wires = await Promise.all(Array.from({ length: flows }, () => Wire.open(product.url)));
  const filedShown = progress('cases by the contract', filed);
  const fileCpu = new Cpu({ product: product.pids, redis: stage.redisPids });
  const filingBegun = performance.now();
  let [treated, failed] = [0, 0];
  await spread(filed, flows, async (index) => {
    const wire = wires.pop() as Wire;
    const town = theirs.of(index);
    const mine = theirTokens[town] as string;
    const one = await filing.file(wire, others.towns[town] as Town, mine);
    if (one !== undefined && (await treat(wire, one, mine, patience))) treated += 1;
    else failed += 1;
    filedShown(treated);
    wires.push(wire);
  });
  const filingSeconds = (performance.now() - filingBegun) / MS;
  const fileSpent = fileCpu.each(treated);
  for (const wire of wires) wire.close();
  const after = await used();
  const latencies = timeline.all();
  const whole = cases === WHOLE;
  report(
    'year',
    `${cases} cases in batches to ${townCount} recipients by population, file of ${fileBytes} B, each town reading its feed every ${poll} s and acknowledging page by page (${readers.polls} polls, ${readers.pages} acknowledgements), poured in ${poured.toFixed(1)} s; then ${filed} by the contract's calls over ${flows} connections, file of 20 kB; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${lost} lost, ${surplus} doubled, ${reordered} out of order, ${readers.gaps} gaps in feeds, ${refused + failed} refused; refused for now and repeated: ${repeatsOf(repeats)}, ${readers.repeated} polls and acknowledgements, ${patience.repeated} calls of the contract. Processor time of one case by batch: ${spent}; by the contract: ${fileSpent}.`,
    [
      {
        name: whole ? 'poured, read and acknowledged in' : `${cases} poured, read and acknowledged in`,
        value: seconds,
        unit: 's',
        ...(whole && { aim: { atMost: AIM_S } }),
      },
      { name: 'cases', value: answered / seconds, unit: '/s', aim: { atLeast: WHOLE / AIM_S } },
      { name: 'p99, line to answer', value: latencies.percentile(0.99), unit: 'ms' },
      {
        name: 'Redis a case, acknowledged',
        value: (memory - emptyMemory) / answered,
        unit: 'B',
        aim: { atMost: AIM_BYTES },
      },
      { name: 'disk a case: Redis’ files, journals, attachments', value: (disk - emptyDisk) / answered, unit: 'B' },
      { name: 'by the contract, seven calls each', value: treated / filingSeconds, unit: '/s' },
      {
        name: 'Redis a case by the contract, one event',
        value: (after - memory) / treated,
        unit: 'B',
        aim: { atMost: AIM_BYTES },
      },
      {
        name: 'most memory of the product’s process',
        value: peakMemory(product.pid) / MIB,
        unit: 'MB',
        aim: { atMost: AIM_MB },
      },
      { name: 'most memory of the load generator', value: peakMemory(process.pid) / MIB, unit: 'MB' },
    ],
    stage.redisVersion,
    timeline.series(),
  );
  if (lost + surplus + reordered + readers.gaps + refused + failed > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await disconnect(redis);
  await stage.close();
}
