/**
 * Batches: folders per second by POST /relais/v1/folders:batch, each line with its key and a small file, until delivered.
 *
 * `--connections=N --window=LINES --seconds=S --warm-up=S --towns=N --file=BYTES --rate=N`. Each connection keeps a window of lines
 * unanswered; latency is from a line's sending to its answer, with `--rate` from when it was due. At the end every mailbox is
 * read, and each answered case must be there once, after those that were answered before it was sent.
 */
import { Cpu, peakMemory } from './cpu.ts';
import { readBack } from './delivered.ts';
import { Ledger } from './ledger.ts';
import { type Line, pour, repeatsOf } from './lot.ts';
import { option, progress } from './measure.ts';
import { depositBody } from './native.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { Timeline } from './timeline.ts';
import { tokenOf } from './token.ts';
import { settle, type Town } from './town.ts';

const connections = option('connections', 8);
const window = option('window', 500);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
const fileBytes = option('file', 300);
const rate = option('rate', 0);
const MS = 1_000;
const MB = 1_048_576;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const bodies = depositBody(fileBytes);
  const ledger = new Ledger();
  const from = performance.now();
  const started = from + warmUp * MS;
  const end = started + seconds * MS;
  const timeline = new Timeline(started);
  let [counted, serial, answered, refused, atEnd] = [0, 0, 0, 0, 0];
  const next = (): Line | 'later' | undefined => {
    const now = performance.now();
    const due = rate === 0 ? now : from + (serial * MS) / rate;
    if ((rate === 0 ? now : due) >= end) return undefined;
    if (due > now) return 'later';
    serial += 1;
    const [key, town] = [`bulk-${process.pid}-${serial}`, serial % townCount];
    return { key, town, due, text: bodies((towns[town] as Town).identity, `"idempotencyKey":"${key}",`) };
  };
  let [cpu, spent, memory]: [Cpu | undefined, string, number] = [undefined, '', 0];
  const timers = [
    setTimeout(() => {
      cpu = new Cpu({ product: product.pids, redis: stage.redisPids });
    }, warmUp * MS),
    setTimeout(() => {
      spent = cpu?.each(counted) ?? '';
      memory = peakMemory(product.pid);
      atEnd = (rate === 0 ? serial : rate * (warmUp + seconds)) - answered - refused;
    }, end - from),
  ];
  const ticking = progress('seconds', warmUp + seconds);
  const clock = setInterval(() => ticking(Math.round((performance.now() - from) / MS)), MS);
  const repeats = await pour({
    url: product.url,
    token,
    connections,
    window,
    next,
    delivered({ due, town }, id, now) {
      answered += 1;
      ledger.answered(id, town, due, now);
      if (due < started) return;
      if (now <= end) counted += 1;
      if (now <= end || rate > 0) timeline.add(now - due, now);
    },
    refused(text) {
      refused += 1;
      console.error(text);
    },
  });
  clearInterval(clock);
  for (const timer of timers) clearTimeout(timer);
  for (const [town, ids] of (await readBack(hub, towns)).entries()) for (const id of ids) ledger.seen(id, town);
  const { lost, surplus, reordered, matched } = ledger;
  const latencies = timeline.all();
  report(
    'bulk',
    `${connections} connections of ${window} unanswered lines${rate === 0 ? '' : `, open loop of ${rate}/s`} for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns, file of ${fileBytes} B; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${answered} answered, ${matched} read back: ${lost} lost, ${surplus} doubled, ${reordered} out of order; ${refused} refused, ${repeatsOf(repeats)}. Processor time of one folder: ${spent}. Product’s memory at most: ${Math.round(memory / MB)} MB.`,
    [
      { name: 'folders delivered', value: counted / seconds, unit: '/s', aim: { atLeast: 20_000 } },
      { name: 'p50, line to answer', value: latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99, line to answer', value: latencies.percentile(0.99), unit: 'ms', aim: { atMost: 1_000 } },
      { name: 'backlog at the end', value: (atEnd * seconds) / counted, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    timeline.series().slice(0, seconds),
  );
  if (lost + surplus + reordered > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
