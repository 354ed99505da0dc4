/**
 * Deposits in one call: POST /relais/v1/folders per second, each with its key and a small file, until it is delivered.
 *
 * `--connections=N --seconds=S --towns=N --file=BYTES`. Each connection deposits to towns of its own; at the end every
 * mailbox is read, and each answered case must be there once, in order. Authentication, validation and
 * `appendfsync always` are the product's.
 */
import { randomUUID } from 'node:crypto';
import { Cpu } from './cpu.ts';
import { compare, readBack } from './delivered.ts';
import { Latencies, option, progress, report } from './measure.ts';
import { depositBody } from './native.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const connections = option('connections', 400);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
const fileBytes = option('file', 300);
const MS = 1000;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const wires = await Promise.all(Array.from({ length: connections }, () => Wire.open(product.url)));
  const bodies = depositBody(fileBytes);
  const fixed = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const latencies = new Latencies();
  const answered = new Map<number, string[]>();
  const errors = new Map<string, number>();
  const started = performance.now() + warmUp * MS;
  const end = started + seconds * MS;
  let counted = 0;

  const deposit = async (wire: Wire, town: number): Promise<void> => {
    const body = bodies((towns[town] as Town).identity);
    const t0 = performance.now();
    const answer = await wire.send('POST', '/relais/v1/folders', `${fixed}Idempotency-Key: ${randomUUID()}\r\n`, body);
    const t1 = performance.now();
    if (answer.status !== 201) {
      const what = `${answer.status} ${answer.body.toString().slice(0, 300)}`;
      errors.set(what, (errors.get(what) ?? 0) + 1);
      return;
    }
    const { cases } = JSON.parse(answer.body.toString()) as { cases: [{ id: string }] };
    const told = answered.get(town);
    if (told) told.push(cases[0].id);
    else answered.set(town, [cases[0].id]);
    if (t0 < started || t1 > end) return;
    counted += 1;
    latencies.add(t1 - t0);
  };

  let cpu: Cpu | undefined;
  const watching = setTimeout(() => {
    cpu = new Cpu({ product: product.pid, redis: stage.redis.pid });
  }, warmUp * MS);
  const ticking = progress('seconds', warmUp + seconds);
  const clock = setInterval(() => ticking(Math.round((performance.now() - started) / MS + warmUp)), MS);
  await Promise.all(
    wires.map(async (wire, lane) => {
      for (let town = lane; performance.now() < end; town = town + connections < townCount ? town + connections : lane)
        await deposit(wire, town);
    }),
  );
  clearInterval(clock);
  clearTimeout(watching);
  const spent = cpu?.each(counted);
  for (const wire of wires) wire.close();
  for (const [what, times] of errors) console.error(`${times} × ${what}`);
  const { lost, doubled, reordered, delivered } = compare(answered, await readBack(hub, towns), true);
  const all = [...answered.values()].reduce((sum, { length }) => sum + length, 0);
  report(
    'deposit',
    `${connections} connections for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns, file of ${fileBytes} B; one process \`hub start\`, Redis and load generator on the same cores, appendfsync always. ${all} answered, ${delivered} read back: ${lost} lost, ${doubled} doubled, ${reordered} towns out of order; ${[...errors.values()].reduce((a, b) => a + b, 0)} errors. Processor time of one deposit: ${spent}.`,
    [
      { name: 'deposits delivered', value: counted / seconds, unit: '/s', aim: { atLeast: 12_000 } },
      { name: 'p50', value: latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99', value: latencies.percentile(0.99), unit: 'ms', aim: { atMost: 150 } },
    ],
    stage.redisVersion,
  );
  if (lost + doubled + reordered > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
