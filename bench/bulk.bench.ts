/**
 * Batches: folders per second by POST /relais/v1/folders:batch, each line with its key and a small file, until delivered.
 *
 * `--connections=N --window=LINES --seconds=S --towns=N --file=BYTES`. Each connection keeps a window of lines
 * unanswered; latency is from a line's sending to its answer. At the end every mailbox is read, and each answered case
 * must be there once.
 */
import { connect } from 'node:net';
import { Cpu } from './cpu.ts';
import { compare, readBack } from './delivered.ts';
import { Latencies, option, progress } from './measure.ts';
import { depositBody } from './native.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { settle, type Town } from './town.ts';

const connections = option('connections', 8);
const window = option('window', 500);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
const fileBytes = option('file', 300);
const MS = 1000;
/** Lines written at once. */
const GROUP = 50;
const HEX = 16;

interface Answer {
  idempotencyKey: string;
  status: number;
  cases: [{ id: string }];
}

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const bodies = depositBody(fileBytes);
  const latencies = new Latencies();
  const answered = new Map<number, string[]>();
  const errors = new Map<string, number>();
  const started = performance.now() + warmUp * MS;
  const end = started + seconds * MS;
  let [counted, serial] = [0, 0];

  const take = (text: string, sent: Map<string, [town: number, at: number]>): void => {
    const now = performance.now();
    const answer = JSON.parse(text) as Answer;
    const [town, at] = sent.get(answer.idempotencyKey) ?? [0, 0];
    sent.delete(answer.idempotencyKey);
    if (answer.status !== 201) {
      const what = text.slice(0, 300);
      errors.set(what, (errors.get(what) ?? 0) + 1);
      return;
    }
    const told = answered.get(town);
    if (told) told.push(answer.cases[0].id);
    else answered.set(town, [answer.cases[0].id]);
    if (at < started || now > end) return;
    counted += 1;
    latencies.add(now - at);
  };

  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const { hostname, port, host } = new URL(product.url);
      const sent = new Map<string, [number, number]>();
      const socket = connect(Number(port), hostname);
      let [rest, ended] = ['', false];
      socket.setEncoding('utf8');
      socket.setNoDelay(true);
      const fill = (): void => {
        if (ended) return;
        while (performance.now() < end && sent.size + GROUP <= window) {
          let text = '';
          for (let n = 0; n < GROUP; n += 1) {
            serial += 1;
            const [key, town] = [`bulk-${process.pid}-${serial}`, serial % townCount];
            sent.set(key, [town, performance.now()]);
            text += `${bodies((towns[town] as Town).identity, `"idempotencyKey":"${key}",`)}\n`;
          }
          socket.write(`${Buffer.byteLength(text).toString(HEX)}\r\n${text}\r\n`);
        }
        if (performance.now() >= end) {
          ended = true;
          socket.write('0\r\n\r\n');
        }
      };
      socket.on('connect', () => {
        socket.write(
          `POST /relais/v1/folders:batch HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        fill();
      });
      socket.on('data', (chunk: string) => {
        // lines of an answer begin with a brace, the chunks' sizes and the head do not
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() as string;
        for (const line of lines) if (line.startsWith('{')) take(line, sent);
        if (ended && sent.size === 0) socket.destroy();
        else fill();
      });
      socket.on('error', reject);
      socket.on('close', () =>
        sent.size === 0 ? resolve() : reject(new Error(`closed with ${sent.size} lines unanswered`)),
      );
    });

  let cpu: Cpu | undefined;
  const watching = setTimeout(() => {
    cpu = new Cpu({ product: product.pid, redis: stage.redis.pid });
  }, warmUp * MS);
  const ticking = progress('seconds', warmUp + seconds);
  const clock = setInterval(() => ticking(Math.round((performance.now() - started) / MS + warmUp)), MS);
  await Promise.all(Array.from({ length: connections }, run));
  clearInterval(clock);
  clearTimeout(watching);
  const spent = cpu?.each(counted);
  for (const [what, times] of errors) console.error(`${times} × ${what}`);
  const { lost, doubled, delivered } = compare(answered, await readBack(hub, towns), false);
  const all = [...answered.values()].reduce((sum, { length }) => sum + length, 0);
  report(
    'bulk',
    `${connections} connections of ${window} unanswered lines for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns, file of ${fileBytes} B; one process \`hub start\`, Redis and load generator on the same cores, appendfsync always. ${all} answered, ${delivered} read back: ${lost} lost, ${doubled} doubled; ${[...errors.values()].reduce((a, b) => a + b, 0)} errors. Processor time of one folder: ${spent}.`,
    [
      { name: 'folders delivered', value: counted / seconds, unit: '/s', aim: { atLeast: 20_000 } },
      { name: 'p50, line to answer', value: latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99, line to answer', value: latencies.percentile(0.99), unit: 'ms', aim: { atMost: 1_000 } },
    ],
    stage.redisVersion,
  );
  if (lost + doubled > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
