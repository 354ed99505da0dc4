/**
 * Contract path: complete folders per second, each POST folder, PUT one 20 kB file, PATCH completed, until listed.
 *
 * `--flows=N --seconds=S --towns=N --durability=fsync|followed|replicated|everysec`. Each flow deposits to towns of its own and then reads the town's notifications
 * with the town's token: a folder counts when its case is in that list. Authentication and validation are the
 * product's; every deposit and file is on disk before its answer.
 */
import { Cpu } from './cpu.ts';
import { Latencies, option, progress, report, spread } from './measure.ts';
import { openStage } from './stage.ts';
import { askToken } from './token.ts';
import { FILE_BYTES, PROCESS, SENDER, settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const flows = option('flows', 192);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
/** A list is read whole: a town must not gather more than this in a run. */
const LIST = 200;
const TOKENS_AT_ONCE = 64;
const MS = 1000;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, true);

  const wires = await Promise.all(Array.from({ length: flows }, () => Wire.open(product.url)));
  const senderToken = await askToken(wires[0] as Wire, sender, 'OSL');
  const tokens: string[] = [];
  const issuing = performance.now();
  const shown = progress('tokens', townCount);
  await spread(TOKENS_AT_ONCE, TOKENS_AT_ONCE, async (lane) => {
    for (let index = lane; index < townCount; index += TOKENS_AT_ONCE) {
      tokens[index] = await askToken(
        wires[lane] as Wire,
        (towns[index] as Town).client as { id: string; secret: string },
        'SI',
      );
      shown(tokens.length);
    }
  });
  const tokensPerSecond = townCount / ((performance.now() - issuing) / MS);

  const file = Buffer.alloc(FILE_BYTES, ' ');
  file.write('%PDF-1.4\n% bench\n');
  file.write('%%EOF\n', FILE_BYTES - 6);
  const json = `Authorization: Bearer ${senderToken}\r\nContent-Type: application/json\r\nAccept: application/json\r\neditorName: Banc\r\napplicationName: bench\r\nsoftwareVersion: 1\r\n`;
  const bytes = `Authorization: Bearer ${senderToken}\r\nContent-Type: application/octet-stream\r\n`;
  const latencies = new Latencies();
  const steps = { post: new Latencies(), put: new Latencies(), patch: new Latencies(), list: new Latencies() };
  const errors = new Map<string, number>();
  const started = performance.now() + warmUp * MS;
  const end = started + seconds * MS;
  let [counted, number] = [0, 0];

  const deposit = async (wire: Wire, index: number): Promise<void> => {
    const { identity } = towns[index] as Town;
    number += 1;
    const externalId = `BANC-BENCH-${String(number).padStart(13, '0')}`;
    const t0 = performance.now();
    const body = JSON.stringify({
      processCode: PROCESS,
      externalId,
      applicant: { firstName: 'Camille', lastName: 'Exemple' },
      cases: [{ externalId: `${externalId}-01`, recipient: identity }],
      attachments: [
        {
          fileName: 'demande.pdf',
          type: 'document',
          size: FILE_BYTES,
          mimeType: 'application/pdf',
          recipients: [`${externalId}-01`],
        },
      ],
    });
    const posted = await wire.send('POST', '/teledossiers/v1/folders', json, body);
    const t1 = performance.now();
    if (posted.status !== 201) return fail('POST', posted.status, posted.body);
    const folder = JSON.parse(posted.body.toString()) as {
      id: string;
      cases: { id: string }[];
      attachments: { id: string }[];
    };
    const put = await wire.send(
      'PUT',
      `/teledossiers/v1/folders/${folder.id}/attachments/${folder.attachments[0]?.id}`,
      bytes,
      file,
    );
    const t2 = performance.now();
    if (put.status !== 204) return fail('PUT', put.status, put.body);
    const patched = await wire.send(
      'PATCH',
      `/teledossiers/v1/folders/${folder.id}`,
      json,
      '{"globalStatus":"HUBEE_COMPLETED"}',
    );
    const t3 = performance.now();
    if (patched.status !== 204) return fail('PATCH', patched.status, patched.body);
    const listed = await wire.send(
      'GET',
      `/teledossiers/v1/notifications?maxResult=${LIST}`,
      `Authorization: Bearer ${tokens[index]}\r\n`,
    );
    const t4 = performance.now();
    if (listed.status !== 200 || !listed.body.includes(folder.cases[0]?.id as string))
      return fail('LIST', listed.status, listed.body);
    if (t0 < started || t4 > end) return;
    counted += 1;
    latencies.add(t4 - t0);
    steps.post.add(t1 - t0);
    steps.put.add(t2 - t1);
    steps.patch.add(t3 - t2);
    steps.list.add(t4 - t3);
  };
  const fail = (step: string, status: number, body: Buffer): void => {
    const what = `${step} ${status} ${body.toString().slice(0, 200)}`;
    errors.set(what, (errors.get(what) ?? 0) + 1);
  };

  let cpu: Cpu | undefined;
  const watching = setTimeout(() => {
    cpu = new Cpu({ product: product.pid, redis: stage.redis.pid });
  }, warmUp * MS);
  const ticking = progress('seconds', warmUp + seconds);
  const clock = setInterval(() => ticking(Math.round((performance.now() - started) / MS + warmUp)), MS);
  await Promise.all(
    wires.map(async (wire, lane) => {
      for (let index = lane; performance.now() < end; index = index + flows < townCount ? index + flows : lane)
        await deposit(wire, index);
    }),
  );
  clearInterval(clock);
  clearTimeout(watching);
  const spent = cpu?.each(counted);
  for (const wire of wires) wire.close();
  for (const [what, times] of errors) console.error(`${times} × ${what}`);
  for (const [step, times] of Object.entries(steps)) console.log(`${step.padEnd(6)} ${times}`);
  report(
    'contract',
    `${flows} flows for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns of sender ${SENDER.companyRegister}, file of ${FILE_BYTES} B; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${[...errors.values()].reduce((a, b) => a + b, 0)} errors. Processor time of one folder: ${spent}.`,
    [
      { name: 'complete folders', value: counted / seconds, unit: '/s', aim: { atLeast: 2_500 } },
      { name: 'p50, POST to listed', value: latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99, POST to listed', value: latencies.percentile(0.99), unit: 'ms', aim: { atMost: 250 } },
      { name: 'tokens', value: tokensPerSecond, unit: '/s' },
    ],
    stage.redisVersion,
  );
  await product.stop();
} finally {
  await stage.close();
}
