/**
 * Push: an open loop of deposits, and how long after each was due its frame comes by WebSocket.
 *
 * `--rate=N --connections=N --seconds=S --warm-up=S`. One connection a town, each acknowledging every frame. A deposit
 * that waits for a free connection counts from when it was due.
 */
import { option } from './measure.ts';
import { pushRun, pushStage } from './pushing.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';

const rate = option('rate', 1_000);
const connections = option('connections', 500);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);

const stage = await openStage();
try {
  const country = await pushStage(stage, connections);
  const { latencies, answers, deposits, errors, lost, spent } = await pushRun(country, {
    rate,
    seconds,
    warmUp,
    stuck: 0,
  });
  report(
    'push',
    `${rate} deposits a second for ${seconds} s after ${warmUp} s of warm-up, open loop, POST /relais/v1/folders with a file of 300 B; ${connections} WebSockets, one a town; one process \`hub start\`, Redis and load generator on the same cores, appendfsync always. ${deposits} answered, ${lost} never told of, ${errors} errors. Due to frame: ${latencies}. Due to answer: ${answers}. Processor time of one deposit: ${spent}.`,
    [
      { name: 'p50, due to frame', value: latencies.percentile(0.5), unit: 'ms', aim: { atMost: 6 } },
      { name: 'p99, due to frame', value: latencies.percentile(0.99), unit: 'ms', aim: { atMost: 25 } },
    ],
    stage.redisVersion,
  );
  if (lost > 0) process.exitCode = 1;
} finally {
  await stage.close();
}
