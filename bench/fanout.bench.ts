/**
 * Fan-out: one folder to 4,030 recipients, until all of them can read it.
 *
 * `--recipients=N --folders=N`. POST /relais/v1/folders with one small file, one folder after the other. The answer says that it is
 * delivered: right after it every mailbox is read, and must hold the case, once.
 */
import { randomUUID } from 'node:crypto';
import { Cpu } from './cpu.ts';
import { readBack } from './delivered.ts';
import { Latencies, option, progress } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { PROCESS, settle } from './town.ts';
import { Wire } from './wire.ts';

const recipients = option('recipients', 4_030);
const folders = option('folders', 10);
/** Deposited before, to a few: the first folder's figure is not that of code never run before. */
const WARM_UP = 3;
const S = 1_000;
const AIM_S = 0.5;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, recipients, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const fixed = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const content = Buffer.from('%PDF-1.4\n% bench\n').toString('base64');
  const attachments = [{ fileName: 'avis.pdf', type: 'document', mimeType: 'application/pdf', content }];
  const wire = await Wire.open(product.url);
  let number = 0;
  const deposit = async (count: number): Promise<{ ms: number; ids: string[] }> => {
    number += 1;
    const externalId = `BANC-FANOUT-${number}`;
    const cases = towns
      .slice(0, count)
      .map(({ identity }, index) => ({ externalId: `${externalId}-${index}`, recipient: identity }));
    const applicant = { firstName: 'Camille', lastName: 'Exemple' };
    const body = JSON.stringify({ processCode: PROCESS, externalId, applicant, cases, attachments });
    const t0 = performance.now();
    const answer = await wire.send('POST', '/relais/v1/folders', `${fixed}Idempotency-Key: ${randomUUID()}\r\n`, body);
    const ms = performance.now() - t0;
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`);
    return { ms, ids: (JSON.parse(answer.body.toString()) as { cases: { id: string }[] }).cases.map(({ id }) => id) };
  };
  for (let folder = 0; folder < WARM_UP; folder += 1) await deposit(recipients);
  const cpu = new Cpu({ product: product.pids, redis: stage.redisPids });
  const times = new Latencies();
  const shown = progress('folders', folders);
  let wrong = 0;
  for (let folder = 1; folder <= folders; folder += 1) {
    const { ms, ids } = await deposit(recipients);
    times.add(ms);
    const found = await readBack(hub, towns);
    for (const [index, id] of ids.entries()) {
      const boxed = found[index] ?? [];
      if (boxed.at(-1) !== id || boxed.length !== WARM_UP + folder || new Set(boxed).size !== boxed.length) wrong += 1;
    }
    shown(folder);
  }
  wire.close();
  const spent = cpu.each(folders * recipients);
  report(
    'fanout',
    `${folders} folders of ${recipients} recipients, one after the other, after ${WARM_UP} before; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. Every mailbox read right after each answer: ${wrong} wrong. Processor time of one case, reading it back included: ${spent}.`,
    [
      { name: 'until all can read it, median', value: times.percentile(0.5) / S, unit: 's', aim: { atMost: AIM_S } },
      { name: 'longest', value: times.percentile(1) / S, unit: 's', aim: { atMost: AIM_S } },
      { name: 'cases of one folder', value: (recipients * S) / times.percentile(0.5), unit: '/s' },
    ],
    stage.redisVersion,
  );
  if (wrong > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
